import { fieldSettings } from '../connection-settings.ts'
import { isObject } from '../json.ts'
import type { Connection, User } from '../tenant.ts'
import { namesOf, textOf } from './new-user.ts'
import type { Body } from './payload.ts'

/** What null takes away. */
const REMOVABLE = [
  'email',
  'phone_number',
  'username',
  'name',
  'nickname',
  'given_name',
  'family_name',
  'picture',
] as const

const NULLABLE: readonly string[] = [...REMOVABLE, 'password']

/** A request without what it takes away: null is no value of the other fields. */
export const sent = (request: Body): Body =>
  Object.fromEntries(Object.entries(request).filter(([name, value]) => value !== null || !NULLABLE.includes(name)))

/** The property that a request takes away, and that the connection requires of everybody; undefined: there is none. */
export const lackedBy = (request: Body, connection: Connection): string | undefined => {
  const { email, username, phoneNumber } = fieldSettings(connection).requires
  const required = { email, username, phone_number: phoneNumber }
  return connection.strategy === 'auth0'
    ? Object.entries(required).find(([name, isRequired]) => isRequired && request[name] === null)?.[0]
    : undefined
}

/** Merged at the first level; null takes a key away, an empty object all of them. */
const mergedMetadata = (before: Body, change: unknown): Body => {
  if (!isObject(change)) return before
  if (Object.keys(change).length === 0) return {}
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null))
}

const without = (user: User, removed: readonly string[]): User => {
  const { email, emailVerified, phoneNumber, phoneVerified, username, names, ...others } = user
  return {
    ...others,
    ...(email === undefined || removed.includes('email') ? {} : { email, emailVerified: emailVerified === true }),
    ...(phoneNumber === undefined || removed.includes('phone_number')
      ? {}
      : { phoneNumber, phoneVerified: phoneVerified === true }),
    ...(username === undefined || removed.includes('username') ? {} : { username }),
    names: Object.fromEntries(Object.entries(names).filter(([name]) => !removed.includes(name))),
  }
}

/** A user after a change that nothing stands against, but for the password. `now` in milliseconds since 1970. */
export const changed = (before: User, request: Body, now: number): User => {
  const removed = REMOVABLE.filter((name) => request[name] === null)
  const body = sent(request)
  const user = without(before, removed)
  const email = textOf(body['email'])?.toLowerCase()
  const phone = textOf(body['phone_number'])
  const username = textOf(body['username'])?.toLowerCase()
  // A new address or number is not verified, unless the request says so.
  const emailVerified =
    body['email_verified'] ?? (email === undefined || email === user.email ? user.emailVerified : false)
  const phoneVerified =
    body['phone_verified'] ?? (phone === undefined || phone === user.phoneNumber ? user.phoneVerified : false)
  return {
    ...user,
    ...(email === undefined ? {} : { email }),
    ...(emailVerified === undefined ? {} : { emailVerified: emailVerified === true }),
    ...(phone === undefined ? {} : { phoneNumber: phone }),
    ...(phoneVerified === undefined ? {} : { phoneVerified: phoneVerified === true }),
    ...(username === undefined ? {} : { username }),
    names: { ...user.names, ...namesOf(body) },
    blocked: typeof body['blocked'] === 'boolean' ? body['blocked'] : user.blocked,
    appMetadata: mergedMetadata(user.appMetadata, body['app_metadata']),
    userMetadata: mergedMetadata(user.userMetadata, body['user_metadata']),
    updatedAt: now,
  }
}
