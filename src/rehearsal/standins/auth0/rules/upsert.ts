import { importing } from './examples.ts'
import { HASHED_ANEW, MISSING_IN_UPSERT, NO_HASH_IMPORTED, NO_OTHER_HASH, pageSays } from './pages.ts'
import { loggingIn, WRONG_PASSWORD } from './password-login.ts'
import { inferred } from './published.ts'
import { row } from './row-rule.ts'
import type { Given, Refusal, Rule, Step } from './rule.ts'

// bcrypt of `correct horse` and of `fish`, cost 4, to be quick.
const HORSE = '$2b$04$j5QKgedFw1SsmEoh19eNCu9VJmTsqe4tt8ci5EOMtZ1wAkq6Ab94q'
const FISH = '$2b$04$rV7d/bmJu1ps7CS90ZMTN.WDSveLxGKPcK1DwiaUcXAqEu5z8Z4Zm'

const ADA = { user_id: 'ada', email: 'ada@example.com', email_verified: true, username: 'ada' }
const ADA_THERE: Given = { users: [{ ...ADA, app_metadata: { plan: 'free', since: 2019 } }] }
const GRACE_TOO: Given = { users: [ADA, { user_id: 'grace', email: 'grace@example.com', username: 'grace' }] }

const upserting = (...rows: readonly unknown[]): Step => ({ kind: 'import', rows, fields: { upsert: 'true' } })
const hash = (value: string) => ({ custom_password_hash: { algorithm: 'bcrypt', hash: { value, encoding: 'utf8' } } })

const readingAda: Step = { kind: 'request', request: { method: 'GET', path: '/api/v2/users/auth0%7Cada' } }

const showsAda = (contains: Readonly<Record<string, unknown>>): Refusal => ({
  kind: 'shows',
  request: { method: 'GET', path: '/api/v2/users/auth0%7Cada' },
  status: 200,
  contains,
})

const HAS_A_HASH: Refusal = {
  kind: 'row',
  index: 0,
  code: 'CONFLICT',
  message: 'A custom_password_hash was provided, but the user already has password hash defined',
}

