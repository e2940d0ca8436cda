import { finishLogin, type Login, logEntry } from './finish-login.ts'
import { afterLogin, verifyPassword } from './passwords.ts'
import type { Connection, StoredPassword, Tenant, User } from './tenant.ts'

/** After so many wrong passwords nobody gets in as the user. */
const MOST_WRONG = 10

export type PasswordLogin = Login | { readonly kind: 'wrong' } | { readonly kind: 'too many attempts' }

interface Credentials {
  readonly connection: Connection
  /** A username, an e-mail address, a phone number. */
  readonly username: string
  readonly password: string
  readonly clientId: string
}

/** Whose the login is, and where their password is kept: with the profile, or with one that was linked to it. */
interface Account {
  readonly owner: User
  readonly record: User
}

const isCalled = ({ email, username, phoneNumber }: User, name: string): boolean =>
  [email, username, phoneNumber].some((each) => each?.toLowerCase() === name.toLowerCase())

const accountOf = (tenant: Tenant, { connection, username }: Credentials): Account | undefined => {
  const { users, linked } = tenant
  const owner =
    users.byUsername(connection.name, username) ??
    users.byEmail(connection.name, username) ??
    users.byPhone(connection.name, username)
  if (owner === undefined) return undefined
  const records = owner.identities
    .filter((identity) => identity.connection === connection.name)
    .flatMap(({ provider, userId }) => {
      const key = `${provider}|${userId}`
      const record = key === owner.userId ? owner : linked.get(key)
      return record === undefined ? [] : [record]
    })
  const record = records.find((each) => isCalled(each, username))
  return record === undefined ? undefined : { owner, record }
}

/** The owner as they are once the password is stored anew. */
const keep = (tenant: Tenant, { owner, record }: Account, password: StoredPassword): User => {
  if (record.userId === owner.userId) return { ...owner, password }
  tenant.linked.set(record.userId, { ...record, password })
  return owner
}

const isProtected = ({ options }: Connection): boolean => options['brute_force_protection'] !== false

/** A login with a password at a database connection. */
export async function passwordLogin(tenant: Tenant, credentials: Credentials): Promise<PasswordLogin> {
  const { connection, username, password, clientId } = credentials
  const account = accountOf(tenant, credentials)
  if (account === undefined) {
    logEntry(tenant, { type: 'fu', description: 'Wrong email or password.' })
    return { kind: 'wrong' }
  }
  const { userId, password: stored } = account.record
  const wrong = tenant.wrongPasswords.get(userId) ?? 0
  if (wrong >= MOST_WRONG && isProtected(connection)) {
    logEntry(tenant, { type: 'limit_wc', userId, description: username })
    return { kind: 'too many attempts' }
  }
  if (stored === undefined || !(await verifyPassword(stored, password, tenant.readings))) {
    tenant.wrongPasswords.set(userId, (tenant.wrongPasswords.get(userId) ?? 0) + 1)
    const description =
      stored?.kind === 'imported'
        ? 'Verification failed for the provided custom_password_hash'
        : 'Wrong email or password.'
    logEntry(tenant, { type: 'fp', userId, description })
    return { kind: 'wrong' }
  }
  tenant.wrongPasswords.delete(userId)
  const kept = await afterLogin(stored, password)
  // Hashing takes its time: whoever changed them meanwhile has changed them.
  const now = accountOf(tenant, credentials)
  if (now === undefined) return { kind: 'wrong' }
  return finishLogin(tenant, keep(tenant, now, kept), {
    connection,
    method: 'pwd',
    protocol: 'oauth2-password',
    clientId,
  })
}
