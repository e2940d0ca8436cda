import { password, type SpecialAccount } from './special-account.ts'

/** Who may more or less than others, or have more devices. */
export const BY_STATE: readonly SpecialAccount[] = [
  {
    what: '300 devices',
    localpart: 'many-devices',
    password: password('of devices'),
    devices: 300,
    becomes: 'created',
  },
  {
    what: 'an admin',
    localpart: 'chief',
    password: password('of chief'),
    columns: { admin: 1 },
    becomes: 'created',
    user: { app_metadata: { matrix: { admin: true } } },
  },
  {
    what: 'locked',
    localpart: 'locked',
    password: password('of locked'),
    columns: { locked: true },
    emails: ['locked@x.example'],
    becomes: 'created',
    user: { blocked: true, email: 'locked@x.example' },
    logins: [{ typed: 'of locked', ends: 'refused' }],
  },
  {
    what: 'deactivated',
    localpart: 'gone',
    columns: { deactivated: 1, password_hash: null },
    becomes: 'created',
    user: { username: 'gone', blocked: true },
    logins: [{ typed: 'anything', as: 'anything', ends: 'refused' }],
  },
  {
    what: 'deactivated, and Synapse kept the hash and an address',
    localpart: 'half-gone',
    password: password('of half'),
    columns: { deactivated: 1 },
    emails: ['half@x.example'],
    becomes: 'created',
    user: { blocked: true },
    lacks: 'email',
    left: 1,
    logins: [{ typed: 'of half', ends: 'refused' }],
  },
]
