import { password, type SpecialAccount } from './special-account.ts'

const YOUNGER = { creation_ts: 1_700_000_000 }

/** Whose localparts are not like others. */
export const BY_NAME: readonly SpecialAccount[] = [
  {
    what: '/ and = in the localpart',
    localpart: 'a/b=c',
    password: password('of signs'),
    becomes: 'created',
    user: { username: 'a~2fb~3dc' },
  },
  {
    what: 'a localpart of 128 letters',
    localpart: 'l'.repeat(128),
    password: password('of 128'),
    becomes: 'created',
    user: { username: 'l'.repeat(128) },
  },
  {
    what: 'a localpart of 129 letters',
    localpart: 'm'.repeat(129),
    password: password('of 129'),
    becomes: 'held back',
    because: 'username_refused',
  },
  {
    what: 'a localpart of 126 letters and =, which becomes three',
    localpart: `${'n'.repeat(126)}=`,
    password: password('of 126 and ='),
    becomes: 'held back',
    because: 'username_refused',
  },
  {
    what: 'a localpart of digits alone',
    localpart: '447700900123',
    password: password('of digits'),
    becomes: 'created',
    user: { username: '~3447700900123' },
  },
  {
    what: 'a name that is another one in small letters, the older',
    localpart: 'Folded',
    password: password('of Folded'),
    becomes: 'created',
    user: { username: 'folded' },
  },
  {
    what: 'a name that is another one in small letters, the younger',
    localpart: 'folded',
    password: password('of folded'),
    columns: YOUNGER,
    becomes: 'held back',
    because: 'username_collision',
  },
]
