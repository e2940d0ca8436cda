import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from '../../../difference/owner.ts'
import type { MergeTable } from '../merge/merge-table.ts'
import type { Workspace } from '../merge/workspace.ts'

/** The rows of a table as the source has them now, of accounts with rows to be restored. */
export const now = ({ table }: MergeTable): RawBuilder<unknown> => sql.id('pg_temp', `rollback_now_${table}`)

type Verdict = 'restore' | 'end' | 'stay'

interface Judgement {
  /**
   * Of the image `i`, the entry `b` of the row and the source's row `n`, whose natural key is the same: what is done where
   * they hold.
   */
  readonly cases: readonly { readonly when: RawBuilder<boolean>; readonly verdict: Verdict }[]
  /** What is done where the source has no such row. */
  readonly absent: Verdict
  /** What is done where no case holds: restore, where it is absent. */
  readonly otherwise?: Verdict
}

const text = (column: string): RawBuilder<string> => sql`(i.image ->> ${sql.lit(column)})`
const flag = (column: string): RawBuilder<boolean> => sql`(i.image ->> ${sql.lit(column)})::boolean`
const time = (column: string): RawBuilder<unknown> => sql`(i.image ->> ${sql.lit(column)})::timestamptz`

/**
 * When the state before a run may come back: never to a password, login or token that the source no longer has, nor to
 * more rights than it gives.
 */
export const JUDGEMENTS: Readonly<Partial<Record<MergeTable['table'], Judgement>>> = {
  users: {
    absent: 'stay',
    cases: [
      {
        when: sql`
          (n.locked_at IS NOT NULL AND ${text('locked_at')} IS NULL)
          OR (n.deactivated_at IS NOT NULL AND ${text('deactivated_at')} IS NULL)
          OR (${flag('can_request_admin')} AND NOT n.can_request_admin)`,
        verdict: 'stay',
      },
    ],
  },
  user_passwords: {
    absent: 'end',
    cases: [
      // Whoever can log in with it in Synapse can go on to.
      { when: sql`n.hashed_password <> ${text('hashed_password')} AND n.digest = b.digest`, verdict: 'stay' },
      { when: sql`n.hashed_password <> ${text('hashed_password')}`, verdict: 'end' },
    ],
  },
  // Whoever has the identity at the provider is let in by it: as nobody but the one to whom the source gives it.
  upstream_oauth_links: {
    absent: 'end',
    cases: [
      { when: sql`n.mxid = i.former`, verdict: 'restore' },
      { when: sql`${ownerHash(sql`n.mxid`)} = b.owner`, verdict: 'stay' },
    ],
    otherwise: 'end',
  },
  compat_sessions: {
    absent: 'end',
    cases: [{ when: sql`${flag('is_synapse_admin')} AND NOT n.is_synapse_admin`, verdict: 'stay' }],
  },
  compat_access_tokens: {
    absent: 'end',
    cases: [
      {
        when: sql`
          n.expires_at IS NOT NULL AND (${time('expires_at')} IS NULL OR ${time('expires_at')} > n.expires_at)`,
        verdict: 'stay',
      },
    ],
  },
  compat_refresh_tokens: { absent: 'end', cases: [] },
}

/**
 * SQL for what becomes of a row with the image `i`. A row whose former parent is gone stays as it is.
 * @param schema where the tables stand.
 */
export const judged = (table: MergeTable, schema: string): RawBuilder<unknown> => {
  const judgement = JUDGEMENTS[table.table]
  const parents = Object.entries(PARENTS[table.table] ?? {}).map(
    ([column, parent]) => sql`
      WHEN NOT EXISTS (
        SELECT FROM ${sql.id(schema, parent)} q WHERE q.${sql.id(column)} = (i.image ->> ${sql.lit(column)})::uuid
      ) THEN 'stay'`,
  )
  if (judgement === undefined)
    return parents.length === 0 ? sql`'restore'` : sql`CASE ${sql.join(parents, sql` `)} ELSE 'restore' END`
  const source = sql`SELECT FROM ${now(table)} n WHERE n.key = i.key`
  const cases = judgement.cases.map(
    ({ when, verdict }) => sql`WHEN EXISTS (${source} AND (${when})) THEN ${sql.lit(verdict)}`,
  )
  return sql`
    CASE
      WHEN NOT EXISTS (${source}) THEN ${sql.lit(judgement.absent)}
      ${sql.join([...cases, ...parents], sql` `)}
      ELSE ${sql.lit(judgement.otherwise ?? 'restore')}
    END`
}

/** Logins and tokens have a column that ends them; these end by being removed. */
const REMOVED: ReadonlySet<MergeTable['table']> = new Set(['user_passwords', 'upstream_oauth_links'])

export const endsByRemoval = ({ table }: MergeTable): boolean => REMOVED.has(table)

/** SQL for the Matrix id of the account that had the row before, by its image `i`; NULL where it cannot have moved, or has no account. */
export const formerHolder = ({ table }: MergeTable, { schema, serverName }: MasAccounts): RawBuilder<unknown> =>
  table === 'upstream_oauth_links'
    ? sql`(
        SELECT '@' || u.username || ${`:${serverName}`}::text
        FROM ${sql.id(schema, 'users')} u
        WHERE u.user_id = (i.image ->> 'user_id')::uuid
      )`
    : sql`NULL::text`

export type MasAccounts = Pick<Workspace, 'schema' | 'serverName'>

/** Rows of which a run can change the row they belong to. */
const PARENTS: Readonly<Partial<Record<MergeTable['table'], Readonly<Record<string, MergeTable['table']>>>>> = {
  compat_access_tokens: { compat_session_id: 'compat_sessions' },
  compat_refresh_tokens: { compat_session_id: 'compat_sessions', compat_access_token_id: 'compat_access_tokens' },
}
