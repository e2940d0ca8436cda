import type { Evidence, QuestionName } from '../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../src/readiness/http/exchange.ts'
import { discovered } from './discovery.ts'
import { answered, evidenceOf } from './evidence.ts'

/*
 * What each homeserver answers to what is asked of it, with a user's token and MAS's secret where there is one. Built from read
 * sources; of Tuwunel, continuwuity and Dendrite no server was ever asked.
 */

type Asked = Readonly<Partial<Record<QuestionName, Exchange>>>

/** Each homeserver lets every origin send its token, by any method. */
const PREFLIGHT = answered(204, '', {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization, Date',
})

const UNRECOGNIZED = answered(404, discovered('synapse-404-unrecognized'))
const unknownToken = (error: string): Exchange => answered(401, { errcode: 'M_UNKNOWN_TOKEN', error })
const named = (name: string, version: string): Exchange => answered(200, { server: { name, version } })

const SYNAPSE: Asked = {
  wellKnownClient: answered(200, discovered('synapse-well-known-client')),
  versions: answered(200, discovered('synapse-1.163-versions')),
  serverVersion: named('Synapse', '1.163.2'),
  metadataStable: UNRECOGNIZED,
  metadataUnstable: UNRECOGNIZED,
  authIssuer: UNRECOGNIZED,
  login: answered(200, discovered('synapse-login-flows-password')),
  logout: answered(401, discovered('synapse-whoami-401-bad-no-mas')),
  refresh: unknownToken('invalid refresh token'),
  registerAvailable: answered(403, { errcode: 'M_FORBIDDEN', error: 'Registration has been disabled' }),
  whoami: answered(401, discovered('synapse-whoami-401-bad-no-mas')),
  preflight: PREFLIGHT,
  masApi: UNRECOGNIZED,
  capabilities: answered(200, discovered('synapse-capabilities')),
  rendezvous: UNRECOGNIZED,
}

const METADATA = answered(200, discovered('synapse-mas-auth-metadata'))

const SYNAPSE_MAS: Asked = {
  ...SYNAPSE,
  wellKnownClient: answered(200, discovered('synapse-well-known-client-mas')),
  metadataStable: METADATA,
  metadataUnstable: METADATA,
  login: answered(200, discovered('mas-login-flows')),
  logout: unknownToken('Unrecognised access token'),
  refresh: unknownToken('Unrecognised refresh token'),
  registerAvailable: UNRECOGNIZED,
  whoami: answered(401, discovered('synapse-whoami-401-bad-mas')),
  masApi: answered(401, discovered('synapse-whoami-401-missing')),
  masApiSecret: answered(400, discovered('synapse-mas-400-no-localpart')),
  capabilities: answered(200, discovered('synapse-capabilities-mas')),
}

const OIDC_OFF = answered(404, discovered('tuwunel-404-oidc-off'))

const TUWUNEL_OFF: Asked = {
  ...SYNAPSE,
  wellKnownClient: answered(404, { errcode: 'M_NOT_FOUND', error: 'M_NOT_FOUND: Not found.' }),
  versions: answered(200, {
    versions: ['r0.6.1', 'v1.1', 'v1.15', 'v1.19'],
    unstable_features: { 'org.matrix.msc2965': true, 'org.matrix.msc3824': true },
    server: { name: 'Tuwunel', version: '1.9.0' },
  }),
  serverVersion: named('Tuwunel', '1.9.0'),
  metadataStable: OIDC_OFF,
  metadataUnstable: OIDC_OFF,
  authIssuer: OIDC_OFF,
  login: answered(200, discovered('tuwunel-login-flows')),
  masApi: answered(403, discovered('tuwunel-mas-403')),
}

const TUWUNEL_METADATA = answered(200, discovered('tuwunel-auth-metadata'))

const TUWUNEL: Asked = {
  ...TUWUNEL_OFF,
  wellKnownClient: answered(200, discovered('synapse-well-known-client')),
  metadataStable: TUWUNEL_METADATA,
  metadataUnstable: TUWUNEL_METADATA,
  authIssuer: answered(200, discovered('tuwunel-auth-issuer')),
}

const CONTINUWUITY_METADATA = answered(200, discovered('continuwuity-auth-metadata'))

const CONTINUWUITY: Asked = {
  ...SYNAPSE,
  versions: answered(200, { versions: ['v1.8', 'v1.15', 'v1.18'] }),
  serverVersion: named('continuwuity', '26.8.0'),
  metadataStable: CONTINUWUITY_METADATA,
  metadataUnstable: CONTINUWUITY_METADATA,
  login: answered(200, {
    flows: [{ type: 'm.login.password' }, { type: 'm.login.application_service' }, { type: 'm.login.token' }],
  }),
}

