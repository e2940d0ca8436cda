import type { CredentialsSeen, Link, Memberships, PresentUser } from '../api/user.ts'
import { isAsWritten, type OwnUser } from './as-written.ts'
import { decodeMarks, type Marks } from './marks.ts'
import { areLinksAsMarked } from './plan-links.ts'
import { isPasswordAsMarked } from './plan-password.ts'
import { type AttributeNames, MARKS } from './user-rules.ts'
import type { WantedUser } from './wanted-user.ts'

export interface UserSeen extends Partial<CredentialsSeen> {
  /**
   * Absent: there is none of this id. Without `links`: these were not read, since those that the source wants are as they were
   * written, or nobody had to know.
   */
  readonly present?: PresentUser
  /** Other users who have a link of theirs as well, as far as that was asked. */
  readonly sharers?: readonly { readonly link: Link; readonly holder: PresentUser }[]
  /** Absent: they were not asked for. */
  readonly memberships?: Memberships
  /** Absent: nobody has asked whether they are seen to use it. */
  readonly inUse?: boolean
}

/** What we wrote of a user; undefined: it is not ours. */
export const marksOf = ({ attributes }: PresentUser, mxid: string): Marks | undefined => {
  const marks = decodeMarks(attributes[MARKS.written] ?? [])
  return marks?.mxid === mxid ? marks : undefined
}

/** What a plan needs to know of a user beyond what a list tells. */
export type Questions =
  /** All of their links, and their credentials. */
  | { readonly kind: 'all' }
  /**
   * The source wants the password and the links that were written last: so of a password only that one counts, and of links only
   * whether these are theirs. Whoever lacks one of these is to be asked all.
   */
  | { readonly kind: 'as marked'; readonly links: readonly Link[]; readonly password: 'asked' | 'not asked' }

const NONE: Questions = { kind: 'as marked', links: [], password: 'not asked' }

/**
 * What must be asked about the links and the password of a user before anything is planned. `quick`: nothing, unless the source
 * wants others than were written last; what people did to them otherwise is no matter of a run that does not touch them.
 * @param wanted undefined: the account is to go, which may be only if nobody has changed anything
 */
export const questionsAbout = (
  wanted: WantedUser | undefined,
  present: PresentUser,
  { mxid, depth }: { readonly mxid: string; readonly depth: 'quick' | 'thorough' },
): Questions => {
  const marks = marksOf(present, mxid)
  if (marks === undefined) return NONE
  if (wanted === undefined || !areDetailsAsMarked(wanted, marks)) return { kind: 'all' }
  if (depth === 'quick') return NONE
  const { links, passwordHash } = wanted
  return { kind: 'as marked', links, password: passwordHash === undefined ? 'not asked' : 'asked' }
}

/** Whether the source wants the password and the links that were written last, and that was done. */
export const areDetailsAsMarked = (wanted: WantedUser, marks: Marks): boolean =>
  marks.underWay.length === 0 && isPasswordAsMarked(wanted, marks) && areLinksAsMarked(wanted, marks)

/**
 * Whether the roles and groups of a user, and whether it is in use, must be read as well: only of one that would be deleted, since
 * they cost requests.
 * @param seen with its links and its credentials
 */
export const needsLastLook = (mxid: string, seen: UserSeen, names: AttributeNames): boolean => {
  const own = ownUserOf(mxid, seen)
  return own !== undefined && isAsWritten(own, names)
}

/** Undefined where there is none of ours. */
export const ownUserOf = (mxid: string, seen: UserSeen): OwnUser | undefined => {
  const { present, otherCredentials = [] } = seen
  const marks = present === undefined ? undefined : marksOf(present, mxid)
  return present === undefined || marks === undefined ? undefined : { ...seen, present, otherCredentials, marks }
}
