import type { Asked, Places, Product, Reply, Route } from './stand-in-product.ts'
import { STAND_IN_TOKEN } from './stand-in-product.ts'

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization, Date',
}

export const VERSION_1_163 = { server: { name: 'Synapse', version: '1.163.2' } }

/** The parts that Synapse 1.163 has with and without MAS. */
export const synapseRoutes = ({ fixture }: Places): Readonly<Record<string, Route>> => ({
  'GET /_matrix/client/versions': () => ({ status: 200, body: fixture('synapse-1.163-versions') }),
  'GET /_matrix/federation/v1/version': () => ({ status: 200, body: VERSION_1_163 }),
})

/** On everything, errors too. */
export const synapseManners = ({ fixture }: Places): Pick<Product, 'cors' | 'preflight' | 'otherwise'> => ({
  cors: () => CORS,
  preflight: () => ({ status: 204, headers: CORS }),
  otherwise: () => ({ status: 404, body: fixture('synapse-404-unrecognized') }),
})

/** 401 of a route that wants a user's token; what it answers to the user. */
export const forUser =
  (missing: unknown, unknown: unknown, answer: () => Reply): Route =>
  ({ token }: Asked) => {
    if (token === undefined) return { status: 401, body: missing }
    return token === STAND_IN_TOKEN ? answer() : { status: 401, body: unknown }
  }

/** Synapse 1.163 without an OP: passwords, its own sessions, no OAuth. */
export const synapse = (places: Places): Product => {
  const { fixture, off } = places
  const missing = fixture('synapse-whoami-401-missing')
  const unknown = fixture('synapse-whoami-401-bad-no-mas')
  return {
    ...synapseManners(places),
    routes: {
      ...synapseRoutes(places),
      'GET /.well-known/matrix/client': () => ({ status: 200, body: fixture('synapse-well-known-client') }),
      'GET /_matrix/client/v3/login': () => ({
        status: 200,
        body: fixture(off.has('password') ? 'synapse-login-flows-oidc' : 'synapse-login-flows-password'),
      }),
      'POST /_matrix/client/v3/logout': forUser(missing, unknown, () => ({ status: 200, body: {} })),
      'POST /_matrix/client/v3/refresh': ({ json, violation }) => {
        if (typeof json?.['refresh_token'] !== 'string') violation('no refresh_token')
        return { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN', error: "refresh token isn't valid anymore" } }
      },
      'GET /_matrix/client/v3/register/available': ({ query, violation }) => {
        if (!/^[a-z0-9._=/+-]+$/u.test(query.get('username') ?? '')) violation('no username that could be one')
        if (off.has('registration')) {
          return { status: 403, body: { errcode: 'M_FORBIDDEN', error: 'Registration has been disabled' } }
        }
        return { status: 200, body: { available: true } }
      },
      'GET /_matrix/client/v3/account/whoami': forUser(missing, unknown, () => ({
        status: 200,
        body: { user_id: '@alice:example.org', is_guest: false, device_id: 'ALICEDEVICE' },
      })),
      'GET /_matrix/client/v3/capabilities': forUser(missing, unknown, () => ({
        status: 200,
        body: fixture('synapse-capabilities'),
      })),
    },
  }
}
