import { reading } from './examples.ts'
import { inferred, seenByOthers } from './published.ts'
import { deleting, eachOf, posting, refused } from './requests.ts'
import type { ApiRequest, Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const USERS = '/scim/v2/connections/{enterprise}/Users'
const WITH = { enterprise: { strategy: 'oidc', scim: true } } as const

const ANN = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'ann',
  externalId: 'ann-at-idp',
  active: true,
  emails: [{ value: 'ann@example.org', primary: true }],
}

const provisioning = (user: unknown, scopes?: readonly string[]): Step =>
  posting(USERS, user, { as: 'SCIM', ...(scopes === undefined ? {} : { scopes }) })

const asking = (path: string, scopes?: readonly string[], as: ApiRequest['as'] = 'SCIM'): Step => ({
  kind: 'request',
  request: { method: 'GET', path, as, ...(scopes === undefined ? {} : { scopes }) },
})

/** Users by the endpoint of inbound SCIM. */
export const SCIM_RULES: readonly Rule[] = [
  {
    id: 'scim.users.token',
    says: 'The SCIM endpoint takes tokens of its own connection, with the permission for what is asked.',
    sources: [
      says('scim', 'Each enterprise customer gets a connection-specific SCIM endpoint and token'),
      says('scim', 'post:users - Allows users to be created'),
    ],
    keeps: { given: WITH, steps: [provisioning(ANN, ['post:users'])] },
    breaks: [
      {
        wrong: 'a token of the Management API',
        given: WITH,
        steps: [posting(USERS, ANN, { as: 'management' })],
        refusal: refused(401),
      },
      { wrong: 'none', given: WITH, steps: [asking(USERS, undefined, 'nobody')], refusal: refused(401) },
      { wrong: 'may only read', given: WITH, steps: [provisioning(ANN, ['get:users'])], refusal: refused(403) },
    ],
  },
  {
    id: 'scim.users.userName',
    says: 'A user has a userName, a text.',
    sources: [
      says('scim', 'attributes from the SCIM 2.0 core schema and enterprise schema extension'),
      inferred(
        seenByOthers(
          'RFC 7643, 4.1.1',
          'https://datatracker.ietf.org/doc/html/rfc7643#section-4.1.1',
          "A service provider's unique identifier for the user",
        ),
      ),
    ],
    keeps: { given: WITH, steps: [provisioning({ userName: 'ann', externalId: 'ann-at-idp' })] },
    breaks: [
      {
        wrong: 'none',
        given: WITH,
        steps: [provisioning({ ...ANN, userName: undefined })],
        refusal: refused(400),
      },
      { wrong: 'a number', given: WITH, steps: [provisioning({ ...ANN, userName: 7 })], refusal: refused(400) },
    ],
  },
  {
    id: 'scim.users.externalId',
    says: 'A user of an OpenID Connect connection has the subject as externalId, by which the login finds them.',
    sources: [
      says(
        'scimSubject',
        'to send the same value in both the ID token `sub` attribute and the SCIM `externalId` attribute',
      ),
      seenByOthers(
        'SCIM PATCH/DELETE fails on SAML enterprise connections',
        'https://community.auth0.com/t/scim-patch-delete-fails-on-saml-enterprise-connections-non-url-safe-id-in-create-response/197855',
        '"id": "samlp|my-saml-connection|username"',
      ),
    ],
    keeps: {
      given: WITH,
      steps: [provisioning(ANN), reading('/api/v2/users/oidc%7C{enterprise name}%7Cann-at-idp')],
    },
    breaks: [
      {
        wrong: 'none',
        given: WITH,
        steps: [provisioning({ ...ANN, externalId: undefined })],
        refusal: refused(400),
      },
    ],
  },
  {
    id: 'scim.users.unique',
    says: 'The attributes userName and externalId belong to one user of a connection.',
    sources: [
      inferred(
        seenByOthers(
          'RFC 7644, 3.3',
          'https://datatracker.ietf.org/doc/html/rfc7644#section-3.3',
          'the service provider MUST return HTTP status code 409 (Conflict) with a "scimType" error code of "uniqueness"',
        ),
      ),
    ],
    keeps: {
      given: WITH,
      steps: [provisioning(ANN), provisioning({ ...ANN, userName: 'bea', externalId: 'bea-at-idp' })],
    },
    breaks: [
      { wrong: 'the same', given: WITH, steps: [provisioning(ANN), provisioning(ANN)], refusal: refused(409) },
      {
        wrong: 'the same externalId',
        given: WITH,
        steps: [provisioning(ANN), provisioning({ ...ANN, userName: 'anna' })],
        refusal: refused(409),
      },
    ],
  },
  {
    id: 'scim.users.filter',
    says: 'A search has the operators eq, and, or.',
    sources: [says('scim', 'Supported operators are Equals (EQ), and (AND), and or (OR).')],
    keeps: {
      given: WITH,
      steps: [provisioning(ANN), asking(`${USERS}?filter=${encodeURIComponent('externalId eq "ann-at-idp"')}`)],
    },
    breaks: eachOf(['userName co "an"', 'userName', 'userName eq ann'], (filter) => ({
      wrong: filter,
      given: WITH,
      steps: [asking(`${USERS}?filter=${encodeURIComponent(filter)}`)],
      refusal: refused(400),
    })),
  },
  {
    id: 'scim.users.delete',
    says: 'A user is deleted by their user_id.',
    sources: [says('scim', 'Deletes a user in Auth0, using their user ID value in Auth0')],
    keeps: { given: WITH, steps: [provisioning(ANN), deleting(`${USERS}/{id}`, { as: 'SCIM' })] },
    breaks: [
      {
        wrong: 'nobody',
        given: WITH,
        steps: [deleting(`${USERS}/oidc%7Cnobody`, { as: 'SCIM' })],
        refusal: refused(404),
      },
    ],
  },
]