/** What an import with upsert does to users who are there. */
export const UPSERT_RULES: readonly Rule[] = [
  {
    id: 'upsert.match',
    says: 'With upsert a row is matched with a user by the e-mail address, and by nothing else.',
    sources: [
      pageSays('imports', 'With `upsert` enabled, imports of users matching on email address update all'),
      inferred(pageSays('imports', '* `CONFLICT_USERNAME`')),
    ],
    keeps: { given: ADA_THERE, steps: [upserting(row({ name: 'Ada Lovelace' }))] },
    breaks: [
      {
        wrong: 'the same username, another address',
        given: ADA_THERE,
        steps: [upserting(row({ email: 'lovelace@example.com', username: 'ada' }))],
        refusal: { kind: 'row', index: 0, code: 'CONFLICT_USERNAME' },
      },
      {
        wrong: 'the same user_id, another address',
        given: ADA_THERE,
        steps: [upserting(row({ email: 'lovelace@example.com', user_id: 'ada' }))],
        refusal: { kind: 'row', index: 0, code: 'CONFLICT' },
      },
      {
        wrong: 'the address of one, the username of another',
        given: GRACE_TOO,
        steps: [upserting(row({ username: 'grace' }))],
        refusal: { kind: 'row', index: 0, code: 'CONFLICT_USERNAME' },
      },
    ],
  },
  {
    id: 'upsert.fields',
    says: 'Upsert changes names, picture, metadata, email_verified and an unused custom hash; other fields stay as they are.',
    sources: [
      MISSING_IN_UPSERT,
      pageSays('schema', '<ResponseField name="blocked" type="boolean">'),
      inferred(pageSays('schema', '<ResponseField name="username" type="string">')),
    ],
    keeps: { given: ADA_THERE, steps: [upserting(row({ given_name: 'Ada', family_name: 'Lovelace' })), readingAda] },
    breaks: [
      {
        wrong: 'another username',
        given: ADA_THERE,
        steps: [upserting(row({ username: 'lovelace' }))],
        refusal: showsAda({ username: 'ada' }),
      },
      {
        wrong: 'another user_id',
        given: ADA_THERE,
        steps: [upserting(row({ user_id: 'lovelace' }))],
        refusal: showsAda({ user_id: 'auth0|ada', email: 'ada@example.com' }),
      },
    ],
  },
  {
    id: 'upsert.email_verified',
    says: 'A row that is upserted without `email_verified` makes the address one that is not verified.',
    sources: [
      pageSays('schema', 'Set to `false` by default if `email` is updated by upsert but not `email_verified`.'),
    ],
    keeps: { given: ADA_THERE, steps: [upserting({ email: 'ada@example.com', email_verified: true }), readingAda] },
    breaks: [
      {
        wrong: 'it is left out',
        given: ADA_THERE,
        steps: [upserting({ email: 'ada@example.com' })],
        refusal: showsAda({ email_verified: false }),
      },
    ],
  },
  {
    id: 'upsert.metadata',
    says: 'Metadata of a row takes the place of the metadata there, and is not merged with it.',
    sources: [
      pageSays('imports', 'Upserts do not merge `user_metadata` or `app_metadata`.'),
      pageSays('imports', 'The existing metadata is completely overwritten with the new metadata.'),
    ],
    keeps: { given: ADA_THERE, steps: [upserting(row({ app_metadata: { plan: 'paid', since: 2019 } })), readingAda] },
    breaks: [
      {
        wrong: 'one key only, to change that key',
        given: ADA_THERE,
        steps: [upserting(row({ app_metadata: { plan: 'paid' } }))],
        refusal: showsAda({ app_metadata: { plan: 'paid' } }),
      },
    ],
  },
  {
    id: 'upsert.hash.unused',
    says: 'An imported custom hash can be replaced until its user has logged in with it: so the documentation; an article of the support says that no import changes a password.',
    sources: [
      pageSays(
        'schema',
        'you can update the `custom_password_hash` if the user did not login using the initially imported `custom_password_hash`.',
      ),
      HASHED_ANEW,
      NO_OTHER_HASH,
    ],
    keeps: {
      steps: [
        importing(row({ username: 'ada', ...hash(HORSE) })),
        upserting(row(hash(FISH))),
        loggingIn('ada', 'fish'),
      ],
    },
    breaks: [
      {
        wrong: 'they have logged in',
        steps: [
          importing(row({ username: 'ada', ...hash(HORSE) })),
          loggingIn('ada', 'correct horse'),
          upserting(row(hash(FISH))),
        ],
        refusal: HAS_A_HASH,
      },
    ],
  },
  {
    id: 'upsert.hash.no-reset',
    says: 'A hash that an import replaces is no reset of a password: `last_password_reset` stays as it is, or away.',
    sources: [
      inferred(pageSays('profile', "Timestamp indicating the last time the user's password was reset/changed.")),
    ],
    keeps: { steps: [importing(row({ user_id: 'ada', ...hash(HORSE) })), upserting(row(hash(FISH))), readingAda] },
    breaks: [
      {
        wrong: 'another hash, as if that were a reset',
        steps: [importing(row({ user_id: 'ada', ...hash(HORSE) })), upserting(row(hash(FISH)))],
        refusal: showsAda({ last_password_reset: undefined }),
      },
    ],
  },
  {
    id: 'upsert.hash.none-at-first',
    says: 'Somebody imported without a hash has a random one, which a later import cannot replace.',
    sources: [NO_HASH_IMPORTED],
    keeps: { steps: [importing(row(hash(HORSE))), upserting(row(hash(FISH)))] },
    breaks: [
      {
        wrong: 'a hash for somebody imported without one',
        steps: [importing(row()), upserting(row(hash(HORSE)))],
        refusal: HAS_A_HASH,
      },
      {
        wrong: 'they log in with no password',
        steps: [importing(row({ username: 'ada' })), loggingIn('ada', 'anything')],
        refusal: WRONG_PASSWORD,
      },
    ],
  },
  {
    id: 'upsert.password_hash',
    says: '`password_hash` comes with the first import of a user, and never again.',
    sources: [
      pageSays(
        'schema',
        'This property can only be provided when the user is first imported and cannot be updated later.',
      ),
    ],
    keeps: {
      steps: [importing(row({ password_hash: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K' }))],
    },
    breaks: [
      {
        wrong: 'in an upsert',
        steps: [
          importing(row(hash(HORSE))),
          upserting(row({ password_hash: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K' })),
        ],
        refusal: { kind: 'row', index: 0, code: 'CONFLICT', message: 'the user already has password hash defined' },
      },
    ],
  },
]
