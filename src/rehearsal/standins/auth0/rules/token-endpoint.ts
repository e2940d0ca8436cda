import { inferred, seenByOthers } from './published.ts'
import { refusedAs } from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says, specifiedByAuthentication } from './users-published.ts'

const PATH = '/oauth/token'

const GRANT = {
  grant_type: 'client_credentials',
  client_id: '{client}',
  client_secret: '{secret}',
  audience: '{url}/api/v2/',
}

const asForm = (form: Readonly<Record<string, string>>): Step => ({
  kind: 'request',
  request: { method: 'POST', path: PATH, form, as: 'nobody' },
})

const asJson = (json: unknown): Step => ({
  kind: 'request',
  request: { method: 'POST', path: PATH, json, as: 'nobody' },
})

/** Tokens of the Management API. */
export const TOKEN_ENDPOINT_RULES: readonly Rule[] = [
  {
    id: 'token.client',
    says: 'The application shows its id and its secret.',
    sources: [
      seenByOthers(
        'Access denied with correct client ID, secret (node-auth0#682)',
        'https://github.com/auth0/node-auth0/issues/682',
        '{"error":"access_denied","error_description":"Unauthorized"}',
      ),
      specifiedByAuthentication('"401": {"description": "Unauthorized - Invalid client credentials"'),
    ],
    keeps: { steps: [asForm(GRANT)] },
    breaks: [
      {
        wrong: 'a wrong secret',
        steps: [asForm({ ...GRANT, client_secret: 'wrong' })],
        refusal: refusedAs(401, 'access_denied', 'Unauthorized'),
      },
      {
        wrong: 'an id of none',
        steps: [asForm({ ...GRANT, client_id: 'nobody' })],
        refusal: refusedAs(401, 'access_denied', 'Unauthorized'),
      },
      {
        wrong: 'no secret',
        steps: [asJson({ ...GRANT, client_secret: undefined })],
        refusal: refusedAs(401, 'access_denied', 'Unauthorized'),
      },
    ],
  },
  {
    id: 'token.media-type',
    says: 'The request is a form, or JSON.',
    sources: [
      says('managementToken', "--header 'content-type: application/x-www-form-urlencoded'"),
      specifiedByAuthentication('"requestBody": {"required": true, "content": {"application/x-www-form-urlencoded"'),
    ],
    keeps: { steps: [asJson(GRANT)] },
    breaks: [
      {
        wrong: 'nothing',
        steps: [{ kind: 'request', request: { method: 'POST', path: PATH, as: 'nobody' } }],
        refusal: refusedAs(400, 'invalid_request'),
      },
    ],
  },
  {
    id: 'token.grant_type',
    says: 'The grant is one of those that there are.',
    sources: [
      specifiedByAuthentication('"error": "unsupported_grant_type", "error_description": "Grant type not supported"'),
      specifiedByAuthentication('"error": "invalid_request", "error_description": "Missing required parameter: code"'),
    ],
    keeps: { steps: [asForm(GRANT)] },
    breaks: [
      {
        wrong: 'none',
        steps: [asJson({ ...GRANT, grant_type: undefined })],
        refusal: refusedAs(400, 'invalid_request', 'Missing required parameter: grant_type'),
      },
      {
        wrong: 'another',
        steps: [asForm({ ...GRANT, grant_type: 'secret' })],
        refusal: refusedAs(400, 'unsupported_grant_type'),
      },
    ],
  },
  {
    id: 'token.grant-allowed',
    says: 'The application may use the grant.',
    sources: [
      seenByOthers(
        'Unable to login after newest update of datatools-server (ibi-group/datatools-server#487)',
        'https://github.com/ibi-group/datatools-server/issues/487',
        '{"error":"unauthorized_client","error_description":"Grant type \'client_credentials\' not allowed for the client."',
      ),
    ],
    keeps: { given: { grantTypes: ['client_credentials'] }, steps: [asForm(GRANT)] },
    breaks: [
      {
        wrong: 'it may not',
        given: { grantTypes: ['password'] },
        steps: [asForm(GRANT)],
        refusal: refusedAs(403, 'unauthorized_client', "Grant type 'client_credentials' not allowed for the client."),
      },
    ],
  },
  {
    id: 'token.audience',
    says: 'The audience is the Management API, as its identifier says it.',
    sources: [
      seenByOthers(
        'Service not enabled within domain (terraform-provider-auth0#951)',
        'https://github.com/auth0/terraform-provider-auth0/issues/951',
        'Service not enabled within domain: https://sample.api.com',
      ),
      says('managementToken', 'This is the value of the Identifier field of the `Auth0 Management API`.'),
    ],
    keeps: { steps: [asForm(GRANT)] },
    breaks: [
      {
        wrong: 'another API',
        steps: [asForm({ ...GRANT, audience: 'https://sample.api.example' })],
        refusal: refusedAs(403, 'access_denied', 'Service not enabled within domain: https://sample.api.example'),
      },
      {
        wrong: 'without the slash at its end',
        steps: [asForm({ ...GRANT, audience: '{url}/api/v2' })],
        refusal: refusedAs(403, 'access_denied'),
      },
      {
        wrong: 'none',
        steps: [asJson({ ...GRANT, audience: undefined })],
        refusal: refusedAs(
          403,
          'access_denied',
          'No audience parameter was provided, and no default audience has been configured',
        ),
      },
    ],
  },
  {
    id: 'token.lifetime',
    says: 'A token is good for 86,400 seconds, as its answer says.',
    sources: [says('managementToken', '"expires_in": 86400'), inferred(says('managementToken', 'an expiration time'))],
    keeps: {
      steps: [asForm(GRANT), { kind: 'request', request: { method: 'GET', path: '/api/v2/users' } }],
    },
    breaks: [
      {
        wrong: 'used after it has expired',
        steps: [{ kind: 'request', request: { method: 'GET', path: '/api/v2/users', as: 'somebody expired' } }],
        refusal: { kind: 'answer', status: 401 },
      },
      {
        wrong: 'none at all',
        steps: [{ kind: 'request', request: { method: 'GET', path: '/api/v2/users', as: 'nobody' } }],
        refusal: { kind: 'answer', status: 401 },
      },
      {
        wrong: 'one for another API',
        steps: [{ kind: 'request', request: { method: 'GET', path: '/api/v2/users', as: 'a wrong audience' } }],
        refusal: { kind: 'answer', status: 401 },
      },
    ],
  },
]
