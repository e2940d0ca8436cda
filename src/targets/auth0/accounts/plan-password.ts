import type { PlannedRow, RowAction } from '../../row-changes.ts'
import { type RowMark, runOf } from '../../rows/row-mark.ts'
import type { PresentUser } from '../api/user.ts'
import { passwordDigest } from './digests.ts'
import type { Marks } from './marks.ts'
import { isInUse } from './ownership.ts'
import type { WantedUser } from './wanted-user.ts'

export interface PasswordPlan {
  readonly rows: readonly PlannedRow[]
  /** Absent: there is none of ours. */
  readonly mark?: RowMark
  /** How it gets there; absent: nothing is to be done of it. */
  readonly by?: 'upsert' | 'remake'
}

/**
 * What becomes of a password. Auth0 tells nothing of it but when it was reset. It takes another hash for whoever was imported with one
 * and has not logged in, and finds them by their address alone; everybody else must be deleted and imported again.
 * @param isFound whether an import finds the user by an address that nobody else has
 * @param isRenewable whether the user may be deleted and imported again; asked only where that matters
 */
export const planPassword = (
  { mxid, passwordHash }: Pick<WantedUser, 'mxid' | 'passwordHash'>,
  present: PresentUser,
  {
    marks,
    run,
    isFound,
    isRenewable,
  }: {
    readonly marks: Marks
    readonly run: Pick<RowMark, 'run'>
    readonly isFound: boolean
    readonly isRenewable: () => boolean
  },
): PasswordPlan => {
  const base = marks.password
  const kept = base === undefined ? {} : { mark: base }
  const way = (): PasswordPlan['by'] => {
    if (base !== undefined && isFound) return isPasswordUntouched(present) ? 'upsert' : undefined
    return isRenewable() ? 'remake' : undefined
  }
  if (passwordHash === undefined) {
    if (base === undefined) return { rows: [] }
    const by = way()
    return by === undefined ? { rows: rows('theirs'), ...kept } : { rows: rows('remove'), by }
  }
  const digest = passwordDigest(mxid, passwordHash)
  if (base === undefined) {
    const by = way()
    if (by === undefined) return { rows: rows('foreign') }
    return { rows: rows('create'), mark: { digest, ...run }, by }
  }
  if (wasReset(present)) return { rows: rows('theirs'), ...kept }
  if (base.digest === digest) return { rows: rows('unchanged'), ...kept }
  const by = way()
  if (by === undefined) return { rows: rows('theirs'), ...kept }
  return { rows: rows('update'), mark: { digest, ...runOf(base) }, by }
}

/** Whether somebody has set another one since the user was made. */
const wasReset = ({ createdAt, lastPasswordReset }: PresentUser): boolean =>
  lastPasswordReset !== undefined && lastPasswordReset > (createdAt ?? 0)

/** Whether it is as it was imported: after the first login Auth0 hashes it anew. */
export const isPasswordUntouched = (present: PresentUser): boolean => !wasReset(present) && !isInUse(present)

const rows = (action: RowAction): readonly PlannedRow[] => [{ relation: 'password', action }]
