import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../postgres/statement.ts'
import type { Prepared } from '../prepare.ts'
import type { SourceAccount, SourceToken } from './expectations.ts'

/** By which a token is asked for: the token itself goes into no statement, which a server may log. */
export const tokenDigest = (token: string): string => createHash('sha256').update(token).digest('hex')

/** What the source says of some tokens, by their digest. */
export const askTokens = async (
  reader: Client,
  { decisions, source: { relations } }: Pick<Prepared, 'decisions' | 'source'>,
  digests: readonly string[],
): Promise<ReadonlyMap<string, SourceToken>> => {
  const digest = sql`encode(sha256(convert_to(t.token, 'UTF8')), 'hex')`
  const rows = await run<SourceToken & { digest: string }>(
    reader,
    sql`
      WITH ${decisions}
      SELECT
        ${digest} AS digest,
        t.mxid,
        t.device_id AS device,
        p.puppets_user_id AS puppet,
        t.reason,
        t.expires_ms AS "expiresMs",
        coalesce(a.is_locked, false) AS "isLocked"
      FROM access_token t
      LEFT JOIN ${relations.accessTokens} p ON p.id = t.id
      LEFT JOIN account a ON a.mxid = coalesce(p.puppets_user_id, t.mxid)
      WHERE ${digest} = ANY (${digests}::text[])
    `,
  )
  return new Map(rows.map((row) => [row.digest, row]))
}

/** What the source says of some accounts, by their mxid. */
export const askAccounts = async (
  reader: Client,
  decisions: RawBuilder<unknown>,
  mxids: readonly string[],
): Promise<ReadonlyMap<string, SourceAccount>> => {
  const rows = await run<SourceAccount>(
    reader,
    sql`
      WITH ${decisions}
      SELECT
        mxid,
        reason,
        password_hash IS NOT NULL AS "hasPassword",
        is_deactivated AS "isDeactivated",
        is_locked AS "isLocked"
      FROM account
      WHERE mxid = ANY (${mxids}::text[])
    `,
  )
  return new Map(rows.map((row) => [row.mxid, row]))
}
