import { type RawBuilder, sql } from 'kysely'
import { keyHash } from '../../../difference/bucket-hash.ts'
import { run } from '../../../postgres/statement.ts'
import type { MergeTable, WrittenTable } from './merge-table.ts'
import { ACCOUNT, BASE, incoming, planned, present, type Workspace } from './workspace.ts'

/**
 * What becomes of a row. create, update, remove: done to it. unchanged: as it should be, and ours. theirs: written by us
 * and changed or removed since. foreign: not written by us, left as it is. taken: not written by us, and another
 * account's. forget: written by us, wanted no more, gone. ignored: not ours, not wanted. held: its account is held back.
 */
export type RowAction =
  | 'create'
  | 'update'
  | 'remove'
  | 'unchanged'
  | 'theirs'
  | 'foreign'
  | 'taken'
  | 'forget'
  | 'ignored'
  | 'held'

/**
 * Wanted rows `w` against present rows `p` against base digests `b`, the digests of what we last wrote.
 * `closed` says that what the row would belong to was closed at the target: a login, an account.
 */
const ACTION: RawBuilder<unknown> = sql`
  CASE
    WHEN wanted AND NOT is_there AND base_digest IS NOT NULL THEN 'theirs'
    WHEN wanted AND NOT is_there THEN CASE WHEN closed THEN 'theirs' ELSE 'create' END
    WHEN wanted AND base_digest IS NULL AND present_owner IS DISTINCT FROM wanted_owner THEN 'taken'
    WHEN wanted AND base_digest IS NULL THEN 'foreign'
    WHEN wanted AND wanted_digest = present_digest THEN 'unchanged'
    WHEN wanted AND base_digest = present_digest THEN CASE WHEN closed THEN 'theirs' ELSE 'update' END
    WHEN wanted THEN 'theirs'
    WHEN is_there AND base_digest = present_digest THEN 'remove'
    WHEN is_there AND base_digest IS NOT NULL THEN 'theirs'
    WHEN is_there THEN 'ignored'
    ELSE 'forget'
  END`

/** Compares the wanted rows of a table with those that are there, and settles what becomes of each. */
export const settleRows = async (workspace: Workspace, table: MergeTable): Promise<void> => {
  const primaryKey = table.primaryKey.map((column) => sql.id(column))
  await run(
    workspace.client,
    sql`
      INSERT INTO ${planned(table)} (
        ${sql.join(primaryKey)},
        action, owner, key, digest, proposed, is_wanted, is_there, holder, seen, ended,
        base_owner, base_digest, base_run, session_id, access_token_id
      )
      WITH
        wanted AS (${wantedRows(workspace, table)}),
        base AS (SELECT * FROM ${BASE} WHERE table_number = ${table.number}::smallint),
        there AS (${countingRows(table)}),
        compared AS (
          SELECT
            ${sql.join(table.primaryKey.map((column) => sql`p.${sql.id(column)}`))},
            key,
            coalesce(w.owner, b.owner, p.owner) AS owner,
            w.key IS NOT NULL AS wanted,
            w.owner AS wanted_owner,
            w.digest AS wanted_digest,
            w.proposed,
            w.session_key,
            w.access_token_key,
            p.key IS NOT NULL AS is_there,
            p.owner AS present_owner,
            p.digest AS present_digest,
            p.holder,
            p.seen,
            p.ended,
            b.owner AS base_owner,
            b.digest AS base_digest,
            b.run_number AS base_run
          FROM wanted w
          FULL JOIN there p USING (key)
          FULL JOIN base b USING (key)
        ),
        referring AS (${referringRows(workspace, table.table)})
      SELECT
        ${sql.join(primaryKey)},
        ${ACTION},
        owner, key, coalesce(wanted_digest, present_digest), proposed, wanted, is_there, holder, seen, ended,
        base_owner, base_digest, base_run, session_id, access_token_id
      FROM referring
    `,
  )
  await run(workspace.client, sql`ANALYZE ${planned(table)}`)
}

