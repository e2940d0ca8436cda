import { importing } from './examples.ts'
import { ALREADY_EXISTS, INVALID_FORMAT_SEEN, pageSays } from './pages.ts'
import { seenByOthers } from './published.ts'
import { FLEXIBLE, row } from './row-rule.ts'
import type { Break, Given, Refusal, Rule } from './rule.ts'

const ADA = { user_id: 'ada', email: 'ada@example.com', email_verified: true, username: 'ada' }
const ADA_THERE: Given = { users: [ADA] }

const EXISTS: Refusal = {
  kind: 'row',
  index: 0,
  code: 'DUPLICATED_USER',
  message: 'The user already exist and upsert parameter is false',
}

const FAILS_ON_MATCH = pageSays(
  'imports',
  'By default, upserts are disabled. Imports of users that match on email address, user ID, phone, or username fail.',
)

const takenRule = (field: string, given: Given, free: object, taken: readonly [wrong: string, row: object]): Rule => ({
  id: `row.${field}.unique`,
  says: `A row without upsert is refused where somebody has its \`${field}\`.`,
  sources: [FAILS_ON_MATCH, ALREADY_EXISTS],
  keeps: { given, steps: [importing(free)] },
  breaks: [{ wrong: taken[0], given, steps: [importing(taken[1])], refusal: EXISTS }],
})

const twice = (wrong: string, first: object, second: object): Break => ({
  wrong,
  steps: [importing(first, second)],
  refusal: { kind: 'row', index: 1, code: 'DUPLICATED_USER', message: 'was already provided' },
})

/** What two users cannot both have. */
export const UNIQUENESS_RULES: readonly Rule[] = [
  takenRule('email', ADA_THERE, row({ email: 'grace@example.com' }), [
    'the same address in capital letters',
    row({ email: 'ADA@example.com' }),
  ]),
  takenRule('username', ADA_THERE, row({ email: 'grace@example.com', username: 'grace' }), [
    'the same name in capital letters',
    row({ email: 'grace@example.com', username: 'Ada' }),
  ]),
  takenRule('user_id', ADA_THERE, row({ email: 'grace@example.com', user_id: 'grace' }), [
    'the same id',
    row({ email: 'grace@example.com', user_id: 'ada' }),
  ]),
  takenRule(
    'phone_number',
    { ...FLEXIBLE, users: [{ ...ADA, phone_number: '+12125550001' }] },
    row({ email: 'grace@example.com', phone_number: '+12125550002' }),
    ['the same number', row({ email: 'grace@example.com', phone_number: '+12125550001' })],
  ),
  {
    id: 'row.email.shared',
    says: 'Where the e-mail attribute is not unique, several users have one address.',
    sources: [
      pageSays(
        'shared e-mail',
        'Non-Unique Emails allows multiple user accounts that share a database connection to use one email address',
      ),
    ],
    keeps: {
      given: {
        users: [ADA],
        connection: {
          options: {
            attributes: {
              email: { unique: false, identifier: { active: false }, profile_required: true },
              username: {
                identifier: { active: true },
                profile_required: true,
                validation: { min_length: 1, max_length: 128 },
              },
            },
          },
        },
      },
      steps: [importing(row({ username: 'grace' }))],
    },
    breaks: [
      {
        wrong: 'on a connection that says nothing of it',
        given: ADA_THERE,
        steps: [importing(row({ username: 'grace' }))],
        refusal: EXISTS,
      },
    ],
  },
  {
    id: 'row.duplicate-in-file',
    says: 'Two rows of one file with the same e-mail address, username or user_id: the second is refused, also with upsert.',
    sources: [
      pageSays(
        'imports',
        'Duplicated user entries in the import file cause an error. They do not cause an import followed by an upsert.',
      ),
      seenByOthers(
        INVALID_FORMAT_SEEN.title,
        INVALID_FORMAT_SEEN.page,
        'A user with this [email|username|user_id] was already provided.',
      ),
    ],
    keeps: { steps: [importing(row(), row({ email: 'grace@example.com' }))] },
    breaks: [
      twice('the same address twice', row(), row({ email: 'Ada@example.com' })),
      twice('the same username twice', row({ username: 'ada' }), row({ email: 'g@example.com', username: 'ADA' })),
      twice('the same user_id twice', row({ user_id: 'ada' }), row({ email: 'g@example.com', user_id: 'ada' })),
    ],
  },
]
