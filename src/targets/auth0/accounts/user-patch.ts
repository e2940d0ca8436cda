import { NAME_FIELDS, type NameField, type PresentUser } from '../api/user.ts'
import { encodeMarks, MARKS, type Marks } from './marks.ts'
import { changedMetadata, type Metadata } from './metadata.ts'
import type { UserThen } from './user-then.ts'
import { addressAt } from './wanted-threepids.ts'

/** The body of a PATCH of one user: what it does not name stays. null removes. */
export interface UserPatch extends Readonly<Partial<Record<NameField, string | null>>> {
  readonly app_metadata: Metadata
  readonly blocked?: boolean
  readonly email?: string | null
  readonly email_verified?: true
  readonly phone_number?: string | null
  readonly phone_verified?: true
  readonly username?: string | null
  /** Nobody is to get mail about it. */
  readonly verify_email?: false
}

/** @param was what the user holds just before it */
export const toPatch = (present: PresentUser, was: UserThen, then: UserThen, marks: Marks): UserPatch => ({
  ...(was.blocked === then.blocked ? {} : { blocked: then.blocked }),
  ...changedNames(was, then),
  ...emailPatch(was, then),
  ...phonePatch(was, then),
  ...(was.username === then.username ? {} : { username: then.username ?? null }),
  app_metadata: changedMetadata(present, then, marks),
})

/** Notes that what took requests of its own is done. */
export const closingPatch = (marks: Marks): UserPatch => ({
  app_metadata: { [MARKS]: encodeMarks({ ...marks, underWay: [] }) },
})

const changedNames = ({ names: was }: UserThen, { names }: UserThen): Pick<UserPatch, NameField> =>
  Object.fromEntries(
    NAME_FIELDS.flatMap((field) => (was[field] === names[field] ? [] : [[field, names[field] ?? null]])),
  )

/** Synapse's addresses are verified. */
const emailPatch = (was: UserThen, { held }: UserThen): Partial<UserPatch> => {
  const email = addressAt(held, 'email')
  if (email === addressAt(was.held, 'email')) return {}
  return email === undefined ? { email: null } : { email, email_verified: true, verify_email: false }
}

const phonePatch = (was: UserThen, { held }: UserThen): Partial<UserPatch> => {
  const phone = addressAt(held, 'phone')
  if (phone === addressAt(was.held, 'phone')) return {}
  // Nothing about messages: that is for users of SMS connections alone.
  return phone === undefined ? { phone_number: null } : { phone_number: phone, phone_verified: true }
}
