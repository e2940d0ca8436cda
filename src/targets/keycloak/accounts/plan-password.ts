import type { PlannedRow, RowAction } from '../../row-changes.ts'
import { type RowMark, runOf } from '../../rows/row-mark.ts'
import type { PasswordCredential, PasswordSeen } from '../api/user.ts'
import { passwordDigest } from './digests.ts'
import type { Marks, PasswordMark } from './marks.ts'
import { AS_MOVED, toCredential } from './user-import.ts'
import type { WantedUser } from './wanted-user.ts'

export interface PasswordPlan {
  readonly rows: readonly PlannedRow[]
  /** To be written; a secret. */
  readonly credential?: PasswordCredential
  /** The credential to be removed. */
  readonly removes?: string
  /** Absent: there is none of ours. */
  readonly mark?: PasswordMark
}

/** Whether the source's password, or that it has none, is what was written last: so much is known without asking Keycloak. */
export const isPasswordAsMarked = (
  { mxid, passwordHash }: Pick<WantedUser, 'mxid' | 'passwordHash'>,
  { password }: Marks,
): boolean =>
  passwordHash === undefined || password === undefined
    ? passwordHash === undefined && password === undefined
    : passwordDigest(mxid, passwordHash, password.date) === password.digest

/** @param seen what Keycloak tells of the password; absent: there is none */
export const planPassword = (
  wanted: WantedUser,
  seen: PasswordSeen | undefined,
  {
    marks,
    run,
    passwordDate,
  }: { readonly marks: Marks; readonly run: Pick<RowMark, 'run'>; readonly passwordDate: number },
): PasswordPlan => {
  const { mxid, passwordHash } = wanted
  const base = marks.password
  const kept = base === undefined ? {} : { mark: base }
  if (passwordHash === undefined) {
    // What neither side has any more is nobody's.
    if (base === undefined || seen === undefined) return { rows: [] }
    if (!isPasswordOurs(seen, base)) return { rows: rows('theirs'), ...kept }
    return { rows: rows('remove'), removes: seen.id }
  }
  const action = actionOf(wanted, seen, marks)
  if (action !== 'create' && action !== 'update') return { rows: rows(action), ...kept }
  const of = base === undefined ? run : runOf(base)
  return {
    rows: rows(action),
    credential: toCredential(passwordHash, passwordDate),
    mark: { digest: passwordDigest(mxid, passwordHash, passwordDate), date: passwordDate, ...of },
  }
}

const actionOf = (wanted: WantedUser, seen: PasswordSeen | undefined, marks: Marks): RowAction => {
  if (marks.password === undefined) return seen === undefined ? 'create' : 'foreign'
  if (seen === undefined || !isPasswordOurs(seen, marks.password)) return 'theirs'
  return isPasswordAsMarked(wanted, marks) ? 'unchanged' : 'update'
}

/** Whoever sets a password sets its date; what Keycloak hashes anew keeps it. */
export const isPasswordOurs = (seen: PasswordSeen, { date }: PasswordMark): boolean => seen.createdDate === date

/** Whether it is ours, and its owner has not logged in with it: Keycloak has not hashed it anew. */
export const isPasswordUnused = (seen: PasswordSeen, mark: PasswordMark): boolean =>
  isPasswordOurs(seen, mark) && seen.algorithm === AS_MOVED

const rows = (action: RowAction): readonly PlannedRow[] => [{ relation: 'password', action }]
