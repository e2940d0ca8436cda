import { pageSays } from './pages.ts'
import { specified } from './published.ts'
import { ANN_PATH, ANN_THERE, patching, refused, shown } from './requests.ts'
import type { Rule } from './rule.ts'
import { says } from './users-published.ts'

const REQUIRED = 'present across all operations that create or update a user profile on this connection.'

const attribute = { identifier: { active: true }, profile_required: true }

/** Ann, at a connection that requires an address and a username of everybody. */
const BOTH_REQUIRED = {
  ...ANN_THERE,
  connection: {
    options: {
      attributes: { email: attribute, username: { ...attribute, validation: { min_length: 1, max_length: 128 } } },
    },
  },
}

/** What null does in a change of a user. */
export const USERS_UNSET_RULES: readonly Rule[] = [
  {
    id: 'users.update.null',
    says: 'Null takes an attribute away, where it is one that can go.',
    sources: [
      says('update', 'Supported attributes can be unset by supplying `null` as the value.'),
      specified('PATCH /users/{id}', '"email": {"format": "email", "type": ["string", "null"]}'),
      specified('PATCH /users/{id}', '"blocked": {"type": "boolean"'),
    ],
    keeps: {
      given: ANN_THERE,
      steps: [patching(ANN_PATH, { given_name: 'Ann' }), patching(ANN_PATH, { given_name: null })],
    },
    breaks: [
      {
        wrong: 'null for the name, as if nothing were said of it',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { given_name: 'Ann' }), patching(ANN_PATH, { given_name: null })],
        refusal: shown(ANN_PATH, { given_name: undefined }),
      },
      {
        wrong: 'null for what is true or false',
        given: ANN_THERE,
        steps: [patching(ANN_PATH, { blocked: null })],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
  {
    id: 'users.update.null.required',
    says: 'What the connection requires of everybody cannot be taken away.',
    sources: [
      pageSays('attributes', `Requires email to be ${REQUIRED}`),
      pageSays('attributes', `Requires username to be ${REQUIRED}`),
    ],
    keeps: { given: BOTH_REQUIRED, steps: [patching(ANN_PATH, { username: 'anna' })] },
    breaks: [
      {
        wrong: 'null for the address',
        given: BOTH_REQUIRED,
        steps: [patching(ANN_PATH, { email: null })],
        refusal: refused(400, 'invalid_body'),
      },
      {
        wrong: 'null for the username',
        given: BOTH_REQUIRED,
        steps: [patching(ANN_PATH, { username: null })],
        refusal: refused(400, 'invalid_body'),
      },
    ],
  },
]
