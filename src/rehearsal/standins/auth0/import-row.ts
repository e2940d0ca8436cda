import { fieldSettings } from './connection-settings.ts'
import { checkFields, type Violation } from './fields/check-fields.ts'
import { isObject } from './json.ts'
import type { Readings } from './readings.ts'
import { newUser, type Row, readRow, upsertedUser } from './row-user.ts'
import { RULES } from './rules/index.ts'
import type { SeenInFile } from './seen-in-file.ts'
import type { Connection, JobError, Tenant, User } from './tenant.ts'
import { userBody } from './user-body.ts'

export interface ImportOptions {
  readonly upsert: boolean
  /** Of the rows of one file. */
  readonly seen?: SeenInFile
}

export type ImportedRow =
  | { readonly kind: 'inserted' }
  | { readonly kind: 'updated' }
  | { readonly kind: 'refused'; readonly errors: JobError['errors'] }

const ALL_RULES = Object.values(RULES).flat()

// 10 KB, of 1,024 bytes as the 500 KB of a file are.
const MOST_PROFILE_BYTES = 10 * 1024

const refused = (code: string, message: string): ImportedRow => ({ kind: 'refused', errors: [{ code, message }] })

const IDENTIFIERS: readonly string[] = ['email', 'username', 'phone_number']

/** Errors name `password_hash` as Auth0's own column is called. */
const nameOf = (path: string, { errorPaths }: Readings): string => {
  if (path === 'password_hash') return 'passwordHash'
  return errorPaths === 'of the identity' && IDENTIFIERS.includes(path) ? `identities[0].profileData.${path}` : path
}

const errorOf = ({ code, path, message }: Violation, readings: Readings): JobError['errors'][number] => {
  const name = nameOf(path, readings)
  const words = name === '' ? message : `Error in ${name} property - ${message}`
  return {
    code,
    message: code === 'NOT_PASSED' ? 'Forbidden attribute in appUser: ' : words,
    ...(name === '' ? {} : { path: name }),
  }
}

/**
 * Who has what the row has, by what it is. Of user_ids Auth0 says that its customers see to it that no two connections have one;
 * here there is one user an id.
 */
interface Holders {
  readonly email?: User | undefined
  readonly username?: User | undefined
  readonly userId?: User | undefined
  readonly phone?: User | undefined
}

const holdersOf = ({ users }: Tenant, connection: Connection, row: Row): Holders => ({
  email:
    row.email === undefined || fieldSettings(connection).sharesEmails
      ? undefined
      : users.byEmail(connection.name, row.email),
  username: row.username === undefined ? undefined : users.byUsername(connection.name, row.username),
  userId:
    row.user_id === undefined
      ? undefined
      : (users.byId(`${connection.strategy}|${row.user_id}`) ?? users.byIdentity(connection.strategy, row.user_id)),
  phone: row.phone_number === undefined ? undefined : users.byPhone(connection.name, row.phone_number),
})

/** Why a row with upsert cannot be taken, whoever it is matched with. */
const conflictOf = ({ username, userId, phone }: Holders, match: User | undefined): ImportedRow | undefined => {
  const isAnother = (user: User | undefined): boolean => user !== undefined && user.userId !== match?.userId
  if (isAnother(username)) return refused('CONFLICT_USERNAME', 'The username is in use by another user')
  if (isAnother(userId)) return refused('CONFLICT', 'The user_id is in use by another user')
  return isAnother(phone) ? refused('CONFLICT', 'The phone_number is in use by another user') : undefined
}

const hashConflictOf = (row: Row, match: User, { hashByUpsert }: Readings): ImportedRow | undefined => {
  const field = row.password_hash === undefined ? 'custom_password_hash' : 'password_hash'
  const isReplaced =
    field === 'custom_password_hash' && match.password?.kind === 'imported' && hashByUpsert !== 'refused'
  if (row[field] === undefined || isReplaced) return undefined
  return refused('CONFLICT', `A ${field} was provided, but the user already has password hash defined`)
}

const put = (tenant: Tenant, user: User, kind: 'inserted' | 'updated'): ImportedRow => {
  if (Buffer.byteLength(JSON.stringify(userBody(user))) > MOST_PROFILE_BYTES)
    return refused('PROFILE_SIZE_EXCEEDED', "The user's profile exceeds the maximum allowed size")
  tenant.users.put(user)
  return { kind }
}

/** Does one row of an import file. A refused one changes nothing. */
export function importRow(tenant: Tenant, connection: Connection, value: unknown, options: ImportOptions): ImportedRow {
  if (!isObject(value)) return refused('INVALID_TYPE', 'Expected type object')
  const violations = checkFields(ALL_RULES, 'import row', value, connection)
  if (violations.length > 0) return { kind: 'refused', errors: violations.map((one) => errorOf(one, tenant.readings)) }
  if (options.seen?.again(value) === true)
    return refused('DUPLICATED_USER', 'A user with this [email|username|user_id] was already provided.')

  const row = readRow(value)
  const holders = holdersOf(tenant, connection, row)
  if (!options.upsert)
    return Object.values(holders).some((user) => user !== undefined)
      ? refused('DUPLICATED_USER', 'The user already exist and upsert parameter is false')
      : put(tenant, newUser(row, connection, tenant.clock.now()), 'inserted')

  const match = holders.email
  const conflict =
    conflictOf(holders, match) ?? (match === undefined ? undefined : hashConflictOf(row, match, tenant.readings))
  if (conflict !== undefined) return conflict
  return match === undefined
    ? put(tenant, newUser(row, connection, tenant.clock.now()), 'inserted')
    : put(tenant, upsertedUser(match, row, tenant), 'updated')
}
