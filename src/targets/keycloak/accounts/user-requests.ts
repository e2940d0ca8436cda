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
 * In this order. What a PUT can write comes first, since Keycloak may refuse it; it notes as well which links and which password
 * are about to be written or removed, and another PUT that this is done. After a death in between a later run knows what may be
 * its own, and does the rest.
 */
export interface ChangeRequests {
  readonly kind: 'change'
  readonly id: string
  /** Holds a secret where it has `credentials`. */
  readonly put: UserUpdate
  readonly removeLinks: readonly Link[]
  readonly addLinks: readonly Link[]
  /** The id of the credential. */
  readonly removePassword?: string
  /** Absent: the first PUT was all of it. */
  readonly closing?: UserUpdate
  /** An address that another account may be waiting for. */
  readonly freesEmail?: string
}

/** One request of a change. */
export type Step =
  | { readonly kind: 'put'; readonly user: UserUpdate }
  | { readonly kind: 'remove link' | 'add link'; readonly link: Link }
  | { readonly kind: 'remove password'; readonly credential: string }

/** The requests of a change, in their order. */
export const stepsOf = ({ put, removeLinks, addLinks, removePassword, closing }: ChangeRequests): readonly Step[] => [
  { kind: 'put', user: put },
  ...removeLinks.map((link) => ({ kind: 'remove link', link }) as const),
  ...addLinks.map((link) => ({ kind: 'add link', link }) as const),
  ...(removePassword === undefined ? [] : [{ kind: 'remove password', credential: removePassword } as const]),
  ...(closing === undefined ? [] : [{ kind: 'put', user: closing } as const]),
]
