import type { z } from 'zod'
import type { AdminAnswer, AdminApi, AdminRequest } from './admin-api.ts'
import { adminPath } from './admin-path.ts'
import { unexpectedAnswer } from './unexpected-answer.ts'
import type { CredentialsSeen, Link, Memberships, PresentUser, UserImport, UserUpdate } from './user.ts'
import { COUNT, CREDENTIALS, GROUP_PATHS, IMPORTED, ROLES, SINGLE_USER, USERS } from './user-shapes.ts'
import { wordsOf } from './words.ts'

export type { Link, PresentUser, UserImport, UserUpdate } from './user.ts'

/** `clash`: 409, somebody has a name, an address or an id of theirs. Nothing of the request is done in either case. */
export interface Refused {
  readonly kind: 'clash' | 'refused'
  readonly status: number
  /** Keycloak's own, without a secret. */
  readonly words: string
}

/** After `refused` with status 500 some of it may be done: read it back. */
export type ImportAnswer = { readonly kind: 'imported' } | Refused

/** `missing`: there is no such user. */
export type WriteAnswer = { readonly kind: 'done' } | { readonly kind: 'missing' } | Refused

/** Which users: those that have an attribute of this value (see `attributeQuery`), a link to this provider, or both. */
export interface UserFilter {
  readonly q?: string
  readonly idpAlias?: string
}

export interface PageRequest extends UserFilter {
  readonly first: number
  readonly max: number
  /** True: without attributes. */
  readonly brief: boolean
}

/** Users that have an attribute of this value, for `q`. The user profile must declare the attribute for it to be told. */
export const attributeQuery = (name: string, value: string): string => `"${name}":"${value}"`

type Question = Pick<AdminRequest, 'path' | 'query' | 'signal'>

const read = async <Shape extends z.ZodType>(
  api: AdminApi,
  shape: Shape,
  question: Question,
): Promise<z.output<Shape>> => {
  const answer = await api.send({ method: 'GET', ...question })
  return parsed(shape, question, answer)
}

/** Undefined where there is no such user. */
export const readOfUser = async <Shape extends z.ZodType>(
  api: AdminApi,
  shape: Shape,
  question: Question,
): Promise<z.output<Shape> | undefined> => {
  const answer = await api.send({ method: 'GET', ...question })
  return isNoUser(answer) ? undefined : parsed(shape, question, answer)
}

const parsed = <Shape extends z.ZodType>(shape: Shape, { path }: Question, answer: AdminAnswer): z.output<Shape> => {
  const result = answer.status === 200 ? shape.safeParse(answer.body) : undefined
  if (result?.success !== true) throw unexpectedAnswer('GET', path, answer)
  return result.data
}

/** A 404 in Keycloak's own words: a proxy that knows no such page says nothing about users. */
const isNoUser = ({ status, body }: AdminAnswer): boolean =>
  status === 404 && typeof body === 'object' && body !== null && 'error' in body

const refused = (answer: AdminAnswer): Refused => ({
  kind: answer.status === 409 ? 'clash' : 'refused',
  status: answer.status,
  words: wordsOf(answer),
})

const write = async (api: AdminApi, request: AdminRequest): Promise<WriteAnswer> => {
  const answer = await api.send(request)
  if (answer.status >= 200 && answer.status < 300) return { kind: 'done' }
  return isNoUser(answer) ? { kind: 'missing' } : refused(answer)
}

/** The user of an id, with their links. */
export const userById = (api: AdminApi, id: string, signal: AbortSignal): Promise<PresentUser | undefined> =>
  readOfUser(api, SINGLE_USER, { path: adminPath`users/${id}`, signal })

/** Of somebody who is not there: none. */
export const credentialsOf = async (api: AdminApi, id: string, signal: AbortSignal): Promise<CredentialsSeen> =>
  (await readOfUser(api, CREDENTIALS, { path: adminPath`users/${id}/credentials`, signal })) ?? { otherCredentials: [] }

