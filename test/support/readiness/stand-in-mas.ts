import { createHash } from 'node:crypto'
import {
  ANY_ORIGIN,
  type Asked,
  type Places,
  type Product,
  page,
  type Reply,
  registrationFaults,
  STAND_IN_SECRET,
} from './stand-in-product.ts'

const OAUTH_API =
  /^\/(?:\.well-known\/openid-configuration|oauth2\/(?:keys\.json|userinfo|introspect|revoke|token|registration|device))$/u

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** MAS 1.22: the server of the OP alone. */
export const mas = (places: Places): Product => {
  const { fixture, clients, off, op } = places
  const unknownClient: Reply = { status: 401, body: fixture('mas-revoke-401-unknown-client') }
  const noClient: Reply = { status: 400, body: fixture('mas-revoke-400-no-client') }
  const asClient = (asked: Asked, answer: (id: string) => Reply): Reply => {
    if (asked.form === undefined) {
      asked.violation('the body is no form')
      return { status: 400, body: { error: 'invalid_request' } }
    }
    const id = asked.form.get('client_id')
    if (id === null) return noClient
    return clients.has(id) ? answer(id) : unknownClient
  }
  return {
    cors: ({ path }) => (OAUTH_API.test(path) ? ANY_ORIGIN : {}),
    preflight: ({ path }) =>
      OAUTH_API.test(path)
        ? {
            status: 200,
            headers: {
              'access-control-allow-methods': '*',
              'access-control-allow-headers': 'authorization,accept,accept-language,content-language,content-type',
              'access-control-max-age': '3600',
            },
          }
        : page(404, 'Not found'),
    otherwise: () => page(404, 'Not found'),
    routes: {
      'GET /.well-known/openid-configuration': () => ({
        status: 200,
        body: fixture(
          off.has('password') ? 'mas-openid-configuration-no-password-registration' : 'mas-openid-configuration',
        ),
      }),
      'GET /oauth2/keys.json': () => ({
        status: 200,
        body: { keys: [{ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' }] },
      }),
      'GET /authorize': ({ query }) => {
        const id = query.get('client_id')
        if (id === null || !clients.has(id)) return page(400, 'Invalid request')
        // Whatever the scope: it is judged after the login.
        return {
          status: 303,
          headers: { location: `${op}/login?kind=continue_authorization_grant&id=01J44RKQYM4G3TNVANTMTDYTX7` },
        }
      },
      'GET /account/': () => page(200, 'Account'),
      'POST /oauth2/registration': (asked) => registered(asked, places),
      'POST /oauth2/token': (asked) =>
        asClient(asked, () => ({
          status: 400,
          body: { error: 'invalid_grant', error_description: 'Unknown authorization code' },
        })),
      'POST /oauth2/revoke': (asked) => asClient(asked, () => ({ status: 200 })),
      'POST /oauth2/device': (asked) =>
        asClient(asked, () => ({
          status: 200,
          headers: { 'cache-control': 'no-store' },
          body: {
            device_code: 'stand-in-device-code-0123456789ab',
            user_code: 'STNDIN',
            verification_uri: `${op}/link`,
            expires_in: 1200,
            interval: 5,
          },
        })),
      'POST /oauth2/introspect': (asked) => {
        if (asked.form?.get('token') === undefined) asked.violation('no token in a form')
        return asked.token === STAND_IN_SECRET
          ? { status: 200, body: fixture('mas-introspect-inactive') }
          : { status: 401, body: fixture('mas-introspect-401-bad-secret') }
      },
    },
  }
}

/** The same metadata gives the same public client. */
const registered = (asked: Asked, { fixture, clients }: Places): Reply => {
  for (const fault of registrationFaults(asked.json)) asked.violation(fault)
  const { json } = asked
  const site = typeof json?.['client_uri'] === 'string' ? URL.parse(json['client_uri']) : null
  if (json === undefined || site === null)
    return { status: 400, body: fixture('mas-registration-400-missing-client-uri') }
  if (site.protocol !== 'https:' || /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])$/u.test(site.hostname)) {
    return { status: 400, body: fixture('mas-registration-400-http-client-uri') }
  }
  const redirects = Array.isArray(json['redirect_uris']) ? json['redirect_uris'].map(String) : []
  if (redirects.length === 0) return { status: 400, body: fixture('mas-registration-400-missing-redirect-uris') }
  if (!redirects.every((redirect) => isAllowed(redirect, site.hostname, json['application_type']))) {
    return { status: 400, body: { error: 'invalid_redirect_uri', error_description: 'invalid redirect_uri' } }
  }
  const id = `01${createHash('sha256').update(asked.text).digest('hex').slice(0, 24).toUpperCase()}`
  clients.set(id, json)
  const { response_types: _, ...echoed } = json
  return {
    status: 201,
    body: {
      client_id: id,
      client_id_issued_at: 1721642221,
      ...echoed,
      grant_types: [json['grant_types']].flat().filter((grant) => typeof grant === 'string' && KNOWN_GRANTS.has(grant)),
    },
  }
}

const KNOWN_GRANTS: ReadonlySet<string> = new Set(['authorization_code', 'refresh_token', DEVICE_GRANT])

const isAllowed = (redirect: string, host: string, type: unknown): boolean => {
  const url = URL.parse(redirect)
  if (url === null || url.hash !== '') return false
  if (type !== 'native')
    return url.protocol === 'https:' && (url.hostname === host || url.hostname.endsWith(`.${host}`))
  if (url.protocol === 'http:') return /^(?:localhost|127\.0\.0\.1|\[::1\])$/u.test(url.hostname)
  return url.protocol.includes('.') && url.host === ''
}
