import type { Places, Product, Reply, Route } from './stand-in-product.ts'
import { STAND_IN_SECRET } from './stand-in-product.ts'
import { forUser, synapseManners, synapseRoutes } from './stand-in-synapse.ts'

/**
 * Synapse 1.163 that delegates to MAS, as people reach it: a proxy sends the old logins to MAS, unless `compat` is off. With `mas`
 * off it has MAS's document from before still, and cannot introspect.
 */
export const synapseWithMas = (places: Places): Product => {
  const { fixture, off } = places
  const down: Reply = { status: 503, body: fixture('synapse-503-mas-down') }
  const metadata: Route = () => ({
    status: 200,
    headers: { 'cache-control': 'public, max-age=600, s-maxage=3600, stale-while-revalidate=600' },
    body: fixture(masDocument(places)),
  })
  const whoami = forUser(fixture('synapse-whoami-401-missing'), fixture('synapse-whoami-401-bad-mas'), () => ({
    status: 200,
    body: { user_id: '@alice:example.org', is_guest: false, device_id: 'ALICEDEVICE' },
  }))
  const capabilities = forUser(fixture('synapse-whoami-401-missing'), fixture('synapse-whoami-401-bad-mas'), () => ({
    status: 200,
    body: fixture('synapse-capabilities-mas'),
  }))
  const introspected =
    (route: Route): Route =>
    (asked) =>
      off.has('mas') && asked.token !== undefined ? down : route(asked)
  return {
    ...synapseManners(places),
    routes: {
      ...synapseRoutes(places),
      ...(off.has('compat') ? {} : compatRoutes(places)),
      'GET /.well-known/matrix/client': () => ({ status: 200, body: fixture('synapse-well-known-client-mas') }),
      'GET /_matrix/client/v1/auth_metadata': metadata,
      'GET /_matrix/client/unstable/org.matrix.msc2965/auth_metadata': metadata,
      'GET /_matrix/client/v3/account/whoami': introspected(whoami),
      'GET /_matrix/client/v3/capabilities': introspected(capabilities),
      'GET /_synapse/mas/is_localpart_available': ({ token, query }) => {
        if (token === undefined) return { status: 401, body: fixture('synapse-whoami-401-missing') }
        if (token !== STAND_IN_SECRET) return { status: 403, body: fixture('synapse-mas-403-wrong-secret') }
        if (!query.has('localpart')) return { status: 400, body: fixture('synapse-mas-400-no-localpart') }
        return { status: 200, body: {} }
      },
    },
  }
}

const masDocument = ({ off }: Places): string =>
  off.has('password') ? 'mas-openid-configuration-no-password-registration' : 'synapse-mas-auth-metadata'

/** MAS's compatibility layer, as it is seen behind the homeserver's address. */
const compatRoutes = ({ fixture, off }: Places): Readonly<Record<string, Route>> => {
  const badGateway: Reply = {
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html>502 Bad Gateway</html>',
  }
  const unknown: Reply = {
    status: 401,
    body: { errcode: 'M_UNKNOWN_TOKEN', error: 'Unrecognised access token', soft_logout: false },
  }
  const atMas =
    (route: Route): Route =>
    (asked) =>
      off.has('mas') ? badGateway : route(asked)
  return {
    'GET /_matrix/client/v3/login': atMas(() => ({
      status: 200,
      body: fixture(off.has('password') ? 'mas-login-flows-passwords-off' : 'mas-login-flows'),
    })),
    'POST /_matrix/client/v3/logout': atMas(({ token }) =>
      token === undefined
        ? { status: 401, body: { errcode: 'M_MISSING_TOKEN', error: 'Missing access token' } }
        : unknown,
    ),
    'POST /_matrix/client/v3/refresh': atMas(() => unknown),
  }
}
