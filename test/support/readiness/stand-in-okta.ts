import { ANY_ORIGIN, type Places, type Product, page, type Reply } from './stand-in-product.ts'

const BASE = '/oauth2/default'

/** What Okta answers a registration without a token is not published: its envelope of errors is. */
const needsToken: Reply = {
  status: 403,
  body: {
    errorCode: 'E0000006',
    errorSummary: 'You do not have permission to perform the requested action',
    errorLink: 'E0000006',
    errorId: 'oaeStandIn',
    errorCauses: [],
  },
}

/** An authorization server of one's own in Okta (`default`): no Matrix scopes, registration with a token only. */
export const okta = ({ fixture }: Places): Product => {
  const unknownClient: Reply = {
    status: 401,
    body: { error: 'invalid_client', error_description: "Invalid value for 'client_id' parameter." },
  }
  return {
    // For documents only: other operations are for origins that the administrators list.
    cors: ({ path }) => (path.includes('/.well-known/') || path.endsWith('/keys') ? ANY_ORIGIN : {}),
    preflight: () => ({ status: 200 }),
    otherwise: () => ({
      status: 404,
      body: { errorCode: 'E0000022', errorSummary: 'The endpoint does not support the provided HTTP method' },
    }),
    routes: {
      [`GET ${BASE}/.well-known/openid-configuration`]: () => ({
        status: 200,
        body: fixture('okta-default-openid-configuration'),
      }),
      [`GET ${BASE}/.well-known/oauth-authorization-server`]: () => ({
        status: 200,
        body: fixture('okta-default-oauth-authorization-server'),
      }),
      [`GET ${BASE}/v1/keys`]: () => ({ status: 200, body: { keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] } }),
      [`GET ${BASE}/v1/authorize`]: () => page(400, 'Bad request'),
      [`POST ${BASE}/v1/token`]: () => unknownClient,
      [`POST ${BASE}/v1/revoke`]: () => unknownClient,
      [`POST ${BASE}/v1/introspect`]: () => unknownClient,
      [`POST ${BASE}/v1/device/authorize`]: () => unknownClient,
      'POST /oauth2/v1/clients': ({ token }) =>
        token === undefined
          ? needsToken
          : { status: 401, body: { errorCode: 'E0000011', errorSummary: 'Invalid token provided' } },
    },
  }
}
