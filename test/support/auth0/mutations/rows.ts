import { hashSync } from 'bcryptjs'
import fc from 'fast-check'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import { EVERY_IDENTIFIER } from '../config.ts'
import { PEPPER } from '../migration.ts'
import { HOME, type Ours, type Row } from '../recorded-requests/ours.ts'
import { PASSWORD } from '../recorded-requests/scenario.ts'
import { refusalOf, send, shows, withForm } from './changes.ts'
import { type Mutation, mutation } from './mutation.ts'

const COST = 4
const PROFILE_BYTES = 10 * 1024

const part = (row: Row, name: string): Row => {
  const found = row[name]
  return isObject(found) ? found : {}
}

const byId = (row: Row): string => `/api/v2/users/auth0%7C${String(row['user_id'])}`

/** What becomes of a row that is not refused, and who is there already. */
export const rowMutations = (our: Ours): readonly Mutation[] => {
  const { anna } = our
  const kept = { given: HOME, steps: [our.importing([anna])] } as const
  return [
    mutation('row.user_id.prefix', {
      ...kept,
      refusal: shows(byId({ user_id: `auth0%7C${String(anna['user_id'])}` }), {
        user_id: `auth0|auth0|${String(anna['user_id'])}`,
      }),
      wrongs: [
        {
          wrong: 'it has the prefix already',
          steps: [our.importing([{ ...anna, user_id: `auth0|${String(anna['user_id'])}` }])],
        },
      ],
    }),
    ...['email', 'username'].map((field) =>
      mutation(`row.${field}.lower-case`, {
        ...kept,
        refusal: shows(byId(anna), { [field]: anna[field] }),
        wrongs: [
          inOtherLetters(String(anna[field])).map((text) => ({
            wrong: text,
            steps: [our.importing([{ ...anna, [field]: text }])],
          })),
        ],
      }),
    ),
    mutation('row.profile.size', {
      ...kept,
      refusal: refusalOf('row.profile.size'),
      wrongs: [
        fc.integer({ min: PROFILE_BYTES, max: 2 * PROFILE_BYTES }).map((length) => ({
          wrong: `${length} bytes of metadata`,
          steps: [
            our.importing([{ ...anna, app_metadata: { ...part(anna, 'app_metadata'), more: 'm'.repeat(length) } }]),
          ],
        })),
      ],
    }),
    ...uniqueness(our),
    ...passwords(our),
  ]
}

/** Of a text with letters, not as it was. */
const inOtherLetters = (text: string): fc.Arbitrary<string> =>
  fc.mixedCase(fc.constant(text)).filter((other) => other !== text && other.toLowerCase() === text)

const uniqueness = (our: Ours): readonly Mutation[] => {
  const { anna, berta } = our
  const given = { ...HOME, users: [anna] }
  const steps = [our.importing([berta])] as const
  const taken = (rule: string, text: fc.Arbitrary<string>, field = rule.split('.')[1] ?? ''): Mutation =>
    mutation(rule, {
      given,
      steps,
      refusal: refusalOf(rule),
      wrongs: [
        text.map((value) => ({ wrong: `${field} ${value}`, steps: [our.importing([{ ...berta, [field]: value }])] })),
      ],
    })
  const { attributes } = EVERY_IDENTIFIER
  const sharing = {
    attributes: { ...attributes, email: { identifier: { active: false }, profile_required: true, unique: false } },
  }
  const sharer = { ...berta, email: anna['email'] }
  return [
    taken('row.email.unique', inOtherLetters(String(anna['email']))),
    taken('row.username.unique', inOtherLetters(String(anna['username']))),
    taken('row.user_id.unique', fc.constant(String(anna['user_id']))),
    taken('row.phone_number.unique', fc.constant(String(anna['phone_number']))),
    mutation('row.email.shared', {
      given: { ...given, connection: { options: sharing } },
      steps: [our.importing([sharer])],
      refusal: refusalOf('row.email.shared'),
      wrongs: [{ wrong: 'the connection says nothing of it', given, steps: [our.importing([sharer])] }],
    }),
  ]
}

const hashed = (row: Row, password: string, salt: Row | undefined): Row => ({
  ...row,
  custom_password_hash: {
    ...part(row, 'custom_password_hash'),
    hash: { value: hashSync(password, COST), encoding: 'utf8' },
    salt,
  },
})

/** A row whose password is then typed. */
const passwords = (our: Ours): readonly Mutation[] => {
  const { anna } = our
  const logIn = our.request('POST /oauth/token password-realm', ({ form }) => form?.['password'] === PASSWORD)
  const typed = (password: string) => send(withForm(logIn, { password }))
  const salt = part(part(anna, 'custom_password_hash'), 'salt')
  const { position: _, ...unplaced } = salt
  const long = 'x'.repeat(70)
  const trying = (
    rule: string,
    right: readonly [row: Row, password: string],
    wrongs: readonly (readonly [wrong: string, row: Row, password: string])[],
  ): Mutation =>
    mutation(rule, {
      given: HOME,
      steps: [our.importing([right[0]]), typed(right[1])],
      refusal: refusalOf(rule),
      wrongs: wrongs.map(([wrong, row, password]) => ({ wrong, steps: [our.importing([row]), typed(password)] })),
    })
  const ligature = 'of\u{FB01}ce-Horse-9'
  return [
    trying(
      'row.custom_password_hash.salt.position.default',
      [anna, PASSWORD],
      [
        ['no position is said of the pepper', hashedAs(anna, unplaced), PASSWORD],
        ['the pepper goes before the password', hashed(anna, PEPPER + PASSWORD, salt), PASSWORD],
        ['the pepper is left out', hashedAs(anna, undefined), PASSWORD],
      ],
    ),
    trying(
      'row.custom_password_hash.bcrypt.72-bytes',
      [hashed(anna, `${long}${PEPPER}`, { ...salt, value: `${PEPPER.slice(0, 2)}another` }), long],
      [
        ['another password within the first 72 bytes', hashed(anna, `${long}${PEPPER}`, salt), `${long.slice(1)}y`],
        ['another pepper within the first 72 bytes', hashed(anna, `${long}${PEPPER}`, { ...salt, value: 'zz' }), long],
      ],
    ),
    trying(
      'row.custom_password_hash.password.as-typed',
      [hashed(anna, ligature + PEPPER, salt), ligature],
      [['Synapse made two letters of one', hashed(anna, ligature.normalize('NFKC') + PEPPER, salt), ligature]],
    ),
  ]
}

const hashedAs = (row: Row, salt: Row | undefined): Row => ({
  ...row,
  custom_password_hash: { ...part(row, 'custom_password_hash'), salt },
})