const wantedRows = (workspace: Workspace, table: MergeTable): RawBuilder<unknown> => {
  const form = (name: WrittenTable) => naturalOf(workspace, name)
  const [sessionKey, accessTokenKey] =
    table.table === 'compat_access_tokens'
      ? [keyHash(form('compat_sessions')), sql`NULL::bigint`]
      : table.table === 'compat_refresh_tokens'
        ? [keyHash(form('compat_sessions')), keyHash(form('compat_access_tokens'))]
        : [sql`NULL::bigint`, sql`NULL::bigint`]
  return sql`
    SELECT i.owner, i.key, i.digest, i.proposed, ${sessionKey} AS session_key, ${accessTokenKey} AS access_token_key
    FROM (SELECT r.*${devicelessToken(table.table)} FROM ${incoming(table)} r) i
    JOIN (SELECT a.owner AS account FROM ${ACCOUNT} a WHERE a.is_active AND a.is_wanted) a ON a.account = i.owner
  `
}

/** The token by which the session of a token that names no device is known. */
const devicelessToken = (table: WrittenTable): RawBuilder<unknown> => {
  if (table === 'compat_access_tokens') {
    return sql`, CASE WHEN r.device_id IS NULL THEN r.access_token END AS deviceless_token`
  }
  return table === 'compat_refresh_tokens' ? sql`, NULL::text AS deviceless_token` : sql``
}

const tableOf = ({ tables }: Workspace, name: WrittenTable): MergeTable => {
  const table = tables.find((one) => one.table === name)
  if (table === undefined) throw new RangeError(`no table ${name}`)
  return table
}

const naturalOf = (workspace: Workspace, name: WrittenTable) => tableOf(workspace, name).shape.natural

/** One row per natural key: of the newest where only that counts, else the one that we wrote. */
const countingRows = (table: MergeTable): RawBuilder<unknown> => sql`
  SELECT DISTINCT ON (p.key) p.*
  FROM ${present(table)} p
  LEFT JOIN base b ON b.key = p.key
  LEFT JOIN wanted w ON w.key = p.key
  ORDER BY p.key, ${
    table.counts === 'newest'
      ? sql`p.created_at DESC`
      : sql`(p.digest = b.digest) DESC NULLS LAST, (p.digest = w.digest) DESC NULLS LAST, p.created_at`
  }, ${sql.join(table.primaryKey.map((column) => sql`p.${sql.id(column)} DESC`))}`

/**
 * The compared rows with what they refer to: `closed`, session_id, access_token_id. A token under a login that was
 * closed, or beside an access token that was renewed at the target, is not written.
 */
const referringRows = (workspace: Workspace, name: WrittenTable): RawBuilder<unknown> => {
  const session = planned(tableOf(workspace, 'compat_sessions'))
  const accessToken = planned(tableOf(workspace, 'compat_access_tokens'))
  const closedSession = sql`s.action <> 'create' AND (NOT s.is_there OR s.ended)`
  const sessionId = sql`coalesce(s.compat_session_id, s.proposed) AS session_id`
  const account = sql`LEFT JOIN ${ACCOUNT} a ON a.owner = x.owner`
  if (name === 'compat_access_tokens') {
    return sql`
      SELECT x.*, coalesce(a.is_closed OR (${closedSession}), false) AS closed, ${sessionId}, NULL::uuid AS access_token_id
      FROM compared x
      ${account}
      LEFT JOIN ${session} s ON s.key = x.session_key
    `
  }
  if (name === 'compat_refresh_tokens') {
    return sql`
      SELECT
        x.*,
        coalesce(a.is_closed OR (${closedSession}) OR (t.action = 'theirs' OR (t.action <> 'create' AND NOT t.is_there)), false)
          AS closed,
        ${sessionId},
        coalesce(t.compat_access_token_id, t.proposed) AS access_token_id
      FROM compared x
      ${account}
      LEFT JOIN ${session} s ON s.key = x.session_key
      LEFT JOIN ${accessToken} t ON t.key = x.access_token_key
    `
  }
  return sql`
    SELECT x.*, coalesce(a.is_closed, false) AS closed, NULL::uuid AS session_id, NULL::uuid AS access_token_id
    FROM compared x
    ${account}
  `
}
