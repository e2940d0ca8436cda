import { createHash } from 'node:crypto'
import {
  ANY_ORIGIN,
  type Asked,
  type Places,
  type Product,
  page,
  type Reply,
  type Route,
  registrationFaults,
  STAND_IN_SECRET,
} from './stand-in-product.ts'
import { forUser } from './stand-in-synapse.ts'

const VERSIONS = ['r0.6.1', ...Array.from({ length: 19 }, (_, minor) => `v1.${minor + 1}`)]

const matrixError = (status: number, errcode: string, error: string): Reply => ({
  status,
  body: { errcode, error: `${errcode}: ${error}` },
})

/** Tuwunel 1.9, a homeserver with an OP of its own; `oauth` off: without well_known.client, or without anybody to log in at. */
export const tuwunel = (places: Places): Product => {
  const { fixture, off, clients, homeserver } = places
  const on = !off.has('oauth')
  const oidcOff: Reply = { status: 404, body: fixture('tuwunel-404-oidc-off') }
  const metadata: Route = () => (on ? { status: 200, body: fixture('tuwunel-auth-metadata') } : oidcOff)
  const issuer: Route = () => (on ? { status: 200, body: fixture('tuwunel-auth-issuer') } : oidcOff)
  const unknown = matrixError(401, 'M_UNKNOWN_TOKEN', 'Unknown access token.').body
  const missing = matrixError(401, 'M_MISSING_TOKEN', 'Missing access token.').body
  const invalidGrant: Reply = {
    status: 400,
    body: { error: 'invalid_grant', error_description: 'Invalid or expired code' },
  }
  return {
    cors: () => ANY_ORIGIN,
    preflight: () => ({
      status: 200,
      headers: {
        'access-control-allow-methods': 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT',
        'access-control-allow-headers': 'origin,x-requested-with,content-type,accept,authorization',
        'access-control-max-age': '86400',
      },
    }),
    otherwise: () => matrixError(404, 'M_UNRECOGNIZED', 'Not Found'),
    routes: {
      'GET /.well-known/matrix/client': () =>
        on
          ? { status: 200, body: { 'm.homeserver': { base_url: `${homeserver}/` } } }
          : matrixError(404, 'M_NOT_FOUND', 'Not found.'),
      'GET /_matrix/client/versions': () => ({
        status: 200,
        body: {
          versions: VERSIONS,
          unstable_features: { 'org.matrix.msc2965': true, 'org.matrix.msc3824': true },
          server: { name: 'Tuwunel', version: '1.9.0' },
        },
      }),
      'GET /_matrix/federation/v1/version': () => ({
        status: 200,
        body: { server: { name: 'Tuwunel', version: '1.9.0' } },
      }),
      'GET /_matrix/client/v1/auth_metadata': metadata,
      'GET /_matrix/client/unstable/org.matrix.msc2965/auth_metadata': metadata,
      'GET /.well-known/openid-configuration': metadata,
      'GET /_matrix/client/unstable/org.matrix.msc2965/auth_issuer': issuer,
      'GET /_matrix/client/v3/login': () => ({ status: 200, body: fixture('tuwunel-login-flows') }),
      'POST /_matrix/client/v3/logout': forUser(missing, unknown, () => ({ status: 200, body: {} })),
      'POST /_matrix/client/v3/refresh': () => ({ status: 403, body: unknown }),
      'GET /_matrix/client/v3/register/available': () => ({ status: 200, body: { available: true } }),
      'GET /_matrix/client/v3/account/whoami': forUser(missing, unknown, () => ({
        status: 200,
        body: { user_id: '@alice:example.org', device_id: 'ALICEDEVICE', is_guest: false },
      })),
      'GET /_matrix/client/v3/capabilities': forUser(missing, unknown, () => ({
        status: 200,
        body: { capabilities: { 'm.change_password': { enabled: true }, 'm.3pid_changes': { enabled: false } } },
      })),
      'GET /_synapse/mas/is_localpart_available': ({ token, query }) => {
        if (token !== STAND_IN_SECRET) return { status: 403, body: fixture('tuwunel-mas-403') }
        return query.has('localpart') ? { status: 200, body: {} } : matrixError(400, 'M_MISSING_PARAM', 'localpart')
      },
      'GET /_tuwunel/oidc/jwks': () =>
        on ? { status: 200, body: { keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256' }] } } : oidcOff,
      'GET /_tuwunel/oidc/account': () => (on ? page(200, 'Account') : oidcOff),
      // The scope is stored as it comes; nothing is refused here.
      'GET /_tuwunel/oidc/authorize': ({ query }) =>
        clients.has(query.get('client_id') ?? '')
          ? { status: 302, headers: { location: `${homeserver}/_tuwunel/oidc/login?session=stand-in-session` } }
          : matrixError(400, 'M_INVALID_PARAM', 'Unknown client_id'),
      'POST /_tuwunel/oidc/registration': (asked) => registered(asked, places),
      'POST /_tuwunel/oidc/token': (asked) => {
        if (asked.form === undefined) asked.violation('the body is no form')
        return invalidGrant
      },
      // Works without a client, and also when OAuth is off.
      'POST /_tuwunel/oidc/revoke': ({ form }) =>
        form?.has('token') === true
          ? { status: 200 }
          : { status: 400, body: { error: 'invalid_request', error_description: 'token parameter is required' } },
      'POST /_tuwunel/oidc/device_authorization': ({ form }) =>
        clients.has(form?.get('client_id') ?? '')
          ? {
              status: 200,
              body: {
                device_code: 'stand-in-device-code-of-tuwunel',
                user_code: 'WXYZ-2345',
                verification_uri: `${homeserver}/_tuwunel/oidc/device`,
                verification_uri_complete: `${homeserver}/_tuwunel/oidc/device?user_code=WXYZ-2345`,
                expires_in: 600,
                interval: 5,
              },
            }
          : { status: 401, body: { error: 'invalid_client' } },
    },
  }
}

const registered = (asked: Asked, { fixture, clients, off }: Places): Reply => {
  if (off.has('registration')) return { status: 403, body: fixture('tuwunel-registration-403-access-token') }
  for (const fault of registrationFaults(asked.json)) asked.violation(fault)
  const { json } = asked
  const grants = [json?.['grant_types']].flat()
  if (!grants.includes('authorization_code') || !grants.includes('refresh_token')) {
    return { status: 400, body: { error: 'invalid_client_metadata', error_description: 'grant_types' } }
  }
  const redirects = [json?.['redirect_uris']].flat().map(String)
  if (redirects.some((redirect) => URL.parse(redirect)?.protocol === 'http:' && URL.parse(redirect)?.port !== '')) {
    return { status: 400, body: { error: 'invalid_redirect_uri', error_description: 'a port' } }
  }
  const id = createHash('sha256').update(asked.text).digest('base64url')
  clients.set(id, json)
  return {
    status: 201,
    body: {
      ...json,
      client_id: id,
      client_id_issued_at: 1721642221,
      grant_types: ['authorization_code', 'refresh_token'],
      logo_uri: null,
      policy_uri: null,
    },
  }
}
