import type { PlannedRow } from '../../row-changes.ts'
import { comparedRows, rowAsWritten } from '../../rows/compared-rows.ts'
import type { PresentIdentity } from '../api/user.ts'
import { profileNames, threepidDigest } from './digests.ts'
import { hasOthersMetadata, presentHoldings } from './metadata.ts'
import { isInUse, type OwnUser } from './ownership.ts'
import { linkedIdentities, presentLinks } from './plan-links.ts'
import { isPasswordUntouched } from './plan-password.ts'
import { isProfileAsWritten } from './plan-profile.ts'
import { SELF_FILLED } from './root-fields.ts'

/**
 * Every row that we wrote, `remove` where it is still as we wrote it and nobody has used it, else `theirs`; and what others have
 * added to the user since, which is `theirs` too: it would go with the user.
 */
export const rowsAsWritten = (user: OwnUser): readonly PlannedRow[] => {
  const { present, marks } = user
  const { mxid } = marks
  return [
    rowAsWritten('account', isAccountAsWritten(user)),
    ...passwordRows(user),
    ...comparedRows(
      'threepid',
      marks.threepids.map(({ digest }) => digest),
      presentHoldings(present).held.map((one) => threepidDigest(mxid, one)),
    ),
    ...comparedRows(
      'external_id',
      marks.links.map(({ digest }) => digest),
      presentLinks(mxid, present),
    ),
  ]
}

/** Whether all of a user is as we wrote it and nobody has used it, so that nothing is lost when it is deleted. */
export const isAsWritten = (user: OwnUser): boolean => rowsAsWritten(user).every(({ action }) => action === 'remove')

/** Whether it may be deleted to be imported again: an import brings no linked identities back, but for whom SCIM makes. */
export const isRenewable = (user: OwnUser): boolean => {
  const { present } = user
  const isPrimary = ({ provider, userId }: PresentIdentity): boolean => `${provider}|${userId}` === present.primaryId
  return linkedIdentities(present).every(isPrimary) && isAsWritten(user)
}

const isAccountAsWritten = ({ present, marks }: OwnUser): boolean => {
  const holdings = presentHoldings(present)
  const others = profileNames(holdings).filter((name) => !marks.attributes.includes(name) && !SELF_FILLED.has(name))
  return isProfileAsWritten(holdings, marks) && others.length === 0 && !hasOthersMetadata(present) && !isInUse(present)
}

const passwordRows = ({ present, marks }: OwnUser): readonly PlannedRow[] => {
  const isUntouched = isPasswordUntouched(present)
  // Somebody has set one, or logs in without.
  if (marks.password === undefined) return isUntouched ? [] : [rowAsWritten('password', false)]
  return [rowAsWritten('password', isUntouched)]
}
