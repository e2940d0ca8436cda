import { password, type SpecialAccount } from './special-account.ts'

const YOUNGER = { creation_ts: 1_700_000_000 }
const COLLECTED = Array.from({ length: 300 }, (_, n) => `address-${n}@a-long-domain.example.org`)

/** Who have more or fewer addresses than others, or those of others. */
export const BY_ADDRESS: readonly SpecialAccount[] = [
  {
    what: 'no e-mail address',
    localpart: 'addressless',
    password: password('of addressless'),
    becomes: 'created',
    user: { username: 'addressless' },
    lacks: 'email',
  },
  {
    what: 'two e-mail addresses',
    localpart: 'two-mails',
    password: password('of mails'),
    emails: ['first@x.example', 'second@x.example'],
    becomes: 'created',
    user: { email: 'first@x.example', app_metadata: { matrix: { emails: ['second@x.example'] } } },
  },
  {
    what: 'two phones',
    localpart: 'two-phones',
    password: password('of phones'),
    phones: ['447700900801', '447700900802'],
    becomes: 'created',
    user: { phone_number: '+447700900801', app_metadata: { matrix: { phones: ['+447700900802'] } } },
  },
  {
    what: 'the phone of somebody who is at Auth0 already',
    localpart: 'taken-phone',
    password: password('of taken phone'),
    phones: ['447700900001'],
    becomes: 'created',
    lacks: 'phone_number',
    left: 1,
  },
  {
    what: 'an e-mail address that two have but for capitals, the older',
    localpart: 'twin-1',
    password: password('of twin 1'),
    emails: ['Twin@x.example'],
    becomes: 'created',
    user: { email: 'twin@x.example' },
  },
  {
    what: 'an e-mail address that two have but for capitals, the younger',
    localpart: 'twin-2',
    password: password('of twin 2'),
    emails: ['twin@x.example'],
    columns: YOUNGER,
    becomes: 'held back',
    because: 'email_taken',
  },
  {
    what: '300 e-mail addresses, more than 10 KB',
    localpart: 'collector',
    password: password('of collector'),
    emails: COLLECTED,
    becomes: 'created',
    user: { email: COLLECTED[0] },
    left: 172,
  },
]
