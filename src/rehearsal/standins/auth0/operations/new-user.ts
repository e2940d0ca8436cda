import { randomBytes } from 'node:crypto'
import { type Answer, type Incoming, refusal } from '../answer.ts'
import { isObject } from '../json.ts'
import { ownPassword } from '../passwords.ts'
import type { Connection, Tenant, User } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { isTaken } from '../users/taken.ts'
import { tooWeak } from './password-strength.ts'
import { type Body, invalidBody, objectOf, refusedFields } from './payload.ts'

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const NAMES = ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const

export const namesOf = (body: Body): User['names'] =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const text = textOf(body[name])
      return text === undefined ? [] : [[name, text]]
    }),
  )

const metadataOf = (value: unknown): Body => (isObject(value) ? value : {})

const userOf = (body: Body, connection: Connection, now: number): User => {
  const own = textOf(body['user_id']) ?? randomBytes(12).toString('hex')
  const email = textOf(body['email'])?.toLowerCase()
  const phone = textOf(body['phone_number'])
  const username = textOf(body['username'])?.toLowerCase()
  return {
    userId: `${connection.strategy}|${own}`,
    identities: [{ connection: connection.name, provider: connection.strategy, userId: own, isSocial: false }],
    ...(email === undefined ? {} : { email, emailVerified: body['email_verified'] === true }),
    ...(phone === undefined ? {} : { phoneNumber: phone, phoneVerified: body['phone_verified'] === true }),
    ...(username === undefined ? {} : { username }),
    names: namesOf(body),
    blocked: body['blocked'] === true,
    appMetadata: metadataOf(body['app_metadata']),
    userMetadata: metadataOf(body['user_metadata']),
    createdAt: now,
    updatedAt: now,
    loginsCount: 0,
  }
}

const PASSWORDLESS = ['email', 'sms']

const connectionNamed = (tenant: Tenant, name: unknown): Connection | undefined =>
  [...tenant.connections.values()].find((connection) => connection.name === name)

/** `POST /users`. */
export const createUser = async (tenant: Tenant, incoming: Incoming): Promise<Answer> => {
  const body = objectOf(incoming)
  if (body === undefined) return invalidBody('Expected type object but found type undefined')
  const connection = connectionNamed(tenant, body['connection'])
  if (connection !== undefined && connection.strategy !== 'auth0' && !PASSWORDLESS.includes(connection.strategy))
    return refusal(
      400,
      'Bad Request',
      'Users of this connection are created by its provider.',
      'operation_not_supported',
    )
  const refused = refusedFields('new user', body, connection)
  if (refused !== undefined) return refused
  if (connection === undefined)
    return refusal(400, 'Bad Request', 'The connection does not exist.', 'inexistent_connection')
  const password = textOf(body['password'])
  if (password !== undefined && tooWeak(password, connection))
    return refusal(400, 'Bad Request', 'PasswordStrengthError: Password is too weak')
  const user = userOf(body, connection, tenant.clock.now())
  if (isTaken(tenant, connection, user)) return refusal(409, 'Conflict', 'The user already exists.', 'auth0_idp_error')
  const whole = password === undefined ? user : { ...user, password: await ownPassword(password) }
  tenant.users.put(whole)
  return { status: 201, body: userBody(whole) }
}
