import { createHash } from 'node:crypto'
import type { User, UserIdentity } from './tenant.ts'

const time = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString())

const present = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

const unlessEmpty = (metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined =>
  Object.keys(metadata).length === 0 ? undefined : metadata

const identityBody = ({ connection, provider, userId, isSocial, profileData }: UserIdentity) =>
  present({ connection, provider, user_id: userId, isSocial, profileData })

/** What a database user is called who was given no names: after the address, else the username, else the number. */
const usualNames = (user: User): Readonly<Record<string, string | undefined>> => {
  const name = user.email ?? user.username ?? user.phoneNumber
  const picture = createHash('md5')
    .update(user.email ?? user.userId)
    .digest('hex')
  return {
    name,
    nickname: user.email === undefined ? name : user.email.slice(0, user.email.lastIndexOf('@')),
    picture: `https://s.gravatar.com/avatar/${picture}?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2F${encodeURIComponent((name ?? '').slice(0, 2))}.png`,
  }
}

/** A user as `GET /users/{id}` shows them. */
export const userBody = (user: User): Readonly<Record<string, unknown>> =>
  present({
    created_at: time(user.createdAt),
    email: user.email,
    email_verified: user.email === undefined ? undefined : user.emailVerified === true,
    identities: user.identities.map(identityBody),
    ...usualNames(user),
    ...user.names,
    updated_at: time(user.updatedAt),
    user_id: user.userId,
    username: user.username,
    phone_number: user.phoneNumber,
    phone_verified: user.phoneNumber === undefined ? undefined : user.phoneVerified === true,
    blocked: user.blocked ? true : undefined,
    app_metadata: unlessEmpty(user.appMetadata),
    user_metadata: unlessEmpty(user.userMetadata),
    last_login: time(user.lastLogin),
    last_password_reset: time(user.lastPasswordReset),
    logins_count: user.loginsCount === 0 ? undefined : user.loginsCount,
  })
