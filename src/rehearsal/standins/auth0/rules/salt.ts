import { algorithmIs, BCRYPT, bcryptHash, type CustomHash, customHashRule } from './custom-hash-rule.ts'
import { importing } from './examples.ts'
import { pageSays } from './pages.ts'
import { loggingIn, WRONG_PASSWORD } from './password-login.ts'
import { inferred } from './published.ts'
import { row } from './row-rule.ts'
import type { Rule, Step } from './rule.ts'

const ARGON2 = '$argon2id$v=19$m=65536,t=2,p=1$J6Q/82PCyaNpYKRELJyTZg$m04qUAB8rexWDR4+/0f+SFB+4XMFxt7YAvAq2UycYos'

// bcrypt of `correct horse` and `pepper`, one after the other, and of the two the other way round; cost 4, to be quick.
const PEPPER_AFTER = '$2b$04$8GA4KTc4KRf1L7E6nveBa.RpjvCTSmb5pzhMDqtCyEbNZezKYQR8m'
const PEPPER_BEFORE = '$2b$04$Q1kBILQMP0nQ3nUyh68gHOzokvQ5leri8H/t.oO8MokmTu/0/NzjK'
// Of `fish`, which is what NFKC makes of `ﬁsh`.
const FISH = '$2b$04$rV7d/bmJu1ps7CS90ZMTN.WDSveLxGKPcK1DwiaUcXAqEu5z8Z4Zm'
// Of 70 times `a` and 10 times `p`, of which bcrypt sees the first 72 bytes.
const PEPPER_CUT = '$2b$04$blqXd9L/jB3UeoGz73M9e.Mw4NsnweKZmdc4hv5en1YPPaHEgJIOi'

const salted = (salt: unknown): CustomHash => ({ ...bcryptHash(BCRYPT), salt })
const adaWith = (value: string, salt?: Readonly<Record<string, unknown>>): Step =>
  importing(
    row({
      username: 'ada',
      custom_password_hash: { ...bcryptHash(value), ...(salt === undefined ? {} : { salt }) },
    }),
  )

