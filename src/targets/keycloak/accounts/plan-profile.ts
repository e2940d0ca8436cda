import type { PresentUser } from '../api/user.ts'
import { type ProfileFields, presentProfile, profileDigest, profileNames } from './digests.ts'
import type { Marks } from './marks.ts'
import type { RowAction } from './row-plan.ts'
import type { WantedUser } from './wanted-user.ts'

/** What becomes of an account's own row, and what the user's fields then are. */
export interface ProfilePlan {
  readonly action: RowAction
  readonly fields: ProfileFields
  readonly marks: Pick<Marks, 'account' | 'attributes'>
}

/**
 * Username, whether it may log in, and the mapping's attributes are one row: who changes one of them at Keycloak keeps them all.
 * An attribute that is wanted only now and has another value already was written by somebody else, and counts as such a change.
 */
export const planProfile = (wanted: WantedUser, present: PresentUser, marks: Marks): ProfilePlan => {
  const { mxid } = wanted
  const kept = { account: marks.account, attributes: marks.attributes }
  const fields = presentProfile(present)
  const names = new Set([...profileNames(wanted), ...marks.attributes])
  const [there, asked] = [profileDigest(mxid, fields, names), profileDigest(mxid, wanted, names)]
  if (there === asked) return { action: 'unchanged', fields, marks: kept }
  if (there !== marks.account) return { action: 'theirs', fields, marks: kept }
  return {
    action: 'update',
    fields: overlaid(fields, wanted, names),
    marks: { account: asked, attributes: profileNames(wanted) },
  }
}

/** Ours replaced, and all else as it is. */
const overlaid = (present: ProfileFields, wanted: WantedUser, ours: ReadonlySet<string>): ProfileFields => {
  const firstName = ours.has('firstName') ? wanted.firstName : present.firstName
  const lastName = ours.has('lastName') ? wanted.lastName : present.lastName
  return {
    username: wanted.username,
    enabled: wanted.enabled,
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    attributes: {
      ...Object.fromEntries(Object.entries(present.attributes).filter(([name]) => !ours.has(name))),
      ...wanted.attributes,
    },
  }
}

/** Whether nobody has changed it since. */
export const isProfileAsWritten = (present: PresentUser, { mxid, account, attributes }: Marks): boolean =>
  profileDigest(mxid, presentProfile(present), new Set(attributes)) === account
