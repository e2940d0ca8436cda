import type { PasswordSeen, PresentUser } from '../api/user.ts'
import { decodeMarks, type Marks } from './marks.ts'
import { areLinksAsMarked } from './plan-links.ts'
import { isPasswordAsMarked } from './plan-password.ts'
import { MARKS } from './user-rules.ts'
import type { WantedUser } from './wanted-user.ts'

export interface UserSeen {
  /** Absent: there is none of this id. Without `links`: these, and the password, were not asked for. */
  readonly present?: PresentUser
  /** Absent: there is none, or it was not asked for. */
  readonly password?: PasswordSeen
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

/** Whether the source wants the password and the links that were written last. */
export const areDetailsAsMarked = (wanted: WantedUser, marks: Marks): boolean =>
  isPasswordAsMarked(wanted, marks) && areLinksAsMarked(wanted, marks)
