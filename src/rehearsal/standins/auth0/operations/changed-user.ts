import { type Answer, type Incoming, refusal } from '../answer.ts'
import { ownPassword } from '../passwords.ts'
import type { Connection, Tenant, User } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { isTakenByOthers } from '../users/taken.ts'
import { togetherIn } from './apart.ts'
import { changeLinked } from './changed-identity.ts'
import { textOf } from './new-user.ts'
import { tooWeak } from './password-strength.ts'
import { type Body, invalidBody, objectOf, refusedFields } from './payload.ts'
import { changed, lackedBy, sent } from './user-changes.ts'

/** What the provider of a connection says of its people, or nobody. */
const OF_PROVIDER = ['email', 'username', 'password', 'email_verified']

const NAMES = ['family_name', 'given_name', 'name', 'nickname', 'picture']

const connectionOf = (tenant: Tenant, user: User): Connection | undefined =>
  [...tenant.connections.values()].find(({ name }) => name === user.identities[0]?.connection)

/** Whether the provider's words are written over the profile at each login, as is usual. */
const isSynced = ({ options }: Connection): boolean =>
  (options['set_user_root_attributes'] ?? 'on_each_login') === 'on_each_login'

const keptByProvider = (names: readonly string[], { name }: Connection): string =>
  `The following user attributes cannot be updated: ${names.join(', ')}. The connection (${name}) must either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync user profile attributes at each login'.`

/** What cannot be done with this user; undefined where it can. */
const unsupported = (user: User, connection: Connection, body: Body): Answer | undefined => {
  const refuse = (message: string): Answer => refusal(400, 'Bad Request', message, 'operation_not_supported')
  const together = togetherIn(body)
  if (together !== undefined) return refuse(together)
  if (connection.strategy !== 'auth0') {
    const field = OF_PROVIDER.find((name) => body[name] !== undefined)
    if (field !== undefined) return refuse(`Cannot update ${field} for this user`)
    const names = isSynced(connection) ? NAMES.filter((name) => body[name] !== undefined) : []
    return names.length === 0 ? undefined : refuse(keptByProvider(names, connection))
  }
  if (body['verify_phone_number'] !== undefined)
    return refuse('verify_phone_number is only valid for users of SMS connections.')
  if (
    typeof body['username'] === 'string' &&
    user.username === undefined &&
    connection.options['attributes'] === undefined
  )
    return refuse('Cannot update username for users without an username already set.')
  const named = body['connection']
  return named === undefined || user.identities.some((identity) => identity.connection === named)
    ? undefined
    : refuse('The user has no identity of this connection.')
}

/** `PATCH /users/{id}`. */
export const changeUser = async (tenant: Tenant, incoming: Incoming, userId: string): Promise<Answer> => {
  const body = objectOf(incoming)
  if (body === undefined) return invalidBody('Expected type object but found type undefined')
  const before = tenant.users.byId(userId)
  if (before === undefined) return refusal(404, 'Not Found', 'The user does not exist.', 'inexistent_user')
  const connection = connectionOf(tenant, before)
  const identity = before.identities.slice(1).find((each) => each.connection === body['connection'])
  if (identity !== undefined) return changeLinked(tenant, before, identity, body)
  const refused = refusedFields('changed user', sent(body), connection)
  if (refused !== undefined) return refused
  const lacked = connection === undefined ? undefined : lackedBy(body, connection)
  if (lacked !== undefined) return invalidBody(`Missing required property: ${lacked}`)
  const refusedAsWhole = connection === undefined ? undefined : unsupported(before, connection, body)
  if (refusedAsWhole !== undefined) return refusedAsWhole
  const password = textOf(body['password'])
  if (password !== undefined && connection !== undefined && tooWeak(password, connection))
    return refusal(400, 'Bad Request', 'PasswordStrengthError: Password is too weak')
  const now = tenant.clock.now()
  const after = changed(before, body, now)
  if (connection !== undefined && isTakenByOthers(tenant, connection, after))
    return refusal(
      400,
      'Bad Request',
      `The specified new ${after.email === before.email ? 'username' : 'email'} already exists`,
      'auth0_idp_error',
    )
  // A new password takes an administrator's block away, unless the request says otherwise.
  const whole =
    password === undefined
      ? after
      : {
          ...after,
          password: await ownPassword(password),
          lastPasswordReset: now,
          blocked: body['blocked'] === true,
        }
  if (password !== undefined) tenant.wrongPasswords.delete(userId)
  tenant.users.put(whole)
  return { status: 200, body: userBody(whole) }
}
