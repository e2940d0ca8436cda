import type { Evidence, QuestionName } from '../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../src/readiness/http/exchange.ts'
import { discovered, discoveredDocument } from './discovery.ts'
import { answered, evidenceOf } from './evidence.ts'

/*
 * What each OP answers when everything may be asked, traces as well. Built from published contracts and read
 * sources (docs/reference/readiness.md): of Okta, Auth0, Tuwunel and continuwuity no server was ever asked.
 */

type Asked = Readonly<Partial<Record<QuestionName, Exchange>>>

const ORIGIN = 'https://app.element.io'
const HTML = { 'content-type': 'text/html' }
const CALLBACK = 'https://client.example.org/callback'
const allowed = { 'access-control-allow-origin': '*' }
const echoed = { 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true' }
const preflight = (headers: Readonly<Record<string, string>> = allowed): Exchange =>
  answered(200, '', { 'access-control-allow-headers': 'authorization,content-type', ...headers })
const page = (status = 200): Exchange => answered(status, '<!doctype html><title>Sign in</title>', HTML)
const redirected = (location: string): Exchange =>
  answered(303, '', { location }, { url: `https://auth.example.org/authorize?redirect_uri=${CALLBACK}` })

const KEYS = { keys: [{ kty: 'EC', kid: 'a' }] }
const JUNK_CODE = { error: 'invalid_grant' }
const DEVICE_CODE = {
  device_code: 'd'.repeat(32),
  user_code: 'ABCDEF',
  verification_uri: 'https://auth.example.org/link',
  expires_in: 1200,
  interval: 5,
}

const withHomeserver = (metadata: unknown): Asked => ({
  metadataStable: answered(200, metadata),
  metadataUnstable: answered(200, metadata),
})

const REGISTERED = {
  ...discoveredDocument('mas-registration-201'),
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
}

const MAS: Asked = {
  ...withHomeserver(discovered('synapse-mas-auth-metadata')),
  opConfiguration: answered(200, discovered('mas-openid-configuration')),
  opOauthMetadata: answered(404, '<!doctype html><title>Not found</title>', HTML),
  jwks: answered(200, KEYS),
  authorizePage: page(400),
  accountPage: redirected('https://auth.example.org/login'),
  registrationPreflight: preflight(),
  tokenJunk: answered(401, { error: 'invalid_client' }),
  revokeJunk: answered(400, discovered('mas-revoke-400-no-client')),
  introspectSecret: answered(200, discovered('mas-introspect-inactive')),
  registration: answered(201, REGISTERED),
  registrationNative: answered(201, REGISTERED),
  authorizeStable: redirected('https://auth.example.org/login'),
  authorizeUnstable: redirected('https://auth.example.org/login'),
  revokeRegistered: answered(200),
  deviceAuthorization: answered(200, DEVICE_CODE),
}

const TUWUNEL: Asked = {
  ...withHomeserver(discovered('tuwunel-auth-metadata')),
  opConfiguration: answered(200, discovered('tuwunel-auth-metadata')),
  jwks: answered(200, KEYS),
  authorizePage: answered(400, { errcode: 'M_BAD_JSON', error: 'M_BAD_JSON: missing field' }),
  accountPage: page(),
  registrationPreflight: preflight(),
  tokenJunk: answered(400, JUNK_CODE),
  revokeJunk: answered(200),
  registration: answered(201, discovered('tuwunel-registration-201')),
  registrationNative: answered(201, discovered('tuwunel-registration-201')),
  authorizeStable: redirected('https://matrix.example.org/_tuwunel/oidc/login'),
  authorizeUnstable: redirected('https://matrix.example.org/_tuwunel/oidc/login'),
  revokeRegistered: answered(200),
  deviceAuthorization: answered(200, { ...DEVICE_CODE, verification_uri_complete: 'https://matrix.example.org/x' }),
}

const CONTINUWUITY: Asked = {
  ...withHomeserver(discovered('continuwuity-auth-metadata')),
  opConfiguration: answered(200, discovered('continuwuity-auth-metadata')),
  jwks: answered(200, { keys: [] }),
  authorizePage: page(400),
  accountPage: page(),
  registrationPreflight: preflight(),
  tokenJunk: answered(400, JUNK_CODE),
  revokeJunk: answered(400, discovered('continuwuity-revoke-400-junk')),
  registration: answered(201, { ...REGISTERED, client_id: 'q0+/=' }),
  registrationNative: answered(201, { ...REGISTERED, client_id: 'q0+/=' }),
  authorizeStable: page(),
  authorizeUnstable: page(),
  revokeRegistered: answered(400, discovered('continuwuity-revoke-400-junk')),
  deviceAuthorization: answered(200, DEVICE_CODE),
}

const KEYCLOAK: Asked = {
  opConfiguration: answered(200, discovered('keycloak-openid-configuration'), echoed),
  opOauthMetadata: answered(200, discovered('keycloak-openid-configuration'), echoed),
  jwks: answered(200, KEYS, echoed),
  authorizePage: page(400),
  registrationPreflight: preflight(echoed),
  tokenJunk: answered(401, discovered('keycloak-revoke-401-unknown-client'), {}),
  revokeJunk: answered(401, discovered('keycloak-revoke-401-unknown-client'), {}),
  registration: answered(403, discovered('keycloak-registration-403-trusted-hosts'), echoed),
  registrationNative: answered(403, discovered('keycloak-registration-403-trusted-hosts'), echoed),
}

/** The same realm, with Trusted Hosts gone and web origins allowed. */
const KEYCLOAK_OPEN: Asked = {
  ...KEYCLOAK,
  registration: answered(201, { ...REGISTERED, registration_access_token: 'ey…' }, echoed),
  registrationNative: answered(201, REGISTERED, echoed),
  authorizeStable: redirected(
    `${CALLBACK}?error=invalid_scope&error_description=Invalid+scopes%3A+urn%3Amatrix%3Aclient%3Adevice%3AABC&state=s`,
  ),
  authorizeUnstable: redirected(`${CALLBACK}?error=invalid_scope&state=s`),
  revokeRegistered: answered(200, discovered('keycloak-revoke-200-junk'), echoed),
  deviceAuthorization: answered(
    200,
    { ...DEVICE_CODE, verification_uri_complete: 'https://sso.example.org/x' },
    echoed,
  ),
}

const OKTA: Asked = {
  opConfiguration: answered(200, discovered('okta-org-openid-configuration'), echoed),
  jwks: answered(200, KEYS, echoed),
  authorizePage: page(400),
  registrationPreflight: preflight(echoed),
  tokenJunk: answered(401, { error: 'invalid_client', error_description: "Invalid value for 'client_id'." }, {}),
  revokeJunk: answered(401, { error: 'invalid_client' }, {}),
  registration: answered(403, { errorCode: 'E0000005', errorSummary: 'Invalid session' }, echoed),
  registrationNative: answered(403, { errorCode: 'E0000005', errorSummary: 'Invalid session' }, echoed),
}

const AUTH0: Asked = {
  opConfiguration: answered(200, discovered('auth0-openid-configuration')),
  jwks: answered(200, KEYS),
  authorizePage: page(400),
  registrationPreflight: preflight(),
  tokenJunk: answered(403, JUNK_CODE),
  revokeJunk: answered(401, { error: 'invalid_client' }),
  registration: answered(200, discovered('auth0-registration-201')),
  registrationNative: answered(404, { statusCode: 404, error: 'Not Found', message: 'not enabled' }),
  authorizeStable: redirected('https://example.us.auth0.com/u/login?state=s'),
  authorizeUnstable: redirected('https://example.us.auth0.com/u/login?state=s'),
  revokeRegistered: answered(200),
  deviceAuthorization: answered(403, { error: 'unauthorized_client' }),
}

const byHomeserver = { issuerFrom: 'homeserver' } as const
const given = { issuerFrom: 'given' } as const

/** By the name under which the golden table shows it. */
export const OPS = {
  'MAS': evidenceOf(MAS, { issuer: 'https://auth.example.org/', ...byHomeserver }),
  'Tuwunel': evidenceOf(TUWUNEL, { issuer: 'https://matrix.example.org/', ...byHomeserver }),
  'continuwuity': evidenceOf(CONTINUWUITY, { issuer: 'https://matrix.example.org/', ...byHomeserver }),
  'Keycloak, as it comes': evidenceOf(KEYCLOAK, { issuer: 'https://sso.example.org/realms/matrix', ...given }),
  'Keycloak, opened': evidenceOf(KEYCLOAK_OPEN, { issuer: 'https://sso.example.org/realms/matrix', ...given }),
  'Okta': evidenceOf(OKTA, { issuer: 'https://example.okta.com', ...given }),
  'Auth0': evidenceOf(AUTH0, { issuer: 'https://example.us.auth0.com/', ...given }),
} as const satisfies Readonly<Record<string, Evidence>>

/** Of one of them, with some answers changed; `undefined` as one that was not asked. */
export const changed = (
  op: keyof typeof OPS,
  answers: Readonly<Partial<Record<QuestionName, Exchange | undefined>>>,
  about: Partial<Evidence> = {},
): Evidence => {
  const base = OPS[op]
  const asked = Object.fromEntries(
    Object.entries({ ...base.asked, ...answers }).filter(([, exchange]) => exchange !== undefined),
  ) as Asked
  const { asked: _, notAsked: __, ...rest } = base
  return evidenceOf(asked, { ...rest, ...about })
}
