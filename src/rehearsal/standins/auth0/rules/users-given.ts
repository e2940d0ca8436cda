import { reading } from './examples.ts'
import { specified } from './published.ts'
import { ANN_PATH, ANN_THERE, withoutScope } from './requests.ts'
import type { Rule, Source } from './rule.ts'
import { says } from './users-published.ts'

const listed = (id: string, of: string, scope: string, sources: readonly [Source, ...Source[]]): Rule => ({
  id,
  says: `Reading the ${of.replace('-', ' ')} of a user needs the scope ${scope}.`,
  sources,
  keeps: { given: ANN_THERE, steps: [reading(`${ANN_PATH}/${of}`, [scope])] },
  breaks: [
    {
      wrong: 'may only change users',
      given: ANN_THERE,
      steps: [reading(`${ANN_PATH}/${of}`, ['update:users'])],
      refusal: withoutScope,
    },
  ],
})

/** What users have been given beside their profile, which goes with them. */
export const USERS_GIVEN_RULES: readonly Rule[] = [
  listed('users.roles.scope', 'roles', 'read:roles', [
    says('roles', 'with the scopes `read:users` and `read:roles`'),
    specified('GET /users/{id}/roles', '"oAuth2ClientCredentials": ["read:users", "read:roles", "read:role_members"]'),
  ]),
  listed('users.permissions.scope', 'permissions', 'read:users', [
    says('permissions', 'with the scope `read:users`'),
    specified('GET /users/{id}/permissions', '"oAuth2ClientCredentials": ["read:users"]'),
  ]),
  listed('users.organizations.scope', 'organizations', 'read:organizations', [
    specified('GET /users/{id}/organizations', '"oAuth2ClientCredentials": ["read:organizations"]'),
  ]),
  listed('users.authentication-methods.scope', 'authentication-methods', 'read:authentication_methods', [
    specified('GET /users/{id}/authentication-methods', '"oAuth2ClientCredentials": ["read:authentication_methods"]'),
  ]),
]