const UNAVAILABLE = answered(404, {
  errcode: 'M_UNRECOGNIZED',
  error: 'User-interactive authentication is not available on this server.',
})

const DENDRITE_404 = answered(404, discovered('dendrite-404'))

const DENDRITE: Asked = {
  ...SYNAPSE,
  versions: answered(200, discovered('dendrite-versions-list')),
  serverVersion: named('Dendrite', '0.15.2'),
  metadataStable: DENDRITE_404,
  metadataUnstable: DENDRITE_404,
  authIssuer: DENDRITE_404,
  login: answered(200, discovered('dendrite-login-flows')),
  refresh: DENDRITE_404,
  registerAvailable: answered(200, { available: true }),
  whoami: answered(401, discovered('dendrite-whoami-401')),
  masApi: DENDRITE_404,
  rendezvous: DENDRITE_404,
}

const BAD_GATEWAY = answered(502, '<html><h1>502 Bad Gateway</h1></html>', { 'content-type': 'text/html' })

const services = (exchange: Exchange, msc4190: boolean): Partial<Evidence> => ({
  applicationServices: [{ id: 'irc-bridge', msc4190, exchange }],
})

/** A bridge's own answer to whoami. */
const BRIDGE = answered(200, { user_id: '@irc-bot:example.org', is_guest: false })

const given = (asked: Asked, issuer: string, document: string): Evidence =>
  evidenceOf({ ...asked, opConfiguration: answered(200, discovered(document)) }, { issuer, issuerFrom: 'given' })

const ofMas = { issuer: 'https://auth.example.org/', issuerFrom: 'homeserver' } as const

/** Each by its name, as it is when all is well, or with one thing out of order. */
export const HOMESERVERS = {
  'Synapse 1.163 with passwords': evidenceOf(SYNAPSE, services(BRIDGE, false)),
  'Synapse 1.163 with OIDC of its own': evidenceOf({
    ...SYNAPSE,
    login: answered(200, discovered('synapse-login-flows-oidc')),
  }),
  'Synapse 1.163 with MAS': evidenceOf(SYNAPSE_MAS, { ...services(BRIDGE, true), ...ofMas }),
  'Synapse 1.157 with MAS': evidenceOf(
    { ...SYNAPSE_MAS, versions: answered(200, discovered('synapse-1.157-versions')) },
    ofMas,
  ),
  'Synapse with MAS, passwords off': evidenceOf(
    { ...SYNAPSE_MAS, login: answered(200, discovered('mas-login-flows-passwords-off')) },
    ofMas,
  ),
  'Synapse with MAS, no logins sent to MAS': evidenceOf(
    { ...SYNAPSE_MAS, login: UNRECOGNIZED, logout: UNRECOGNIZED, refresh: UNRECOGNIZED },
    ofMas,
  ),
  'Synapse with MAS, MAS down': evidenceOf(
    {
      ...SYNAPSE_MAS,
      whoami: answered(503, discovered('synapse-503-mas-down')),
      capabilities: answered(503, discovered('synapse-503-mas-down')),
      login: BAD_GATEWAY,
      logout: BAD_GATEWAY,
      refresh: BAD_GATEWAY,
    },
    { ...services(BRIDGE, true), ...ofMas },
  ),
  'Synapse with MAS, MAS never reached': evidenceOf({
    ...SYNAPSE_MAS,
    wellKnownClient: answered(500, discovered('synapse-500-mas-down')),
    metadataStable: answered(500, discovered('synapse-500-mas-down')),
    metadataUnstable: answered(500, discovered('synapse-500-mas-down')),
    whoami: answered(503, discovered('synapse-503-mas-down')),
  }),
  Tuwunel: evidenceOf(TUWUNEL, { issuer: 'https://matrix.example.org/', issuerFrom: 'homeserver' }),
  'Tuwunel without OAuth': evidenceOf(TUWUNEL_OFF),
  continuwuity: evidenceOf(CONTINUWUITY, { issuer: 'https://matrix.example.org/', issuerFrom: 'homeserver' }),
  'continuwuity, OAuth alone': evidenceOf({ ...CONTINUWUITY, login: UNAVAILABLE }),
  Dendrite: evidenceOf(DENDRITE),
  'Synapse without an OP, Keycloak given': given(
    SYNAPSE,
    'https://sso.example.org/realms/matrix',
    'keycloak-openid-configuration',
  ),
  'Synapse without an OP, Okta given': given(SYNAPSE, 'https://example.okta.com', 'okta-org-openid-configuration'),
  'Synapse without an OP, Auth0 given': given(SYNAPSE, 'https://example.us.auth0.com/', 'auth0-openid-configuration'),
} as const satisfies Readonly<Record<string, Evidence>>
