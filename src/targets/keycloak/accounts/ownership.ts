import type { CredentialsSeen, Memberships, PresentUser } from '../api/user.ts'
import { isAsWritten, type OwnUser } from './as-written.ts'
import { decodeMarks, type Marks } from './marks.ts'
import { areLinksAsMarked } from './plan-links.ts'
import { isPasswordAsMarked } from './plan-password.ts'
import { type AttributeNames, MARKS } from './user-rules.ts'
import type { WantedUser } from './wanted-user.ts'

export interface UserSeen extends Partial<CredentialsSeen> {
  /** Absent: there is none of this id. Without `links`: these, and the credentials, were not asked for. */
  readonly present?: PresentUser
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

/**
 * Whether the links and the password of a user must be read before anything is planned. `quick`: only where the source wants others
 * than were written last; what people did to them otherwise is no matter of a run that does not touch them.
 * @param wanted undefined: the account is to go, which may be only if nobody has changed anything
 */
export const needsDetails = (
  wanted: WantedUser | undefined,
  present: PresentUser,
  { mxid, depth }: { readonly mxid: string; readonly depth: 'quick' | 'thorough' },
): boolean => {
  const marks = marksOf(present, mxid)
  if (marks === undefined) return false
  if (wanted === undefined || depth === 'thorough') return true
  return !areDetailsAsMarked(wanted, marks)
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
