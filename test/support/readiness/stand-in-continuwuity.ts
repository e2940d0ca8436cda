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
} from './stand-in-product.ts'
import { forUser } from './stand-in-synapse.ts'

const VERSIONS = [
  'r0.6.1',
  'v1.1',
  'v1.2',
  'v1.3',
  'v1.4',
  'v1.5',
  'v1.8',
  'v1.11',
  'v1.12',
  'v1.13',
  'v1.14',
  'v1.15',
  'v1.16',
  'v1.17',
  'v1.18',
]

/** continuwuity 26.8, hybrid unless `oauth` is off; it lets Matrix clients in, and is no OP of OpenID Connect. */
export const continuwuity = (places: Places): Product => {
  const { fixture, off, homeserver, clients } = places
  const on = !off.has('oauth')
  const unavailable: Reply = {
    status: 404,
    body: { errcode: 'M_UNRECOGNIZED', error: 'OAuth is unavailable on this server' },
  }
  const nothing: Reply = { status: 404, body: 'Not Found' }
  const metadata: Route = () => (on ? { status: 200, body: fixture('continuwuity-auth-metadata') } : unavailable)
  const oauth =
    (route: Route): Route =>
    (asked) =>
      on ? route(asked) : nothing
  const missing = { errcode: 'M_MISSING_TOKEN', error: 'Missing access token.' }
  const unknown = { errcode: 'M_UNKNOWN_TOKEN', error: 'Unknown access token.' }
  return {
    cors: () => ({ ...ANY_ORIGIN, 'access-control-max-age': '86400' }),
    preflight: () => ({
      status: 200,
      headers: {
        'access-control-allow-methods': 'GET,POST,PUT,DELETE,OPTIONS',
        'access-control-allow-headers': 'origin,x-requested-with,content-type,accept,authorization',
      },
    }),
    otherwise: ({ path }) =>
      path.startsWith('/_matrix') ? { status: 404, body: { errcode: 'M_UNRECOGNIZED', error: 'Not Found' } } : nothing,
    routes: {
      'GET /.well-known/matrix/client': () => ({ status: 200, body: { 'm.homeserver': { base_url: homeserver } } }),
      'GET /.well-known/openid-configuration': oauth(() => ({
        status: 200,
        body: fixture('continuwuity-auth-metadata'),
      })),
      'GET /_matrix/client/versions': () => ({ status: 200, body: { versions: VERSIONS, unstable_features: {} } }),
      'GET /_matrix/federation/v1/version': () => ({
        status: 200,
        body: { server: { name: 'continuwuity', version: '26.8.0-alpha.1' } },
      }),
      'GET /_matrix/client/v1/auth_metadata': metadata,
      'GET /_matrix/client/unstable/org.matrix.msc2965/auth_metadata': metadata,
      'GET /_matrix/client/v3/login': () => ({
        status: 200,
        body: {
          flows: [{ type: 'm.login.password' }, { type: 'm.login.application_service' }, { type: 'm.login.token' }],
        },
      }),
      'POST /_matrix/client/v3/logout': forUser(missing, unknown, () => ({ status: 200, body: {} })),
      'GET /_matrix/client/v3/register/available': () => ({ status: 200, body: { available: true } }),
      'GET /_matrix/client/v3/account/whoami': forUser(missing, unknown, () => ({
        status: 200,
        body: { user_id: '@alice:example.org', device_id: 'ALICEDEVICE' },
      })),
      'GET /_matrix/client/v3/capabilities': forUser(missing, unknown, () => ({
        status: 200,
        body: { capabilities: { 'm.change_password': { enabled: true } } },
      })),
      'GET /_continuwuity/oauth2/client/keys.json': oauth(() => ({ status: 200, body: { keys: [] } })),
      'GET /_continuwuity/account/deeplink': oauth(() => page(200, 'Account')),
      'GET /_continuwuity/oauth2/grant/authorization_code': oauth(({ query }) => {
        if (!clients.has(query.get('client_id') ?? '')) return page(400, 'Invalid client')
        const scopes = (query.get('scope') ?? '').split(' ')
        const wrong = scopes.find((scope) => !SCOPE.test(scope))
        if (wrong !== undefined) return page(400, `Invalid scope: ${wrong}`)
        return { status: 303, headers: { location: `${homeserver}/_continuwuity/account/login?next=authorize` } }
      }),
      'POST /_continuwuity/oauth2/client/register': oauth((asked) => registered(asked, places)),
      'POST /_continuwuity/oauth2/grant/token': oauth((asked) => {
        if (asked.form === undefined) asked.violation('the body is no form')
        return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid authorization code' } }
      }),
      'POST /_continuwuity/oauth2/client/revoke': oauth(() => ({
        status: 400,
        body: fixture('continuwuity-revoke-400-junk'),
      })),
      'POST /_continuwuity/oauth2/device': oauth(({ form }) =>
        clients.has(form?.get('client_id') ?? '')
          ? {
              status: 200,
              body: {
                device_code: 'stand-in-device-code-of-continuwuity',
                user_code: 'ABCD-EFGH',
                verification_uri: `${homeserver}/_continuwuity/device`,
                expires_in: 600,
                interval: 5,
              },
            }
          : { status: 400, body: { error: 'invalid_client' } },
      ),
    },
  }
}

const SCOPE = /^(?:openid|urn:matrix:(?:org\.matrix\.msc2967\.)?client:(?:api:\*|device:.{5,}))$/u

/** The id is base64 as it is, with `+`, `/` and `=`. */
const registered = (asked: Asked, { clients }: Places): Reply => {
  for (const fault of registrationFaults(asked.json)) asked.violation(fault)
  const { json } = asked
  if (typeof json?.['client_uri'] !== 'string') return { status: 422, body: 'missing field `client_uri`' }
  const id = createHash('sha256').update(asked.text).digest('base64')
  clients.set(id, json)
  return { status: 201, body: { ...json, client_id: id, client_id_issued_at: 1721642221 } }
}
