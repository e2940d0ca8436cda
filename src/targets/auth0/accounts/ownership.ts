import type { Given } from '../api/given-api.ts'
import type { PresentUser } from '../api/user.ts'
import { decodeMarks, MARKS, type Marks } from './marks.ts'
import { settledMarks } from './plan-links.ts'

/** What was found of a user. */
export interface UserSeen {
  /** Absent: there is none of this id. */
  readonly present?: PresentUser
  /** Who has the user_id that SCIM is to give, without being linked to this one; absent: nobody. */
  readonly upstream?: PresentUser
  /** What they have been given beside their profile; absent: nobody has looked. */
  readonly given?: readonly Given[]
}

/** A user of ours. */
export interface OwnUser {
  readonly present: PresentUser
  /** With what a run had under way settled. */
  readonly marks: Marks
}

/** What we wrote of a user; undefined: it is not ours. */
export const marksOf = ({ appMetadata }: PresentUser, mxid: string): Marks | undefined => {
  const marks = decodeMarks(appMetadata[MARKS])
  return marks?.mxid === mxid ? marks : undefined
}

/** Undefined where there is none of ours. */
export const ownUserOf = (mxid: string, { present }: UserSeen): OwnUser | undefined => {
  const marks = present === undefined ? undefined : marksOf(present, mxid)
  return present === undefined || marks === undefined ? undefined : { present, marks: settledMarks(marks, present) }
}

/** Whether somebody has logged in as this user: then it has a life of its own. */
export const isInUse = ({ loginsCount, lastLogin }: PresentUser): boolean => loginsCount > 0 || lastLogin !== undefined
