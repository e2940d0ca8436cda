import type { RowAction } from '../../row-changes.ts'
import { joinedAction, planLogin } from '../../rows/plan-login.ts'
import { type Profile, profileDigest, profileNames } from './digests.ts'
import type { Marks } from './marks.ts'
import { SELF_FILLED } from './root-fields.ts'
import type { UserThen } from './user-then.ts'
import type { WantedUser } from './wanted-user.ts'

/** What becomes of an account's own row, and what the user then holds of it. */
export interface ProfilePlan {
  readonly action: RowAction
  readonly fields: Profile & Pick<UserThen, 'blocked'>
  readonly marks: Pick<Marks, 'account' | 'blocked' | 'attributes'>
}

/**
 * Username, the mapping's attributes and what is noted of the account are one: who changes one of them at Auth0 keeps them all.
 * Whether the account may log in follows the source for itself: a lock arrives whatever else has been changed.
 */
export const planProfile = (wanted: WantedUser, present: UserThen, marks: Marks): ProfilePlan => {
  const login = planLogin(!wanted.blocked, !present.blocked, !marks.blocked)
  const texts = planTexts(wanted, present, marks)
  return {
    action: joinedAction([login.action, texts.action]),
    fields: { ...texts.fields, blocked: !login.mayLogIn },
    marks: { ...texts.marks, blocked: !login.mark },
  }
}

interface TextsPlan {
  readonly action: RowAction
  readonly fields: Profile
  readonly marks: Pick<Marks, 'account' | 'attributes'>
}

const planTexts = (wanted: WantedUser, present: UserThen, marks: Marks): TextsPlan => {
  const { mxid } = wanted
  const kept = { account: marks.account, attributes: marks.attributes }
  const names = new Set([...profileNames(wanted), ...marks.attributes])
  const asked = profileDigest(mxid, wanted, names)
  if (profileDigest(mxid, present, names) === asked) return { action: 'unchanged', fields: present, marks: kept }
  const known = new Set([...names].filter((name) => marks.attributes.includes(name) || !SELF_FILLED.has(name)))
  if (profileDigest(mxid, present, known) !== marks.account) return { action: 'theirs', fields: present, marks: kept }
  return {
    action: 'update',
    fields: overlaid(present, wanted, names),
    marks: { account: asked, attributes: profileNames(wanted) },
  }
}

/** Ours replaced, and all else as it is. */
const overlaid = (present: Profile, wanted: WantedUser, ours: ReadonlySet<string>): Profile => {
  const { username, names, attributes, isAdmin, createdAt } = wanted
  return {
    ...(username === undefined ? {} : { username }),
    isAdmin,
    createdAt,
    names: { ...without(present.names, ours), ...names },
    attributes: { ...without(present.attributes, ours), ...attributes },
  }
}

const without = <Value>(
  values: Readonly<Record<string, Value>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, Value>> => Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)))

/** Whether nobody has changed it since. */
export const isProfileAsWritten = (present: UserThen, { mxid, account, blocked, attributes }: Marks): boolean =>
  present.blocked === blocked && profileDigest(mxid, present, new Set(attributes)) === account
