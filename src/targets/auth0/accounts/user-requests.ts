import type { PresentIdentity, PresentUser } from '../api/user.ts'
import type { Link } from './links.ts'
import type { Marks } from './marks.ts'
import type { PrimaryOf } from './primary-user.ts'
import type { UserPatch } from './user-patch.ts'
import type { UserThen } from './user-then.ts'
import type { WantedUser } from './wanted-user.ts'

/** The requests by which the difference of one account is closed. */
export type UserRequests =
  | { readonly kind: 'nothing' }
  /** By an import. Holds a secret: the password's hash. Links by SCIM come after it, and then `closingPatch` of its marks. */
  | { readonly kind: 'create'; readonly wanted: WantedUser }
  | ChangeRequests
  | RehashRequests
  | ReimportRequests
  | ({ readonly kind: 'delete'; readonly frees: Identifiers } & Removal)
  /** Auth0 would not take it; in words. */
  | { readonly kind: 'refuse'; readonly words: string }

/** A user who is to go, before them whom SCIM has made for them. */
export interface Removal {
  readonly id: string
  readonly primary?: PrimaryOf
}

/**
 * In the order of its fields. Auth0 changes one identifier by a request; each of the patches leaves marks that say exactly what then
 * is there, so a run may die between any two. Links that take requests of their own are noted as under way first.
 */
export interface ChangeRequests {
  readonly kind: 'change'
  /** Of a user who is linked to another: that one's. */
  readonly id: string
  /** One at least. */
  readonly patches: readonly UserPatch[]
  /** Identities of ours that the source has no longer. */
  readonly unlink: readonly PresentIdentity[]
  /** Identities to be made by SCIM, and linked. */
  readonly provision: readonly Link[]
  /** Notes that these are done; absent: the patches were all of it. */
  readonly closing?: UserPatch
  readonly frees: Identifiers
}

/**
 * Another hash for whoever was imported with one, by an import that finds them by their address. What else is to change is planned anew
 * and written after it, but for a block, which comes before.
 */
export interface RehashRequests {
  readonly kind: 'rehash'
  readonly id: string
  /** As they were read: an import with upsert replaces metadata as a whole. */
  readonly present: PresentUser
  /** A secret. Absent: one for which nobody knows a password. */
  readonly passwordHash?: string
  /** Those that are there, but for the password's. */
  readonly marks: Marks
  readonly block?: ChangeRequests
  /** As it would be by what is there now. */
  readonly others?: ChangeRequests
  readonly frees: Identifiers
}

/**
 * Auth0 takes a hash for nobody who was imported without one, and finds nobody who has no address, so a user that nobody has used or
 * changed is deleted and imported again, with the same user_id. A run that dies in between leaves nobody, whom the next one creates.
 */
export interface ReimportRequests {
  readonly kind: 'reimport'
  readonly id: string
  readonly user: UserThen
  /** A secret. Absent: it has none any more. */
  readonly passwordHash?: string
  readonly marks: Marks
  /** As of a change: after the import, with `closingPatch` of the marks at the end. */
  readonly provision: readonly Link[]
  readonly frees: Identifiers
}

/** Names that no two users of a connection have; here those that are given up, and that another account may be waiting for. */
export interface Identifiers {
  readonly email?: string
  readonly username?: string
  readonly phone?: string
}
