import type { PasswordSeen, PresentUser } from '../api/user.ts'
import { linkDigest, threepidDigest } from './digests.ts'
import type { Marks } from './marks.ts'
import { isPasswordOurs } from './plan-password.ts'
import { isProfileAsWritten } from './plan-profile.ts'
import { heldThreepids } from './plan-threepids.ts'
import type { PlannedRow } from './row-plan.ts'
import type { AttributeNames } from './user-rules.ts'

/** A user of ours with all that can be seen of it. */
export interface OwnUser {
  readonly present: PresentUser
  readonly password?: PasswordSeen
  readonly marks: Marks
}

/**
 * Every row that we wrote, `remove` where it is still as we wrote it, else `theirs`; and what others have added to the user since,
 * which is `theirs` too: it would go with the user.
 */
export const rowsAsWritten = ({ present, password, marks }: OwnUser, names: AttributeNames): readonly PlannedRow[] => {
  const { mxid } = marks
  const threepids = heldThreepids(present, names).map((one) => threepidDigest(mxid, one))
  const links = (present.links ?? []).map((link) => linkDigest(mxid, link))
  return [
    row('account', isProfileAsWritten(present, marks)),
    ...passwordRow({ marks, ...(password === undefined ? {} : { password }) }),
    ...compared(
      'threepid',
      marks.threepids.map(({ digest }) => digest),
      threepids,
    ),
    ...compared(
      'external_id',
      marks.links.map(({ digest }) => digest),
      links,
    ),
  ]
}

const passwordRow = ({ password, marks }: Pick<OwnUser, 'password' | 'marks'>): readonly PlannedRow[] => {
  if (marks.password === undefined) return password === undefined ? [] : [row('password', false)]
  return [row('password', password !== undefined && isPasswordOurs(password, marks.password))]
}

const compared = (
  relation: PlannedRow['relation'],
  base: readonly string[],
  present: readonly string[],
): readonly PlannedRow[] => [
  ...base.map((digest) => row(relation, present.includes(digest))),
  ...present.filter((digest) => !base.includes(digest)).map(() => row(relation, false)),
]

const row = (relation: PlannedRow['relation'], isAsWritten: boolean): PlannedRow => ({
  relation,
  action: isAsWritten ? 'remove' : 'theirs',
})
