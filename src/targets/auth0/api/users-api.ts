import { z } from 'zod'
import { encodedPath } from '../../http/encoded-path.ts'
import { type MadeAnswer, make, read, readIfThere, type WriteAnswer, write } from './answers.ts'
import type { ManagementApi } from './management-api.ts'
import type { NameField, PresentUser } from './user.ts'
import { PRESENT_USER } from './user-shapes.ts'

/** Fields of PATCH /users/{id}. What is absent stays; null takes it away. */
export interface UserChanges extends Readonly<Partial<Record<NameField, string | null>>> {
  /** The name of the database connection; needed where one of the identifiers is changed. */
  readonly connection?: string
  readonly username?: string | null
  readonly email?: string | null
  readonly email_verified?: boolean
  readonly phone_number?: string | null
  readonly phone_verified?: boolean
  readonly blocked?: boolean
  /** Merged at the first level: a key that is absent stays, one with null goes. */
  readonly app_metadata?: Readonly<Record<string, unknown>>
  /** Likewise. */
  readonly user_metadata?: Readonly<Record<string, unknown>>
  /** Never an e-mail to those who are moved. */
  readonly verify_email?: false
}

/** Fields of POST /users. */
export interface NewUser extends UserChanges {
  readonly connection: string
  /** Without `auth0|` before it. */
  readonly user_id?: string
  /** A secret, in clear: Auth0 takes hashes by import only. */
  readonly password?: string
}

/** Immediately consistent. Undefined where there is no such user. */
export const userById = (api: ManagementApi, id: string, signal: AbortSignal): Promise<PresentUser | undefined> =>
  readIfThere(api, PRESENT_USER, { path: encodedPath`users/${id}`, signal })

/** Of every connection; immediately consistent. Auth0 keeps database users' addresses in small letters. */
export const usersByEmail = (api: ManagementApi, email: string, signal: AbortSignal): Promise<readonly PresentUser[]> =>
  read(api, z.array(PRESENT_USER), { path: 'users-by-email', query: { email }, signal })

export const createUser = (api: ManagementApi, user: NewUser, signal: AbortSignal): Promise<MadeAnswer<PresentUser>> =>
  make(api, PRESENT_USER, { method: 'POST', path: 'users', body: user, signal })

export const patchUser = (
  api: ManagementApi,
  id: string,
  changes: UserChanges,
  signal: AbortSignal,
): Promise<WriteAnswer> => write(api, { method: 'PATCH', path: encodedPath`users/${id}`, body: changes, signal })

/** `done` also where there is no such user. */
export const deleteUser = (api: ManagementApi, id: string, signal: AbortSignal): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: encodedPath`users/${id}`, signal })
