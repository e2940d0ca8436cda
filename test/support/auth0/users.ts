import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'

/** A user of the connection `people`, whose id is `auth0|` and this. */
export const standInUser = (id: string, more: Partial<User> = {}): User => ({
  userId: `auth0|${id}`,
  identities: [{ connection: 'people', provider: 'auth0', userId: id, isSocial: false }],
  names: {},
  blocked: false,
  appMetadata: {},
  userMetadata: {},
  password: { kind: 'random' },
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 2),
  loginsCount: 0,
  ...more,
})
