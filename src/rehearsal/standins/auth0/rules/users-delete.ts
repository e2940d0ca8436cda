import { inferred, specified } from './published.ts'
import { ANN_PATH, ANN_THERE, deleting, gone, refused, shown, withoutScope } from './requests.ts'
import type { Rule } from './rule.ts'

const DELETE = 'DELETE /users/{id}'
const BY_EMAIL = 'DELETE /connections/{id}/users'

/** Deleting users, which cannot be undone. */
export const USERS_DELETE_RULES: readonly Rule[] = [
  {
    id: 'users.delete',
    says: 'A deleted user is gone at once.',
    sources: [inferred(specified(DELETE, '"responses": {"204", "400", "401", "403", "429"}'))],
    keeps: { given: ANN_THERE, steps: [deleting(ANN_PATH)] },
    breaks: [
      {
        wrong: 'read after it',
        given: ANN_THERE,
        steps: [deleting(ANN_PATH)],
        refusal: gone(ANN_PATH),
      },
    ],
  },
  {
    id: 'users.delete.absent',
    says: 'Deleting somebody who is not there is answered as if they had been.',
    sources: [inferred(specified(DELETE, '"responses": {"204", "400", "401", "403", "429"}'))],
    keeps: { steps: [deleting(ANN_PATH)] },
    breaks: [
      {
        wrong: 'taken for a proof that they were there',
        given: ANN_THERE,
        steps: [deleting('/api/v2/users/auth0%7Canna')],
        refusal: shown(ANN_PATH, { user_id: 'auth0|ann' }),
      },
    ],
  },
  {
    id: 'users.delete.scope',
    says: 'Deleting a user needs the scope delete:users.',
    sources: [specified(DELETE, '"oAuth2ClientCredentials": ["delete:users", "delete:current_user"]')],
    keeps: { given: ANN_THERE, steps: [deleting(ANN_PATH, { scopes: ['delete:users'] })] },
    breaks: [
      {
        wrong: 'may only create and change',
        given: ANN_THERE,
        steps: [deleting(ANN_PATH, { scopes: ['create:users', 'update:users'] })],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'connection-users.delete.email',
    says: 'A connection deletes one of its users by the e-mail address.',
    sources: [specified(BY_EMAIL, '{"name": "email", "in": "query", "required": true')],
    keeps: {
      given: ANN_THERE,
      steps: [deleting('/api/v2/connections/{connection}/users?email=ann%40example.org')],
    },
    breaks: [
      {
        wrong: 'no address, as if that were everybody',
        given: ANN_THERE,
        steps: [deleting('/api/v2/connections/{connection}/users')],
        refusal: refused(400, 'invalid_query_string'),
      },
    ],
  },
]
