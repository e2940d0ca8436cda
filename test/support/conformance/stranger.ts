import type { Account } from '../../../src/testing.ts'

/** Somebody who was at the OP before syn2op came. */
export const stranger: Account = {
  mxid: '@stranger:conformance.example',
  localpart: 'stranger',
  createdAt: 1_700_000_000_000,
  isAdmin: false,
  isGuest: false,
  isLocked: false,
  isDeactivated: false,
  threepids: [],
  identities: [],
  sessions: [],
  accessTokens: [],
  refreshTokens: [],
}
