import { ANY_ORIGIN, type Places, type Product, page, type Reply, registrationFaults } from './stand-in-product.ts'

/** A tenant of Auth0 with dynamic registration, unless `registration` is off: that it then answers 404 is a guess. */
export const auth0 = ({ fixture, off, clients, op }: Places): Product => {
  const unknownClient: Reply = { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } }
  const known = (form: URLSearchParams | undefined): boolean => clients.has(form?.get('client_id') ?? '')
  return {
    cors: ({ path, headers }) => {
      if (path.startsWith('/.well-known/')) return ANY_ORIGIN
      const origin = headers['origin']
      return path === '/oauth/token' && origin !== undefined
        ? { 'access-control-allow-origin': origin, 'vary': 'Origin' }
        : {}
    },
    preflight: () => ({ status: 204 }),
    otherwise: () => ({ status: 404, body: { statusCode: 404, error: 'Not Found', message: 'Not Found' } }),
    routes: {
      'GET /.well-known/openid-configuration': () => ({ status: 200, body: fixture('auth0-openid-configuration') }),
      'GET /.well-known/oauth-authorization-server': () => ({
        status: 200,
        body: fixture('auth0-openid-configuration'),
      }),
      'GET /.well-known/jwks.json': () => ({ status: 200, body: { keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] } }),
      // Scopes that nobody knows are dropped, so that nothing is refused here.
      'GET /authorize': ({ query }) =>
        clients.has(query.get('client_id') ?? '')
          ? { status: 302, headers: { location: `${op}/u/login?state=hKFo2SBzdGFuZC1pbi1zdGF0ZQ` } }
          : page(400, 'Oops!, something went wrong'),
      'POST /oauth/token': ({ form }) =>
        known(form)
          ? { status: 403, body: { error: 'invalid_grant', error_description: 'Invalid authorization code' } }
          : unknownClient,
      'POST /oauth/revoke': ({ form }) => (known(form) ? { status: 200 } : unknownClient),
      'POST /oauth/device/code': ({ form }) =>
        known(form)
          ? {
              status: 403,
              body: { error: 'unauthorized_client', error_description: 'Grant type not allowed for the client.' },
            }
          : unknownClient,
      'POST /oidc/register': (asked) => {
        if (off.has('registration'))
          return { status: 404, body: { statusCode: 404, error: 'Not Found', message: 'Not Found' } }
        for (const fault of registrationFaults(asked.json)) asked.violation(fault)
        const id = `tpc_standIn${clients.size}`
        clients.set(id, asked.json)
        return {
          status: 201,
          body: {
            client_name: asked.json?.['client_name'],
            client_id: id,
            redirect_uris: asked.json?.['redirect_uris'],
            client_secret_expires_at: 0,
            grant_types: ['authorization_code', 'refresh_token'],
            token_endpoint_auth_method: 'none',
          },
        }
      },
    },
  }
}