/** The salt of `custom_password_hash`, by which a pepper can be said. */
export const SALT_RULES: readonly Rule[] = [
  customHashRule({
    id: 'salt.type',
    says: 'A salt is an object.',
    sources: [pageSays('schema', '<ResponseField name="salt" type="object">')],
    path: 'salt',
    check: { kind: 'type', is: ['object'] },
    code: 'INVALID_TYPE',
    keeps: salted({ value: 'pepper' }),
    breaks: [['a text', salted('pepper')]],
  }),
  customHashRule({
    id: 'salt.value.required',
    says: 'A salt has a value.',
    sources: [pageSays('schema', 'The salt value used to generate the hash.')],
    path: 'salt.value',
    check: { kind: 'required' },
    code: 'OBJECT_REQUIRED',
    keeps: salted({ value: 'pepper' }),
    breaks: [['a position only', salted({ position: 'suffix' })]],
  }),
  customHashRule({
    id: 'salt.value.type',
    says: 'The value of a salt is a text.',
    sources: [pageSays('schema', '"description": "The salt value used to generate the hash."')],
    path: 'salt.value',
    check: { kind: 'type', is: ['string'] },
    code: 'INVALID_TYPE',
    keeps: salted({ value: 'pepper' }),
    breaks: [['a number', salted({ value: 4711 })]],
  }),
  customHashRule({
    id: 'salt.encoding.one-of',
    says: 'The encoding of a salt is base64, hex or utf8.',
    sources: [pageSays('schema', 'The encoding of the provided salt.')],
    path: 'salt.encoding',
    check: { kind: 'one of', values: ['base64', 'hex', 'utf8'] },
    code: 'ENUM_MISMATCH',
    keeps: salted({ value: 'pepper', encoding: 'utf8' }),
    breaks: [['latin1', salted({ value: 'pepper', encoding: 'latin1' })]],
  }),
  customHashRule({
    id: 'salt.position.one-of',
    says: 'The position of a salt is prefix or suffix.',
    sources: [pageSays('schema', 'The position of the salt when the hash was calculated.')],
    path: 'salt.position',
    check: { kind: 'one of', values: ['prefix', 'suffix'] },
    code: 'ENUM_MISMATCH',
    keeps: salted({ value: 'pepper', position: 'suffix' }),
    breaks: [['after', salted({ value: 'pepper', position: 'after' })]],
  }),
  customHashRule({
    id: 'salt.not-with',
    says: 'Algorithms that keep the salt in the hash, argon2, ldap and pbkdf2, take none beside it.',
    sources: [pageSays('schema', '* `hash.salt` is not allowed.')],
    path: 'salt',
    check: { kind: 'absent' },
    when: algorithmIs('argon2', 'ldap', 'pbkdf2'),
    code: 'NOT_PASSED',
    keeps: { algorithm: 'argon2', hash: { value: ARGON2 } },
    breaks: [['a salt', { algorithm: 'argon2', hash: { value: ARGON2 }, salt: { value: 'pepper' } }]],
  }),
  {
    id: 'row.custom_password_hash.salt.position.default',
    says: 'A salt goes before the password unless its position says that it goes after it.',
    sources: [pageSays('schema', '<ResponseField name="position" type="string" default="prefix">')],
    keeps: {
      steps: [adaWith(PEPPER_AFTER, { value: 'pepper', position: 'suffix' }), loggingIn('ada', 'correct horse')],
    },
    breaks: [
      {
        wrong: 'no position is said of a pepper that goes after the password',
        steps: [adaWith(PEPPER_AFTER, { value: 'pepper' }), loggingIn('ada', 'correct horse')],
        refusal: WRONG_PASSWORD,
      },
      {
        wrong: 'it is said to go after the password, and went before it',
        steps: [adaWith(PEPPER_BEFORE, { value: 'pepper', position: 'suffix' }), loggingIn('ada', 'correct horse')],
        refusal: WRONG_PASSWORD,
      },
      {
        wrong: 'the pepper is left out',
        steps: [adaWith(PEPPER_AFTER), loggingIn('ada', 'correct horse')],
        refusal: WRONG_PASSWORD,
      },
    ],
  },
  {
    id: 'row.custom_password_hash.bcrypt.72-bytes',
    says: 'Of the password with its salt behind it bcrypt sees the first 72 bytes, as at Synapse. What is quoted can be read otherwise: the salt stays whole, and the password is cut to what it leaves.',
    sources: [
      inferred(
        pageSays(
          'schema',
          'Any input beyond the 72 byte limit is truncated; for example, if the salt consumes 10 bytes, the maximum password length for hashing or comparison is 62 bytes.',
        ),
      ),
      inferred(pageSays('schema', 'Passwords longer than the reduced limit are truncated')),
    ],
    keeps: {
      steps: [adaWith(PEPPER_CUT, { value: 'p'.repeat(10), position: 'suffix' }), loggingIn('ada', 'a'.repeat(70))],
    },
    breaks: [
      {
        wrong: 'a password that differs in its 70th byte',
        steps: [
          adaWith(PEPPER_CUT, { value: 'p'.repeat(10), position: 'suffix' }),
          loggingIn('ada', `${'a'.repeat(69)}b`),
        ],
        refusal: WRONG_PASSWORD,
      },
      {
        wrong: 'a pepper that differs within the first 72 bytes',
        steps: [adaWith(PEPPER_CUT, { value: 'q'.repeat(10), position: 'suffix' }), loggingIn('ada', 'a'.repeat(70))],
        refusal: WRONG_PASSWORD,
      },
    ],
  },
  {
    id: 'row.custom_password_hash.password.as-typed',
    says: 'A password is hashed as it is typed: nothing says that it is normalized before, as Synapse does by NFKC.',
    sources: [
      inferred(
        pageSays(
          'schema',
          'On login, the user-provided password will be transcoded from utf8 before being checked against the provided hash.',
        ),
      ),
    ],
    keeps: { steps: [adaWith(FISH), loggingIn('ada', 'fish')] },
    breaks: [
      {
        wrong: 'a ligature, of which Synapse made two letters',
        steps: [adaWith(FISH), loggingIn('ada', 'ﬁsh')],
        refusal: WRONG_PASSWORD,
      },
    ],
  },
]
