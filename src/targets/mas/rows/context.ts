import { type RawBuilder, sql } from 'kysely'
import { type IdentifierSeeds, ulid } from './identifiers.ts'

/** What the shape of MAS's rows depends on besides the decided rows of the source. */
export interface MasRowsContext {
  /** The part of every Matrix id after its colon: MAS keeps localparts only. */
  readonly serverName: string
  /** The decision: the named queries that the shapes select from. */
  readonly decisions: RawBuilder<unknown>
  readonly seeds: IdentifierSeeds
  /** The version of MAS's bcrypt password scheme. */
  readonly passwordVersion: number
}

/** A whole query over the decided rows. */
export const statement = (context: MasRowsContext, select: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`WITH ${context.decisions} ${select}`

/**
 * The identifier of the MAS user of a decided row's account: of its `mxid` and `owner_ms`, the account's creation.
 */
export const userIdOf = ({ seeds }: MasRowsContext): RawBuilder<unknown> =>
  ulid(seeds, 'users', sql`owner_ms`, sql`mxid`)

/** The identifier of a device's session. */
export const sessionId = (
  { seeds }: MasRowsContext,
  mxid: RawBuilder<unknown>,
  deviceId: RawBuilder<unknown>,
  createdMs: RawBuilder<unknown>,
): RawBuilder<unknown> => ulid(seeds, 'compat_sessions', createdMs, mxid, deviceId)

/** The identifier of the session of a token that names no device. */
export const devicelessSessionId = (
  { seeds }: MasRowsContext,
  token: RawBuilder<unknown>,
  createdMs: RawBuilder<unknown>,
): RawBuilder<unknown> => ulid(seeds, 'compat_sessions of no device', createdMs, token)

/** The identifier of an access token, which its refresh token must know too. */
export const accessTokenId = (
  { seeds }: MasRowsContext,
  token: RawBuilder<unknown>,
  createdMs: RawBuilder<unknown>,
): RawBuilder<unknown> => ulid(seeds, 'compat_access_tokens', createdMs, token)

/** The Matrix id of a row of MAS's `users`. */
export const mxidOf = ({ serverName }: MasRowsContext, alias = 'u'): RawBuilder<unknown> =>
  sql`'@' || ${sql.id(alias, 'username')} || ${sql.lit(`:${serverName}`)}`
