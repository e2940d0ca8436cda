import type { Link, UserUpdate } from '../api/user.ts'
import type { WantedUser } from './wanted-user.ts'

/** The requests by which the difference of one account is closed. */
export type UserRequests =
  | { readonly kind: 'nothing' }
  /** Holds a secret: the password's hash. */
  | { readonly kind: 'create'; readonly wanted: WantedUser }
  | ChangeRequests
  | { readonly kind: 'delete'; readonly id: string }
  /** Keycloak would not take it; in words. */
  | { readonly kind: 'refuse'; readonly words: string }

/**
 * In this order: the PUT is last, since it writes down that all of it is done. After a failure in between, all of it can be done
 * once more.
 */
export interface ChangeRequests {
  readonly kind: 'change'
  readonly id: string
  /** Of the identity providers. */
  readonly removeLinks: readonly string[]
  readonly addLinks: readonly Link[]
  /** The id of the credential. */
  readonly removePassword?: string
  /** Holds a secret where it has `credentials`. */
  readonly put: UserUpdate
  /** An address that another account may be waiting for. */
  readonly freesEmail?: string
}
