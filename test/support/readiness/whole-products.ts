import type { Evidence, QuestionName } from '../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../src/readiness/http/exchange.ts'
import { discovered } from './discovery.ts'
import { answered, evidenceOf } from './evidence.ts'
import { OPS } from './ops.ts'

/*
 * Homeservers together with the OP behind them, or with one that was named beside them: all that is known of what each
 * answers (docs/reference/readiness.md). Of Tuwunel, Dendrite, continuwuity, Okta and Auth0 no server was ever asked.
 */

type Asked = Readonly<Partial<Record<QuestionName, Exchange>>>

/** Each homeserver lets every origin send its token, by any method. */
const PREFLIGHT = answered(204, '', {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization, Date',
})

const UNRECOGNIZED = answered(404, discovered('synapse-404-unrecognized'))
const TAKEN = answered(200, { available: true })
const server = (name: string, version: string): Exchange => answered(200, { server: { name, version } })
const UNKNOWN_TOKEN = answered(401, { errcode: 'M_UNKNOWN_TOKEN', error: 'Unknown token' })

const SYNAPSE: Asked = {
  wellKnownClient: answered(200, discovered('synapse-well-known-client')),
  versions: answered(200, discovered('synapse-1.163-versions')),
  serverVersion: server('Synapse', '1.163.2'),
  metadataStable: UNRECOGNIZED,
  metadataUnstable: UNRECOGNIZED,
  authIssuer: UNRECOGNIZED,
  login: answered(200, discovered('synapse-login-flows-password')),
  logout: UNKNOWN_TOKEN,
  refresh: answered(401, { errcode: 'M_UNKNOWN_TOKEN', error: 'refresh token isn’t valid anymore' }),
  registerAvailable: answered(403, { errcode: 'M_FORBIDDEN', error: 'Registration has been disabled' }),
  whoami: answered(401, discovered('synapse-whoami-401-bad-no-mas')),
  preflight: PREFLIGHT,
  masApi: UNRECOGNIZED,
  rendezvous: UNRECOGNIZED,
}

const SYNAPSE_MAS: Asked = {
  ...SYNAPSE,
  ...OPS['MAS'].asked,
  wellKnownClient: answered(200, discovered('synapse-well-known-client-mas')),
  login: answered(200, discovered('mas-login-flows')),
  registerAvailable: UNRECOGNIZED,
  whoami: answered(401, discovered('synapse-whoami-401-bad-mas')),
  preflight: PREFLIGHT,
  masApi: answered(401, { errcode: 'M_MISSING_TOKEN', error: 'Missing access token' }),
}

const EVERY_VERSION = ['v1.1', 'v1.11', 'v1.12', 'v1.13', 'v1.14', 'v1.15', 'v1.16', 'v1.17', 'v1.18']

const TUWUNEL: Asked = {
  ...OPS['Tuwunel'].asked,
  wellKnownClient: answered(200, { 'm.homeserver': { base_url: 'https://matrix.example.org' } }),
  versions: answered(200, { versions: EVERY_VERSION, unstable_features: { 'org.matrix.msc4108': true } }),
  serverVersion: server('Tuwunel', '1.9.0'),
  authIssuer: answered(200, discovered('tuwunel-auth-issuer')),
  login: answered(200, discovered('tuwunel-login-flows')),
  logout: UNKNOWN_TOKEN,
  refresh: UNKNOWN_TOKEN,
  registerAvailable: TAKEN,
  whoami: UNKNOWN_TOKEN,
  preflight: PREFLIGHT,
  masApi: answered(403, discovered('tuwunel-mas-403')),
  rendezvous: answered(404, { errcode: 'M_UNRECOGNIZED', error: 'M_UNRECOGNIZED: Not Found' }),
}

const CONTINUWUITY: Asked = {
  ...OPS['continuwuity'].asked,
  wellKnownClient: answered(200, { 'm.homeserver': { base_url: 'https://matrix.example.org' } }),
  versions: answered(200, { versions: EVERY_VERSION, unstable_features: {} }),
  serverVersion: server('continuwuity', '26.8.0'),
  authIssuer: UNRECOGNIZED,
  login: answered(200, discovered('dendrite-login-flows')),
  logout: UNKNOWN_TOKEN,
  refresh: UNKNOWN_TOKEN,
  registerAvailable: TAKEN,
  whoami: UNKNOWN_TOKEN,
  preflight: PREFLIGHT,
  masApi: UNRECOGNIZED,
  rendezvous: UNRECOGNIZED,
}

const NOT_FOUND = answered(404, discovered('dendrite-404'))

const DENDRITE: Asked = {
  wellKnownClient: answered(200, { 'm.homeserver': { base_url: 'https://matrix.example.org' } }),
  versions: answered(200, discovered('dendrite-versions-list')),
  serverVersion: server('Dendrite', '0.15.2'),
  metadataStable: NOT_FOUND,
  metadataUnstable: NOT_FOUND,
  authIssuer: NOT_FOUND,
  login: answered(200, discovered('dendrite-login-flows')),
  logout: UNKNOWN_TOKEN,
  refresh: NOT_FOUND,
  registerAvailable: TAKEN,
  whoami: answered(401, discovered('dendrite-whoami-401')),
  preflight: PREFLIGHT,
  masApi: NOT_FOUND,
  rendezvous: NOT_FOUND,
}

const withOp = (op: keyof typeof OPS): Evidence =>
  evidenceOf({ ...SYNAPSE, ...OPS[op].asked }, { issuer: OPS[op].issuer ?? '', issuerFrom: 'given' })

const MAS = { issuer: 'https://auth.example.org/', issuerFrom: 'homeserver' } as const
const OWN = { issuer: 'https://matrix.example.org/', issuerFrom: 'homeserver' } as const

/** By the name under which the golden tables show them. */
export const PRODUCTS = {
  'Synapse without an OP': evidenceOf(SYNAPSE),
  'Synapse with SSO alone': evidenceOf({
    ...SYNAPSE,
    login: answered(200, { flows: [{ type: 'm.login.sso' }, { type: 'm.login.token' }] }),
  }),
  'Synapse and MAS': evidenceOf(SYNAPSE_MAS, MAS),
  'Tuwunel': evidenceOf(TUWUNEL, OWN),
  'Dendrite': evidenceOf(DENDRITE),
  'continuwuity': evidenceOf(CONTINUWUITY, OWN),
  'Synapse, and Keycloak named': withOp('Keycloak, as it comes'),
  'Synapse, and Okta named': withOp('Okta'),
  'Synapse, and Auth0 named': withOp('Auth0'),
} as const satisfies Readonly<Record<string, Evidence>>

/** One of them with other answers; undefined as one that was not asked. */
export const productWith = (
  product: keyof typeof PRODUCTS,
  answers: Readonly<Partial<Record<QuestionName, Exchange | undefined>>>,
  about: Partial<Evidence> = {},
): Evidence => {
  const { asked, notAsked: _, ...rest } = PRODUCTS[product]
  const others = Object.entries({ ...asked, ...answers }).filter(([, exchange]) => exchange !== undefined)
  return evidenceOf(Object.fromEntries(others), { ...rest, ...about })
}
