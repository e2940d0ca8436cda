import { sql } from 'kysely'
import type { Client } from 'pg'
import { ownerHash } from '../../../difference/owner.ts'
import { run } from '../../../postgres/statement.ts'
import { ACCOUNT, type Workspace } from '../merge/workspace.ts'
import type { Covered } from './covered.ts'
import { SCOPE } from './rollback-work.ts'

/**
 * Lists the accounts that a rollback concerns, in the order of their names; of one that MAS has no more nothing but its
 * place in the journal is known.
 * @returns how many there are.
 */
export const listScope = async (
  { client, schema, serverName }: Pick<Workspace, 'client' | 'schema' | 'serverName'>,
  { owners }: Covered,
): Promise<number> => {
  const mxid = sql`'@' || u.username || ${`:${serverName}`}::text`
  await run(
    client,
    sql`
      CREATE TEMPORARY TABLE rollback_scope AS
      WITH concerned AS MATERIALIZED (${owners})
      SELECT row_number() OVER (ORDER BY u.mxid COLLATE "C", c.owner)::integer AS ordinal, c.owner, u.mxid, u.username
      FROM concerned c
      LEFT JOIN (SELECT u.username, ${mxid} AS mxid, ${ownerHash(mxid)} AS owner FROM ${sql.id(schema, 'users')} u) u USING (owner)
    `,
  )
  await run(client, sql`CREATE UNIQUE INDEX ON ${SCOPE} (ordinal); ANALYZE ${SCOPE}`)
  const [row] = await run<{ count: number }>(client, sql`SELECT count(*) AS count FROM ${SCOPE}`)
  return row?.count ?? 0
}

/** Enters a batch of them, all active. */
export const enterAccounts = async (
  { client, schema }: Workspace,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> => {
  await run(
    client,
    sql`
      INSERT INTO ${ACCOUNT} (ordinal, mxid, owner, localpart, is_wanted, is_gone, is_active, user_id)
      SELECT s.ordinal, coalesce(s.mxid, ''), s.owner, u.username, false, false, true, u.user_id
      FROM ${SCOPE} s
      LEFT JOIN ${sql.id(schema, 'users')} u ON u.username = s.username
      WHERE s.ordinal BETWEEN ${from}::integer AND ${to}::integer
    `,
  )
  await run(client, sql`ANALYZE ${ACCOUNT}`)
}

/** Lets go of what lives as long as the session. */
export const forgetScope = async (client: Client): Promise<void> => {
  await run(client, sql`DISCARD TEMPORARY`)
}
