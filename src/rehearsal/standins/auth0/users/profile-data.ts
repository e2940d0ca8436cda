import type { User, UserIdentity } from '../tenant.ts'
import { userBody } from '../user-body.ts'

/** What of a profile stays with its identity once it is linked. */
const PROFILE_DATA = [
  'email',
  'email_verified',
  'name',
  'username',
  'given_name',
  'phone_number',
  'phone_verified',
  'family_name',
  'nickname',
  'picture',
]

/** What an identity shows of the profile that it was. */
export const profileDataOf = (user: User): NonNullable<UserIdentity['profileData']> => {
  const body = userBody(user)
  return Object.fromEntries(PROFILE_DATA.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])))
}
