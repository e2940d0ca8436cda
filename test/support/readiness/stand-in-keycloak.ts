import { type Asked, type Places, type Product, page, type Reply, registrationFaults } from './stand-in-product.ts'

const REALM = '/realms/matrix'
const CONNECT = `${REALM}/protocol/openid-connect`
const REGISTRATION = `${REALM}/clients-registrations/openid-connect`

/**
 * A realm of Keycloak 26.7 that registers clients of any host, as after its policy Trusted Hosts was removed; with `registration`
 * off it is as it comes. It has no Matrix scopes.
 */
export const keycloak = (places: Places): Product => {
  const { fixture, clients, op } = places
  const unknownClient: Reply = { status: 401, body: fixture('keycloak-revoke-401-unknown-client') }
  const asClient = ({ form, violation }: Asked, answer: Reply): Reply => {
    if (form === undefined) violation('the body is no form')
    return clients.has(form?.get('client_id') ?? '') ? answer : unknownClient
  }
  return {
    // Whoever asks for a document; of the others nobody but whose client it is.
    cors: ({ path, headers: { origin } }) =>
      origin !== undefined && (path.includes('/.well-known/') || path.endsWith('/certs'))
        ? { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
        : {},
    preflight: ({ headers: { origin = '' } }) => ({
      status: 200,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': 'Origin, Accept, X-Requested-With, Content-Type, Authorization',
      },
    }),
    otherwise: ({ method, path }) => {
      const managed = path.startsWith(`${REGISTRATION}/`) && method === 'DELETE'
      return managed
        ? { status: 401, body: { error: 'invalid_token' } }
        : { status: 404, body: { error: 'HTTP 404 Not Found' } }
    },
    routes: {
      [`GET ${REALM}/.well-known/openid-configuration`]: () => ({
        status: 200,
        body: fixture('keycloak-openid-configuration'),
      }),
      [`GET /.well-known/oauth-authorization-server${REALM}`]: () => ({
        status: 200,
        body: fixture('keycloak-openid-configuration'),
      }),
      [`GET ${CONNECT}/certs`]: () => ({ status: 200, body: { keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] } }),
      [`GET ${CONNECT}/auth`]: ({ query }) => authorize(query, places),
      [`POST ${CONNECT}/token`]: (asked) =>
        asClient(asked, { status: 400, body: { error: 'invalid_grant', error_description: 'Code not valid' } }),
      [`POST ${CONNECT}/revoke`]: (asked) =>
        asClient(asked, { status: 200, body: fixture('keycloak-revoke-200-junk') }),
      [`POST ${CONNECT}/token/introspect`]: () => unknownClient,
      [`POST ${CONNECT}/auth/device`]: (asked) =>
        // Scopes are looked at only once a person has typed the code: seen at a real 26.7.3.
        asClient(asked, {
          status: 200,
          body: {
            device_code: 'stand-in-device-code-0123456789ab',
            user_code: 'ABCD-EFGH',
            verification_uri: `${op}${REALM}/device`,
            verification_uri_complete: `${op}${REALM}/device?user_code=ABCD-EFGH`,
            expires_in: 600,
            interval: 5,
          },
        }),
      [`POST ${REGISTRATION}`]: (asked) => registered(asked, places),
      ...Object.fromEntries(
        [0, 1, 2, 3].map((count) => [
          `DELETE ${REGISTRATION}/stand-in-${count}`,
          ({ token }: Asked): Reply => {
            const id = `stand-in-${count}`
            if (token !== accessTokenOf(id) || !clients.delete(id))
              return { status: 401, body: { error: 'invalid_token' } }
            return { status: 204 }
          },
        ]),
      ),
    },
  }

  function accessTokenOf(id: string): string {
    return `registration-access-token-of-${id}-at-${op.length}`
  }

  function registered(asked: Asked, { off }: Places): Reply {
    if (asked.headers['origin'] !== undefined) return { status: 403, body: { error: 'Invalid origin' } }
    if (off.has('registration')) return { status: 403, body: fixture('keycloak-registration-403-trusted-hosts') }
    for (const fault of registrationFaults(asked.json)) asked.violation(fault)
    const id = `stand-in-${clients.size}`
    clients.set(id, asked.json)
    return {
      status: 201,
      headers: { location: `${op}${REGISTRATION}/${id}` },
      body: {
        ...asked.json,
        client_id: id,
        registration_client_uri: `${op}${REGISTRATION}/${id}`,
        registration_access_token: accessTokenOf(id),
      },
    }
  }
}

/** Scopes are judged before the login, the client before that. */
const authorize = (query: URLSearchParams, { clients, op }: Places): Reply => {
  const redirect = query.get('redirect_uri')
  if (!clients.has(query.get('client_id') ?? '') || redirect === null) return page(400, 'We are sorry...')
  const scope = query.get('scope') ?? ''
  if (!scope.includes('urn:matrix')) return page(200, 'Sign in to matrix')
  const error = new URLSearchParams({
    error: 'invalid_scope',
    error_description: `Invalid scopes: ${scope}`,
    state: query.get('state') ?? '',
    iss: `${op}${REALM}`,
  })
  const separator = query.get('response_mode') === 'fragment' ? '#' : '?'
  return { status: 302, headers: { location: `${redirect}${separator}${error}` } }
}
