import type { WantedThreepid } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

/** What a user holds of all that we write, or is to hold once it is written. */
export interface UserThen extends Pick<WantedUser, 'username' | 'names' | 'attributes' | 'blocked' | 'isAdmin'> {
  /** ISO 8601; absent: somebody has removed it. */
  readonly createdAt?: string
  readonly held: readonly WantedThreepid[]
  /** How the identities are noted that the Action is to link. */
  readonly notes: readonly string[]
}
