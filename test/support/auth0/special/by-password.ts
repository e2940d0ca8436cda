import { password, type SpecialAccount } from './special-account.ts'

/** A password of exactly so many bytes. */
const passwordOf = (bytes: number): string => 'p'.repeat(bytes)

/** Composed of letters that NFKC changes. */
const UNNORMALIZED = 'ﬁne Ⅸ Å'

/** Whose passwords or hashes are not like others. */
export const BY_PASSWORD: readonly SpecialAccount[] = [
  {
    what: 'an account like most, bcrypt of cost 12',
    localpart: 'plain',
    password: password('of plain', { cost: 12 }),
    emails: ['plain@x.example'],
    becomes: 'created',
    user: { username: 'plain', email: 'plain@x.example', email_verified: true },
    logins: [
      { typed: 'wrong', as: 'another one', ends: 'refused' },
      { typed: 'of plain', ends: 'in' },
      { typed: 'of plain', as: 'once more', ends: 'in' },
    ],
  },
  { what: 'bcrypt of cost 4', localpart: 'cheap', password: password('of cheap'), becomes: 'created' },
  { what: 'a hash $2a$', localpart: 'kind-2a', password: password('of 2a', { variant: '2a' }), becomes: 'created' },
  { what: 'a hash $2y$', localpart: 'kind-2y', password: password('of 2y', { variant: '2y' }), becomes: 'created' },
  {
    what: 'a hash $2x$',
    localpart: 'kind-2x',
    password: password('of 2x', { variant: '2x' }),
    becomes: 'rejected',
    because: 'the hash of its password is of no kind that Auth0 takes: bcrypt, beginning with $2a$, $2b$ or $2y$',
  },
  {
    what: 'a password that is not in NFKC',
    localpart: 'unnormalized',
    password: password(UNNORMALIZED),
    becomes: 'created',
    logins: [
      { typed: UNNORMALIZED, as: 'as it is typed', ends: 'refused' },
      { typed: UNNORMALIZED.normalize('NFKC'), as: 'its NFKC form', ends: 'in' },
    ],
  },
  {
    what: 'a password with spaces',
    localpart: 'spaced',
    password: password('four words and spaces'),
    becomes: 'created',
    logins: [
      { typed: 'fourwordsandspaces', as: 'without them', ends: 'refused' },
      { typed: 'four words and spaces', ends: 'in' },
    ],
  },
  {
    what: 'a password with ü',
    localpart: 'umlaut',
    password: password('Grüße'),
    becomes: 'created',
    logins: [
      { typed: 'Gruesse', as: 'with ue', ends: 'refused' },
      { typed: 'Grüße', ends: 'in' },
    ],
  },
  {
    what: 'a password of 71 bytes',
    localpart: 'bytes-71',
    password: password(passwordOf(71)),
    becomes: 'created',
    logins: [
      { typed: passwordOf(72), as: 'a letter more', ends: 'refused' },
      { typed: passwordOf(71), ends: 'in' },
    ],
  },
  {
    what: 'a password of 72 bytes',
    localpart: 'bytes-72',
    password: password(passwordOf(72)),
    becomes: 'created',
    logins: [
      { typed: passwordOf(71), as: 'a letter less', ends: 'refused' },
      { typed: passwordOf(72), ends: 'in' },
    ],
  },
  {
    what: 'a password of 73 bytes',
    localpart: 'bytes-73',
    password: password(passwordOf(73)),
    becomes: 'created',
    logins: [
      { typed: passwordOf(72), as: 'a letter less', ends: 'in' },
      { typed: passwordOf(73), ends: 'in' },
    ],
  },
  {
    what: 'no password',
    localpart: 'passwordless',
    columns: { password_hash: null },
    emails: ['none@x.example'],
    becomes: 'created',
    user: { email: 'none@x.example' },
    logins: [{ typed: 'anything', as: 'anything', ends: 'refused' }],
  },
]
