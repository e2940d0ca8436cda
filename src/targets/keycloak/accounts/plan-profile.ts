import type { RowAction } from '../../row-changes.ts'
import { joinedAction, planLogin } from '../../rows/plan-login.ts'
import type { PresentUser } from '../api/user.ts'
import { type ProfileFields, presentProfile, profileDigest, profileNames } from './digests.ts'
import type { Marks } from './marks.ts'
import type { WantedUser } from './wanted-user.ts'

/** What becomes of an account's own row, and what the user's fields then are. */
export interface ProfilePlan {
  readonly action: RowAction
  readonly fields: ProfileFields
  readonly marks: Pick<Marks, 'account' | 'enabled' | 'attributes'>
}

/**
 * Username and the mapping's attributes are one: who changes one of them at Keycloak keeps them all. An attribute that is wanted
 * only now and has another value already was written by somebody else, and counts as such a change. Whether the account may log
 * in follows the source for itself: a lock arrives whatever else has been changed.
 */
export const planProfile = (wanted: WantedUser, present: PresentUser, marks: Marks): ProfilePlan => {
  const login = planLogin(wanted.enabled, present.enabled, marks.enabled)
  const texts = planTexts(wanted, present, marks)
  return {
    action: joinedAction([login.action, texts.action]),
    fields: { ...texts.fields, enabled: login.mayLogIn },
    marks: { ...texts.marks, enabled: login.mark },
  }
}

type TextsPlan = Pick<ProfilePlan, 'action' | 'fields'> & { readonly marks: Pick<Marks, 'account' | 'attributes'> }

const planTexts = (wanted: WantedUser, present: PresentUser, marks: Marks): TextsPlan => {
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
    enabled: present.enabled,
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    attributes: {
      ...Object.fromEntries(Object.entries(present.attributes).filter(([name]) => !ours.has(name))),
      ...wanted.attributes,
    },
  }
}

/** Whether nobody has changed it since. */
export const isProfileAsWritten = (present: PresentUser, { mxid, account, enabled, attributes }: Marks): boolean =>
  present.enabled === enabled && profileDigest(mxid, presentProfile(present), new Set(attributes)) === account
