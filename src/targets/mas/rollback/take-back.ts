import { type RawBuilder, sql } from 'kysely'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { type MergeTable, samePrimaryKey, seenHash } from '../merge/merge-table.ts'
import { ACCOUNT, planned } from '../merge/workspace.ts'
import { RowsMoved } from '../merge/write-rows.ts'
import { endsByRemoval } from './judgements.ts'
import { going, type RollbackWork } from './rollback-work.ts'

/**
 * Does what is settled for a batch: rows return to what they were or end, then all that goes is removed, children before
 * their parents and each table by name, and the journal forgets it.
 * @throws RowsMoved where somebody changed a row meanwhile; the server's errors.
 */
export const takeBack = async (work: RollbackWork): Promise<void> => {
  for (const table of work.workspace.tables) {
    await change(work, table, 'restore', restored(work, table))
    const ended = ENDED[table.table]
    if (ended !== undefined) await change(work, table, 'end', endedRows(work, table, ended))
    await recordChanged(work, table)
  }
  for (const position of [...work.tables.keys()].toReversed()) await removeGoing(work, position)
  await forgetRows(work)
}

/** How a login or a token ends for good. */
const ENDED: Readonly<Partial<Record<MergeTable['table'], string>>> = {
  compat_sessions: 'finished_at',
  compat_access_tokens: 'expires_at',
  compat_refresh_tokens: 'consumed_at',
}

const change = async (
  { workspace: { client } }: RollbackWork,
  table: MergeTable,
  action: 'restore' | 'end',
  statement: RawBuilder<unknown>,
): Promise<void> => {
  const [row] = await run<{ expected: number; done: number }>(
    client,
    sql`
      WITH done AS (${statement} RETURNING 1)
      SELECT
        (SELECT count(*) FROM ${planned(table)} WHERE action = ${action}) AS expected,
        (SELECT count(*) FROM done) AS done
    `,
  )
  const { expected = 0, done = 0 } = row ?? {}
  if (expected !== done) throw new RowsMoved(table.table, expected, done)
}

const asSeen = (table: MergeTable): RawBuilder<unknown> =>
  sql`${samePrimaryKey(table, 't', 'p')} AND ${seenHash(table)} = p.seen`

/** The oldest image counts: where several of the runs changed a row, it is as it was before the first of them. */
const restored = ({ workspace: { schema }, covered }: RollbackWork, table: MergeTable): RawBuilder<unknown> => {
  const target = sql.id(schema, table.table)
  const columns = table.shape.columns.map(({ name }) => name).filter((name) => !table.primaryKey.includes(name))
  return sql`
    UPDATE ${target} t
    SET ${sql.join(columns.map((name) => sql`${sql.id(name)} = (i.before).${sql.id(name)}`))}
    FROM ${planned(table)} p
    CROSS JOIN LATERAL (
      SELECT jsonb_populate_record(NULL::${target}, b.image) AS before
      FROM ${sql.id(JOURNAL_SCHEMA, 'before_image')} b
      WHERE b.owner = p.base_owner AND b.key = p.key AND b.table_number = ${table.number}::smallint AND ${covered.isCovered('b')}
      ORDER BY b.run_number
      LIMIT 1
    ) i
    WHERE p.action = 'restore' AND ${asSeen(table)}
  `
}

const endedRows = (
  { workspace: { schema } }: RollbackWork,
  table: MergeTable,
  column: string,
): RawBuilder<unknown> => sql`
  UPDATE ${sql.id(schema, table.table)} t
  SET ${sql.id(column)} = date_trunc('milliseconds', now())
  FROM ${planned(table)} p
  WHERE p.action = 'end' AND ${asSeen(table)}
`

/** They stay ours, as they are now. */
const recordChanged = async ({ workspace: { client, schema } }: RollbackWork, table: MergeTable): Promise<void> => {
  const { natural } = table.shape
  await run(
    client,
    sql`
      UPDATE ${sql.id(JOURNAL_SCHEMA, 'written_row')} w
      SET digest = n.digest, owner = n.owner
      FROM ${planned(table)} p
      JOIN ${sql.id(schema, table.table)} t ON ${samePrimaryKey(table, 't', 'p')}
      JOIN (
        SELECT r.row, ${ownerHash(sql`r.mxid`)} AS owner, ${keyHash(natural)} AS key, ${rowDigest(natural)} AS digest
        FROM (${natural.present(schema)}) r
      ) n ON n.row = t.ctid AND n.key = p.key
      WHERE p.action IN ('restore', 'end')
        AND w.owner = p.base_owner AND w.table_number = ${table.number}::smallint AND w.key = p.key
    `,
  )
}

/** Found by their place: they are locked since they were found. */
const removeGoing = async ({ workspace: { client }, tables }: RollbackWork, position: number): Promise<void> => {
  const table = tables[position]
  if (table === undefined) throw new RangeError(`no table ${position}`)
  const [row] = await run<{ expected: number; done: number }>(
    client,
    sql`
      WITH
        gone AS MATERIALIZED (SELECT DISTINCT row FROM ${going(position)}),
        done AS (
          DELETE FROM ${sql.id(table.schema, table.table)} t USING gone g WHERE t.ctid = g.row RETURNING 1
        )
      SELECT (SELECT count(*) FROM gone) AS expected, (SELECT count(*) FROM done) AS done
    `,
  )
  const { expected = 0, done = 0 } = row ?? {}
  if (expected !== done) throw new RowsMoved(table.table, expected, done)
}

/**
 * What is gone is no longer on record; an account of which something else is still there is decided anew by the next run, one
 * of which nothing is left is unknown to it.
 */
const forgetRows = async ({ workspace: { client, tables }, covered }: RollbackWork): Promise<void> => {
  const journal = (name: string): RawBuilder<unknown> => sql.id(JOURNAL_SCHEMA, name)
  for (const table of tables) {
    await run(
      client,
      sql`
        DELETE FROM ${journal('written_row')} w
        USING ${planned(table)} p
        WHERE w.owner = p.base_owner AND w.table_number = ${table.number}::smallint AND w.key = p.key
          AND (p.action IN ('remove', 'theirs', 'forget') OR (p.action = 'end' AND ${endsByRemoval(table)}::boolean))
      `,
    )
  }
  const active = sql`USING ${ACCOUNT} a WHERE a.is_active AND a.owner = r.owner`
  await run(
    client,
    sql`
      DELETE FROM ${journal('before_image')} r ${active} AND ${covered.isCovered('r')}
    `,
  )
  await run(client, sql`DELETE FROM ${journal('left_row')} r ${active}`)
  const isLeft = sql`EXISTS (SELECT FROM ${journal('written_row')} w WHERE w.owner = r.owner)`
  await run(client, sql`DELETE FROM ${journal('account')} r ${active} AND NOT ${isLeft}`)
  await run(
    client,
    sql`UPDATE ${journal('account')} r SET always = true FROM ${ACCOUNT} a WHERE a.is_active AND a.owner = r.owner`,
  )
}
