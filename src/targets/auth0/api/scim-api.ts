import { z } from 'zod'
import { encodedPath } from '../../http/encoded-path.ts'
import { type MadeAnswer, make, parsed, read, readIfThere, type WriteAnswer, write } from './answers.ts'
import type { ManagementApi } from './management-api.ts'

export interface ScimConfiguration {
  /** Such as `externalId`: which attribute becomes the user id after the connection's name. */
  readonly userIdAttribute: string
  readonly mapping: readonly { readonly auth0: string; readonly scim: string }[]
}

const CONFIGURATION = z
  .object({
    user_id_attribute: z.string(),
    mapping: z.array(z.object({ auth0: z.string(), scim: z.string() })),
  })
  .transform(({ user_id_attribute: userIdAttribute, mapping }): ScimConfiguration => ({ userIdAttribute, mapping }))

const of = (connectionId: string): string => encodedPath`connections/${connectionId}/scim-configuration`

/** Undefined where the connection has none. */
export const scimConfiguration = (
  api: ManagementApi,
  connectionId: string,
  signal: AbortSignal,
): Promise<ScimConfiguration | undefined> => readIfThere(api, CONFIGURATION, { path: of(connectionId), signal })

/**
 * With Auth0's own mapping, which depends on the strategy.
 * @param userIdAttribute another one than the strategy's own, which is the subject's for all but SAML
 */
export const createScimConfiguration = (
  api: ManagementApi,
  connectionId: string,
  signal: AbortSignal,
  { userIdAttribute }: { readonly userIdAttribute?: string } = {},
): Promise<MadeAnswer<ScimConfiguration>> =>
  make(api, CONFIGURATION, {
    method: 'POST',
    path: of(connectionId),
    body: userIdAttribute === undefined ? {} : { user_id_attribute: userIdAttribute },
    signal,
  })

export const deleteScimConfiguration = (
  api: ManagementApi,
  connectionId: string,
  signal: AbortSignal,
): Promise<WriteAnswer> => write(api, { method: 'DELETE', path: of(connectionId), signal })

/** With which users of a connection are made. */
export interface ScimToken {
  readonly id: string
  /** A secret: told once. */
  readonly token: string
}

const TOKEN = z
  .object({ token_id: z.string(), token: z.string() })
  .transform(({ token_id: id, token }): ScimToken => ({ id, token }))

/** What is needed of SCIM: to look somebody up, make and delete them. */
export const SCIM_PERMISSIONS: readonly string[] = ['get:users', 'post:users', 'delete:users']

/** As it is listed: without the secret. */
export interface PresentScimToken {
  readonly id: string
  readonly permissions: readonly string[]
  /** Milliseconds; undefined: it does not end by itself, or Auth0 does not tell. */
  readonly lifeMs: number | undefined
  /** When it ends by itself; milliseconds since 1970. Undefined likewise. */
  readonly until: number | undefined
  readonly isUsed: boolean
}

const TOKENS = z.array(
  z
    .object({
      token_id: z.string(),
      scopes: z.array(z.string()).nullish(),
      created_at: z.string().nullish(),
      valid_until: z.string().nullish(),
      last_used_at: z.string().nullish(),
    })
    .transform(({ token_id: id, scopes, created_at: from, valid_until: end, last_used_at: used }): PresentScimToken => {
      const until = Date.parse(end ?? '')
      const lifeMs = until - Date.parse(from ?? '')
      return {
        id,
        permissions: scopes ?? [],
        lifeMs: Number.isNaN(lifeMs) ? undefined : lifeMs,
        until: Number.isNaN(until) ? undefined : until,
        isUsed: typeof used === 'string',
      }
    }),
)

export const scimTokens = (
  api: ManagementApi,
  connectionId: string,
  signal: AbortSignal,
): Promise<readonly PresentScimToken[]> => read(api, TOKENS, { path: `${of(connectionId)}/tokens`, signal })

/** A clash where the connection has two: there are no more than that. @param lifeMs at least a quarter of an hour */
export const createScimToken = (
  api: ManagementApi,
  connectionId: string,
  lifeMs: number,
  signal: AbortSignal,
): Promise<MadeAnswer<ScimToken>> =>
  make(api, TOKEN, {
    method: 'POST',
    path: `${of(connectionId)}/tokens`,
    body: { scopes: SCIM_PERMISSIONS, token_lifetime: Math.ceil(lifeMs / 1000) },
    signal,
  })

export const deleteScimToken = (
  api: ManagementApi,
  connectionId: string,
  tokenId: string,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: `${of(connectionId)}/tokens/${encodedPath`${tokenId}`}`, signal })

/** One connection, as its SCIM endpoint knows it. `token`: a secret. */
export interface ScimEnd {
  readonly connectionId: string
  readonly token: string
}

export interface NewScimUser {
  readonly userName: string
  /** The subject at the identity provider. */
  readonly externalId: string
  readonly active: boolean
  readonly displayName?: string
  readonly email?: string
}

const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** The user id at Auth0, such as `oidc|corporate|4711`. */
const MADE = z.object({ id: z.string() })
const FOUND = z.object({ Resources: z.array(MADE).nullish() })

const usersOf = ({ connectionId }: ScimEnd): string => encodedPath`//scim/v2/connections/${connectionId}/Users`

/** A clash where somebody of the connection has this name or subject. */
export const createScimUser = (
  api: ManagementApi,
  end: ScimEnd,
  { email, ...user }: NewScimUser,
  signal: AbortSignal,
): Promise<MadeAnswer<{ readonly id: string }>> =>
  make(api, MADE, {
    method: 'POST',
    path: usersOf(end),
    token: end.token,
    body: {
      schemas: [SCHEMA],
      ...user,
      ...(email === undefined ? {} : { emails: [{ value: email, primary: true, type: 'work' }] }),
    },
    signal,
  })

/** The user id of whoever has this subject at the identity provider; undefined: nobody. */
export const scimUserOf = async (
  api: ManagementApi,
  end: ScimEnd,
  externalId: string,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const asked = { method: 'GET', path: usersOf(end) } as const
  const filter = `externalId eq ${JSON.stringify(externalId)}`
  const answer = await api.send({ ...asked, query: { filter }, token: end.token, signal })
  return parsed(FOUND, asked, answer).Resources?.[0]?.id
}

/** @param id the user id at Auth0 */
export const deleteScimUser = (
  api: ManagementApi,
  end: ScimEnd,
  id: string,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: `${usersOf(end)}/${encodedPath`${id}`}`, token: end.token, signal })