/** Of somebody who is not there: none. */
export const membershipsOf = async (api: AdminApi, id: string, signal: AbortSignal): Promise<Memberships> => {
  const roles = await readOfUser(api, ROLES, { path: adminPath`users/${id}/role-mappings`, signal })
  const groups = await readOfUser(api, GROUP_PATHS, { path: adminPath`users/${id}/groups`, signal })
  return { realmRoles: [], clientRoles: [], ...roles, groups: groups ?? [] }
}

/**
 * All of them, or none: users that are not there yet. An answer that is lost throws an error that `isUnclear`.
 * Bodies of more than 10 MiB are refused by Keycloak; those of more than 20 users take longer than several of 20.
 */
export const importUsers = async (
  api: AdminApi,
  users: readonly UserImport[],
  signal: AbortSignal,
): Promise<ImportAnswer> => {
  const body = { ifResourceExists: 'FAIL', users }
  const answer = await api.send({ method: 'POST', path: 'partialImport', body, signal })
  if (answer.status !== 200) return refused(answer)
  const { data } = IMPORTED.safeParse(answer.body)
  if (data?.added !== users.length) throw unexpectedAnswer('POST', 'partialImport', answer)
  return { kind: 'imported' }
}

/** Attributes that are not named are deleted, as is an e-mail address that is not named. */
export const putUser = (api: AdminApi, user: UserUpdate, signal: AbortSignal): Promise<WriteAnswer> =>
  write(api, { method: 'PUT', path: adminPath`users/${user.id}`, body: user, signal })

export const deleteUser = (api: AdminApi, id: string, signal: AbortSignal): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: adminPath`users/${id}`, signal })

/** A clash where the user has a link to this provider. Keycloak takes the same subject for two users without a word. */
export const addLink = (
  api: AdminApi,
  id: string,
  { alias, subject }: Link,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, {
    method: 'POST',
    path: adminPath`users/${id}/federated-identity/${alias}`,
    body: { identityProvider: alias, userId: subject, userName: subject },
    signal,
  })

/** `missing` also where there is no such link. */
export const removeLink = (api: AdminApi, id: string, alias: string, signal: AbortSignal): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: adminPath`users/${id}/federated-identity/${alias}`, signal })

/** A user's credential, by its id. */
export const removeCredential = (
  api: AdminApi,
  id: string,
  credentialId: string,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: adminPath`users/${id}/credentials/${credentialId}`, signal })

export const countUsers = (api: AdminApi, filter: UserFilter, signal: AbortSignal): Promise<number> =>
  read(api, COUNT, { path: 'users/count', query: { ...filter }, signal })

/** In an order that stays, so that pages one after the other tell every user who is there all the time. Without links. */
export const pageOfUsers = (
  api: AdminApi,
  { brief, ...page }: PageRequest,
  signal: AbortSignal,
): Promise<readonly PresentUser[]> =>
  read(api, USERS, { path: 'users', query: { ...page, briefRepresentation: brief }, signal })

type ExactQuery = Readonly<Record<string, string>>

const find = (api: AdminApi, query: ExactQuery, signal: AbortSignal): Promise<readonly PresentUser[]> =>
  read(api, USERS, { path: 'users', query: { ...query, exact: true, briefRepresentation: false }, signal })

/** Capitals are taken for small letters. */
export const findByUsername = (api: AdminApi, username: string, signal: AbortSignal): Promise<readonly PresentUser[]> =>
  find(api, { username }, signal)

/** Capitals are taken for small letters. */
export const findByEmail = (api: AdminApi, email: string, signal: AbortSignal): Promise<readonly PresentUser[]> =>
  find(api, { email }, signal)

/** Everybody who has this link, also where the realm has no such provider. */
export const findByLink = (
  api: AdminApi,
  { alias, subject }: Link,
  signal: AbortSignal,
): Promise<readonly PresentUser[]> => find(api, { idpAlias: alias, idpUserId: subject }, signal)

export { usersByIds } from './users-by-ids.ts'
