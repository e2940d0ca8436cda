import { type RawBuilder, sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { LostWork } from '../../../report/rollback-document.ts'
import { ACCOUNT, planned } from '../merge/workspace.ts'
import { mergeTable } from './dependents.ts'
import { going, type RollbackWork } from './rollback-work.ts'

/** What the rows of a table are to a person who loses them; of any other table its name is said. */
const WORDS: Readonly<Record<string, string>> = {
  users: 'accounts',
  user_passwords: 'passwords',
  user_emails: 'e-mail addresses',
  user_unsupported_third_party_ids: 'phone numbers and other contacts',
  upstream_oauth_links: 'links to upstream providers',
  compat_sessions: 'logins of Matrix clients',
  compat_access_tokens: 'access tokens',
  compat_refresh_tokens: 'refresh tokens',
  user_sessions: 'browser sessions',
  user_session_authentications: 'proofs of a browser session',
  user_terms: 'agreements to terms',
  oauth2_sessions: 'logins of OAuth 2.0 clients',
  oauth2_access_tokens: 'OAuth 2.0 access tokens',
  oauth2_refresh_tokens: 'OAuth 2.0 refresh tokens',
  personal_sessions: 'personal sessions',
  personal_access_tokens: 'personal access tokens',
}

/** Whose rows a person removes; MAS itself tidies logins and tokens away, which is nobody's work. */
const REMOVED_BY_PEOPLE: ReadonlySet<string> = new Set([
  'user_passwords',
  'user_emails',
  'user_unsupported_third_party_ids',
  'upstream_oauth_links',
])

const wordsFor = (table: string): string => WORDS[table] ?? `rows of ${table}`

/** How many accounts that lose something are named. */
export const SAMPLES = 5

/** What people did at MAS to the batch's accounts, which goes with them: owner, what, count. */
const lostRows = (work: RollbackWork): RawBuilder<unknown> => {
  const parts = work.tables.flatMap((table, position) => {
    const words = wordsFor(table.table)
    const begun = sql`
      SELECT owner, ${sql.lit(`${words} begun or added at MAS`)} AS what, count(*) AS count
      FROM ${going(position)} WHERE NOT is_root GROUP BY owner`
    const written = mergeTable(work, table)
    if (written === undefined) return [begun]
    const changed = sql`
      SELECT owner, ${sql.lit(`${words} changed at MAS`)}, count(*)
      FROM ${planned(written)} WHERE action = 'theirs' GROUP BY owner`
    const removed = sql`
      SELECT p.owner, ${sql.lit(`${words} removed at MAS`)}, count(*)
      FROM ${planned(written)} p
      JOIN ${ACCOUNT} a ON a.owner = p.owner AND a.user_id IS NOT NULL
      WHERE p.action = 'forget' GROUP BY p.owner`
    return REMOVED_BY_PEOPLE.has(table.table) ? [begun, changed, removed] : [begun, changed]
  })
  return sql.join(parts, sql` UNION ALL `)
}

export interface Use {
  /** How many accounts people have used. */
  readonly used: number
  readonly lost: readonly LostWork[]
}

/** Says who has used their account at MAS since, and, where such accounts are kept, leaves them out from here on. */
export const settleUse = async (work: RollbackWork): Promise<Use> => {
  const { client } = work.workspace
  await run(client, sql`CREATE TEMPORARY TABLE rollback_lost ON COMMIT DROP AS SELECT * FROM (${lostRows(work)}) lost`)
  const lost = await run<LostWork>(
    client,
    sql`
      SELECT
        l.what,
        sum(l.count)::bigint AS count,
        (array_agg(a.mxid ORDER BY a.ordinal))[1:${sql.lit(SAMPLES)}] AS samples
      FROM ${LOST} l
      JOIN ${ACCOUNT} a ON a.owner = l.owner
      GROUP BY l.what
      ORDER BY l.what
    `,
  )
  const [row] = await run<{ used: number }>(client, sql`SELECT count(DISTINCT owner) AS used FROM ${LOST}`)
  if (work.used === 'keep') await leaveUsed(work)
  return { used: row?.used ?? 0, lost }
}

const LOST = sql.id('pg_temp', 'rollback_lost')

const leaveUsed = async (work: RollbackWork): Promise<void> => {
  const { client, tables } = work.workspace
  const used = sql`owner IN (SELECT l.owner FROM ${LOST} l)`
  await run(client, sql`UPDATE ${ACCOUNT} SET is_active = false WHERE ${used}`)
  for (const table of tables) await run(client, sql`DELETE FROM ${planned(table)} WHERE ${used}`)
  for (const position of work.tables.keys()) await run(client, sql`DELETE FROM ${going(position)} WHERE ${used}`)
}
