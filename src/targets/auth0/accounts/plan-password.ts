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
}

/**
 * What becomes of a password. Auth0 tells nothing of it but when it was reset, and takes another hash for nobody: the user must be
 * made anew, which may be only where nobody has used or changed it.
 * @param isRenewable whether the user may be deleted and imported again; asked only where that matters
 */
export const planPassword = (
  { mxid, passwordHash }: Pick<WantedUser, 'mxid' | 'passwordHash'>,
  present: PresentUser,
  {
    marks,
    run,
    isRenewable,
  }: { readonly marks: Marks; readonly run: Pick<RowMark, 'run'>; readonly isRenewable: () => boolean },
): PasswordPlan => {
  const base = marks.password
  const kept = base === undefined ? {} : { mark: base }
  if (passwordHash === undefined) {
    if (base === undefined) return { rows: [] }
    return isRenewable() ? { rows: rows('remove') } : { rows: rows('theirs'), ...kept }
  }
  const digest = passwordDigest(mxid, passwordHash)
  if (base === undefined) {
    if (!isRenewable()) return { rows: rows('foreign') }
    return { rows: rows('create'), mark: { digest, ...run } }
  }
  if (wasReset(present)) return { rows: rows('theirs'), ...kept }
  if (base.digest === digest) return { rows: rows('unchanged'), ...kept }
  return isRenewable() ? { rows: rows('update'), mark: { digest, ...runOf(base) } } : { rows: rows('theirs'), ...kept }
}

/** Whether somebody has set another one since the user was made. */
const wasReset = ({ createdAt, lastPasswordReset }: PresentUser): boolean =>
  lastPasswordReset !== undefined && lastPasswordReset > (createdAt ?? 0)

/** Whether it is as it was imported: after the first login Auth0 hashes it anew. */
export const isPasswordUntouched = (present: PresentUser): boolean => !wasReset(present) && !isInUse(present)

const rows = (action: RowAction): readonly PlannedRow[] => [{ relation: 'password', action }]
