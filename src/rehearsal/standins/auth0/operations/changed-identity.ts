import { type Answer, refusal } from '../answer.ts'
import { ownPassword } from '../passwords.ts'
import type { Tenant, User, UserIdentity } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { profileDataOf } from '../users/profile-data.ts'
import { isTakenByOthers } from '../users/taken.ts'
import { togetherIn } from './apart.ts'
import { textOf } from './new-user.ts'
import { tooWeak } from './password-strength.ts'
import { type Body, refusedFields, strangerIn } from './payload.ts'
import { changed, sent } from './user-changes.ts'

/** What a linked identity has of its own. */
const OWN = [
  'connection',
  'client_id',
  'email',
  'email_verified',
  'phone_number',
  'phone_verified',
  'username',
  'password',
  'verify_email',
]

const refuse = (message: string, code = 'operation_not_supported'): Answer => refusal(400, 'Bad Request', message, code)

const takenIn = (body: Body): string =>
  ['email', 'username'].find((field) => body[field] !== undefined) ?? 'phone number'

/** A change of an identity that is linked with a user, whose request names its connection. */
export const changeLinked = async (
  tenant: Tenant,
  owner: User,
  { provider, userId, connection: name }: UserIdentity,
  body: Body,
): Promise<Answer> => {
  const key = `${provider}|${userId}`
  const record = tenant.linked.get(key)
  const connection = [...tenant.connections.values()].find((each) => each.name === name)
  if (record === undefined || connection?.strategy !== 'auth0')
    return refuse('Only identities of database connections can be changed.')
  const refused = refusedFields('changed user', sent(body), connection)
  if (refused !== undefined) return refused
  const stranger = strangerIn(body, OWN)
  if (stranger !== undefined) return refuse(`Cannot update ${stranger} of a linked identity`)
  const together = togetherIn(body)
  if (together !== undefined) return refuse(together)
  const password = textOf(body['password'])
  if (password !== undefined && tooWeak(password, connection))
    return refuse('PasswordStrengthError: Password is too weak', 'invalid_password')
  const now = tenant.clock.now()
  const after = changed(record, body, now)
  if (isTakenByOthers(tenant, connection, { ...after, userId: owner.userId }))
    return refuse(`The specified new ${takenIn(body)} already exists`, 'auth0_idp_error')
  tenant.linked.set(key, password === undefined ? after : { ...after, password: await ownPassword(password) })
  if (password !== undefined) tenant.wrongPasswords.delete(key)
  const whole: User = {
    ...owner,
    identities: owner.identities.map((identity) =>
      identity.provider === provider && identity.userId === userId
        ? { ...identity, profileData: profileDataOf(after) }
        : identity,
    ),
    updatedAt: now,
  }
  tenant.users.put(whole)
  return { status: 200, body: userBody(whole) }
}
