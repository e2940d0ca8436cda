import fc from 'fast-check'
import { HOME, type Ours, type Row } from '../recorded-requests/ours.ts'
import { PASSWORD } from '../recorded-requests/scenario.ts'
import { refusalOf, send, shows } from './changes.ts'
import { type Mutation, type MutationOf, mutation, type Steps } from './mutation.ts'

/** Of 10 rounds, which this field wants. */
const OTHER_HASH = '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K'

const OTHER_PASSWORD = {
  custom_password_hash: { algorithm: 'bcrypt', hash: { value: OTHER_HASH, encoding: 'utf8' } },
}

/** Imports with upsert, which the program never sends of people who move. */
export const upsertMutations = (our: Ours): readonly Mutation[] => {
  const { anna, berta } = our
  const { custom_password_hash: _, ...unhashed } = anna
  const path = `/api/v2/users/auth0%7C${String(anna['user_id'])}`
  const again = (row: Row): Steps => [our.importing([row], { upsert: 'true' })]
  const logIn = our.request('POST /oauth/token password-realm', ({ form }) => form?.['password'] === PASSWORD)
  const upserting = (rule: string, refusal: MutationOf['refusal'], wrongs: MutationOf['wrongs']): Mutation =>
    mutation(rule, { given: HOME, steps: [our.importing([anna, berta])], refusal, wrongs })
  const given = { ...HOME, users: [anna] }
  const elsewhere = fc.stringMatching(/^[a-z]{3,20}@[a-z]{2,20}\.example$/u)
  return [
    upserting('upsert.match', refusalOf('upsert.match'), [
      elsewhere.map((email) => ({
        wrong: `their username, and the address ${email}`,
        given,
        steps: again({ username: anna['username'], email, email_verified: true }),
      })),
      elsewhere.map((email) => ({
        wrong: `their user_id, and the address ${email}`,
        given,
        steps: again({ user_id: anna['user_id'], email, email_verified: true }),
        refusal: refusalOf('upsert.match', 1),
      })),
    ]),
    upserting('upsert.fields', shows(path, { username: anna['username'], email: anna['email'] }), [
      fc
        .stringMatching(/^[a-z]{3,20}$/u)
        .map((username) => ({ wrong: `the username ${username}`, given, steps: again({ ...unhashed, username }) })),
      fc
        .stringMatching(/^[0-9a-f]{32}$/u)
        .map((id) => ({ wrong: `the user_id ${id}`, given, steps: again({ ...unhashed, user_id: id }) })),
    ]),
    upserting('upsert.email_verified', shows(path, { email_verified: false }), [
      { wrong: 'it is left out', given, steps: again({ ...unhashed, email_verified: undefined }) },
    ]),
    upserting('upsert.metadata', shows(path, { app_metadata: { plan: 'paid' } }), [
      { wrong: 'other keys alone', given, steps: again({ ...unhashed, app_metadata: { plan: 'paid' } }) },
    ]),
    upserting('upsert.hash.unused', refusalOf('upsert.hash.unused'), [
      { wrong: 'they have logged in', given: HOME, steps: [our.importing([anna]), send(logIn), ...again(anna)] },
    ]),
    upserting('upsert.hash.no-reset', shows(path, { last_password_reset: undefined }), [
      { wrong: 'another hash, as if that were a reset', given, steps: again({ ...anna, ...OTHER_PASSWORD }) },
    ]),
    upserting('upsert.hash.none-at-first', refusalOf('upsert.hash.none-at-first'), [
      { wrong: 'a hash for somebody without one', given: { ...HOME, users: [unhashed] }, steps: again(anna) },
    ]),
    upserting('upsert.password_hash', refusalOf('upsert.password_hash'), [
      { wrong: 'in an upsert', given, steps: again({ ...unhashed, password_hash: OTHER_HASH }) },
    ]),
  ]
}
