import type { PlannedRow } from '../../row-changes.ts'
import { comparedRows, rowAsWritten } from '../../rows/compared-rows.ts'
import type { CredentialsSeen, Memberships, PresentUser } from '../api/user.ts'
import { type DetailsSeen, settledMarks } from './change-requests.ts'
import { linkDigest, threepidDigest } from './digests.ts'
import type { Marks } from './marks.ts'
import { isPasswordUnused } from './plan-password.ts'
import { isProfileAsWritten } from './plan-profile.ts'
import { heldThreepids } from './plan-threepids.ts'
import { type AttributeNames, MARK_NAMES } from './user-rules.ts'

/** A user of ours with all that can be seen of it. */
export interface OwnUser extends CredentialsSeen {
  readonly present: PresentUser
  /** Absent: they were not asked for, as they need not be of who stays anyway. */
  readonly memberships?: Memberships
  /** Whether they are seen to use it. Absent: likewise. */
  readonly inUse?: boolean
  readonly marks: Marks
}

/** With the marks of what a run had under way settled, as far as links were read. */
export const settledUser = (user: OwnUser): OwnUser => {
  const { links } = user.present
  if (links === undefined) return user
  const { password } = user
  const seen: DetailsSeen = { links, ...(password === undefined ? {} : { password }) }
  return { ...user, marks: settledMarks(user.marks, seen) }
}

/**
 * Every row that we wrote, `remove` where it is still as we wrote it and nobody has used it, else `theirs`; and what others have
 * added to the user since, which is `theirs` too: it would go with the user.
 */
export const rowsAsWritten = (user: OwnUser, names: AttributeNames): readonly PlannedRow[] => {
  const { present, marks } = settledUser(user)
  const { mxid } = marks
  const threepids = heldThreepids(present, names).map((one) => threepidDigest(mxid, one))
  const links = (present.links ?? []).map((link) => linkDigest(mxid, link))
  return [
    rowAsWritten('account', isAccountAsWritten(user, names)),
    ...passwordRows({ ...user, marks }),
    ...comparedRows(
      'threepid',
      marks.threepids.map(({ digest }) => digest),
      threepids,
    ),
    ...comparedRows(
      'external_id',
      marks.links.map(({ digest }) => digest),
      links,
    ),
  ]
}

/** Whether all of a user is as we wrote it, as far as it was looked at. */
export const isAsWritten = (user: OwnUser, names: AttributeNames): boolean =>
  user.present.links !== undefined && rowsAsWritten(user, names).every(({ action }) => action === 'remove')

/** Whether a user may be deleted: all of it was looked at, all is as we wrote it, and nobody is seen to use it. */
export const mayGo = (user: OwnUser, names: AttributeNames): boolean =>
  user.memberships !== undefined && user.inUse !== undefined && isAsWritten(user, names)

const isAccountAsWritten = ({ present, memberships, inUse, marks }: OwnUser, names: AttributeNames): boolean => {
  const known = new Set([...marks.attributes, ...MARK_NAMES, names.emails, names.phones])
  const others = Object.entries(present.attributes).filter(([name, values]) => values.length > 0 && !known.has(name))
  const hasOwnName =
    (present.firstName !== undefined && !known.has('firstName')) ||
    (present.lastName !== undefined && !known.has('lastName'))
  return (
    isProfileAsWritten(present, marks) &&
    others.length === 0 &&
    !hasOwnName &&
    inUse !== true &&
    (memberships === undefined || areMembershipsGiven(memberships, marks))
  )
}

const areMembershipsGiven = ({ realmRoles, clientRoles, groups }: Memberships, { given }: Marks): boolean =>
  clientRoles.length === 0 &&
  realmRoles.every((name) => given.roles.includes(name)) &&
  groups.every((path) => given.groups.includes(path))

/** Another way in that somebody has set up, such as a second factor, counts as a password of theirs. */
const passwordRows = ({ password, otherCredentials, marks }: OwnUser): readonly PlannedRow[] => {
  const others = otherCredentials.map(() => rowAsWritten('password', false))
  if (marks.password === undefined)
    return password === undefined ? others : [rowAsWritten('password', false), ...others]
  return [rowAsWritten('password', password !== undefined && isPasswordUnused(password, marks.password)), ...others]
}
