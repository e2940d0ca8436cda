import { ANY_ORIGIN, type Places, type Product } from './stand-in-product.ts'
import { forUser } from './stand-in-synapse.ts'

/** Dendrite: passwords, no OAuth, no SSO. */
export const dendrite = ({ fixture, homeserver }: Places): Product => {
  const missing = { errcode: 'M_MISSING_TOKEN', error: 'Missing access token' }
  const unknown = fixture('dendrite-whoami-401')
  return {
    cors: () => ({
      ...ANY_ORIGIN,
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': 'Origin, X-Requested-With, Content-Type, Accept, Authorization',
    }),
    preflight: () => ({ status: 200 }),
    otherwise: () => ({ status: 404, body: fixture('dendrite-404') }),
    routes: {
      'GET /.well-known/matrix/client': () => ({ status: 200, body: { 'm.homeserver': { base_url: homeserver } } }),
      'GET /_matrix/client/versions': () => ({ status: 200, body: fixture('dendrite-versions-list') }),
      'GET /_matrix/federation/v1/version': () => ({
        status: 200,
        body: { server: { name: 'Dendrite', version: '0.15.2' } },
      }),
      'GET /_matrix/client/v3/login': () => ({ status: 200, body: fixture('dendrite-login-flows') }),
      'POST /_matrix/client/v3/logout': forUser(missing, unknown, () => ({ status: 200, body: {} })),
      'GET /_matrix/client/v3/register/available': () => ({ status: 200, body: { available: true } }),
      'GET /_matrix/client/v3/account/whoami': forUser(missing, unknown, () => ({
        status: 200,
        body: { user_id: '@alice:example.org', device_id: 'ALICEDEVICE', is_guest: false },
      })),
      'GET /_matrix/client/v3/capabilities': forUser(missing, unknown, () => ({
        status: 200,
        body: {
          capabilities: {
            'm.change_password': { enabled: true },
            'm.room_versions': { default: '10', available: { 10: 'stable' } },
          },
        },
      })),
    },
  }
}
