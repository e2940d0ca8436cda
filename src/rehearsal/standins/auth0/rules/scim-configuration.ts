import { reading } from './examples.ts'
import { specified } from './published.ts'
import { posting, refused, shown, withoutScope } from './requests.ts'
import type { Given, Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const CONFIGURATION = '/api/v2/connections/{enterprise}/scim-configuration'
const TOKENS = `${CONFIGURATION}/tokens`
const CREATE = 'POST /connections/{id}/scim-configuration'
const CREATE_TOKEN = 'POST /connections/{id}/scim-configuration/tokens'
const WITHOUT = { enterprise: { strategy: 'oidc', scim: false } } as const
const WITH = { enterprise: { strategy: 'oidc', scim: true } } as const

/** Of Microsoft Entra, whose people have an object id beside their `sub`. */
const entra = (attribute: string): Given => ({
  enterprise: { strategy: 'waad', scim: true, options: { userid_attribute: attribute } },
})

const FROM_ENTRA: readonly [Step, Step] = [
  posting(
    '/scim/v2/connections/{enterprise}/Users',
    { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ann', externalId: 'object-id-of-ann' },
    { as: 'SCIM' },
  ),
  {
    kind: 'upstream login',
    connection: '{enterprise name}',
    subject: 'sub-of-ann',
    claims: { oid: 'object-id-of-ann' },
  },
]

/** Whether a connection has inbound SCIM, and the tokens for it. */
export const SCIM_CONFIGURATION_RULES: readonly Rule[] = [
  {
    id: 'scim.configuration.enterprise',
    says: 'SAML, OpenID Connect, Okta and Entra connections can have SCIM, databases cannot.',
    sources: [
      says('scim', 'The following Auth0 connection types are currently supported:'),
      specified(CREATE, '"responses": {"201", "400", "404"}'),
    ],
    keeps: { given: WITHOUT, steps: [posting(CONFIGURATION, { user_id_attribute: 'externalId', mapping: [] })] },
    breaks: [
      {
        wrong: 'a database',
        steps: [posting('/api/v2/connections/{connection}/scim-configuration', {})],
        refusal: refused(400),
      },
      {
        wrong: 'a connection that is not there',
        steps: [posting('/api/v2/connections/con_0000000000000000/scim-configuration', {})],
        refusal: refused(404),
      },
      {
        wrong: 'another property',
        given: WITHOUT,
        steps: [posting(CONFIGURATION, { attribute: 'externalId' })],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
  {
    id: 'scim.configuration.entra',
    says: 'Who comes from Entra is whom SCIM has made where the connection takes the object id for the user id, and not the `sub`.',
    sources: [
      says(
        'scimEntra',
        '**User ID Attribute Type** is set to **User Object Identifier (oid)** and **Use Common Endpoint** toggle is **Disabled**',
      ),
      {
        title: 'Auth0 Node.js SDK: ConnectionUseridAttributeAzureAd',
        page: 'https://auth0.github.io/node-auth0/types/management.Management.ConnectionUseridAttributeAzureAd.html',
        quote:
          "'oid' (Object ID) is recommended for single-tenant connections and required for SCIM. 'sub' (Subject) is required for multi-tenant/common endpoint.",
        grade: 'documented',
      },
    ],
    keeps: {
      given: entra('oid'),
      steps: [...FROM_ENTRA, reading('/api/v2/users/waad%7C{enterprise name}%7Cobject-id-of-ann')],
    },
    breaks: [
      {
        wrong: 'made by the object id, and the connection goes by the sub: they arrive as somebody else',
        given: entra('sub'),
        steps: FROM_ENTRA,
        refusal: shown('/api/v2/users/waad%7C{enterprise name}%7Csub-of-ann', { logins_count: 1 }),
      },
    ],
  },
  {
    id: 'scim.configuration.read',
    says: 'A connection without SCIM has no configuration to read.',
    sources: [specified('GET /connections/{id}/scim-configuration', '"responses": {"200", "400", "404"}')],
    keeps: { given: WITH, steps: [reading(CONFIGURATION, ['read:scim_config'])] },
    breaks: [
      { wrong: 'none is there', given: WITHOUT, steps: [reading(CONFIGURATION)], refusal: refused(404) },
      {
        wrong: 'may only read connections',
        given: WITH,
        steps: [reading(CONFIGURATION, ['read:connections'])],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'scim.tokens.two',
    says: 'A connection has two tokens at most.',
    sources: [
      says('scim', 'The Generate New Token option generates up to two active tokens for this SCIM endpoint'),
      specified(CREATE_TOKEN, '"responses": {"201", "400", "404", "409"}'),
    ],
    keeps: { given: WITH, steps: [posting(TOKENS, { scopes: ['get:users', 'post:users'] })] },
    breaks: [
      {
        wrong: 'a third',
        given: WITH,
        steps: [posting(TOKENS, {}), posting(TOKENS, {}), posting(TOKENS, {})],
        refusal: refused(409),
      },
    ],
  },
  {
    id: 'scim.tokens.lifetime',
    says: 'A token lives 900 seconds at least.',
    sources: [says('scim', 'The minimum allowed expiration time is 900 seconds.')],
    keeps: { given: WITH, steps: [posting(TOKENS, { token_lifetime: 900 })] },
    breaks: [
      {
        wrong: '899 seconds',
        given: WITH,
        steps: [posting(TOKENS, { token_lifetime: 899 })],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'an empty list of scopes',
        given: WITH,
        steps: [posting(TOKENS, { scopes: [] })],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'a scope that does not exist',
        given: WITH,
        steps: [posting(TOKENS, { scopes: ['create:users'] })],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
  {
    id: 'scim.tokens.scope',
    says: 'Making a token needs the scope create:scim_token.',
    sources: [specified(CREATE_TOKEN, '"oAuth2ClientCredentials": ["create:scim_token"]')],
    keeps: { given: WITH, steps: [posting(TOKENS, {}, { scopes: ['create:scim_token'] })] },
    breaks: [
      {
        wrong: 'may only configure',
        given: WITH,
        steps: [posting(TOKENS, {}, { scopes: ['create:scim_config'] })],
        refusal: withoutScope,
      },
    ],
  },
]
