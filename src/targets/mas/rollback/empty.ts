import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { run } from '../../../postgres/statement.ts'
import type { RollbackPlan } from '../../road-rollback.ts'
import { MAS_WRITTEN_TABLES } from '../database/catalogue.ts'
import { createDefinition, dropDefinition, readDefinitions } from '../load/definitions.ts'
import { JOURNAL_SCHEMA, ROLLED_BACK, STAGING_SCHEMA } from '../load/journal.ts'
import { moveTables } from '../load/move-tables.ts'
import { forgetRecords, goHome, loadSearchPath } from '../load/staging.ts'
import type { MasDatabase } from '../mas-database.ts'
import type { MergeTable } from '../merge/merge-table.ts'
import { standsAside } from '../road/location.ts'
import { dropIndexForRemovals } from '../road/removal-index.ts'
import type { Covered } from './covered.ts'
import type { ReferringTable } from './references.ts'
import type { RollbackWork } from './rollback-work.ts'

const written = sql.id(JOURNAL_SCHEMA, 'written_row')

/** Whether nothing is on record but what is taken back. */
export const coversAll = async (client: Client, { owners, isCovered, cohort }: Covered): Promise<boolean> => {
  const others =
    cohort === undefined
      ? sql`SELECT FROM ${written} w WHERE NOT ${isCovered('w')}`
      : sql`SELECT FROM ${written} w LEFT JOIN (${owners}) o ON o.owner = w.owner WHERE o.owner IS NULL`
  const [row] = await run<{ other: boolean }>(client, sql`SELECT EXISTS (${others}) AS other`)
  return row?.other === false
}

/**
 * Whether MAS's tables hold just the rows that are on record, as we wrote them, and no row of another table refers to one:
 * nobody has used MAS.
 */
export const holdsOnlyOurs = async (
  client: Client,
  {
    schema,
    tables,
    referring,
  }: {
    readonly schema: string
    readonly tables: readonly MergeTable[]
    readonly referring: readonly ReferringTable[]
  },
): Promise<boolean> => {
  const others = referring.flatMap((table) =>
    tables.some((one) => one.table === table.table) ? [] : table.references.map(({ columns }) => ({ table, columns })),
  )
  const questions = [
    ...others.map(({ table, columns }) => refers(table, columns)),
    ...tables.map((table) => differs(table, schema)),
  ]
  for (const question of questions) {
    const [row] = await run<{ found: boolean }>(client, sql`SELECT ${question} AS found`)
    if (row?.found !== false) return false
  }
  return true
}

const refers = ({ schema, table }: ReferringTable, columns: readonly string[]): RawBuilder<unknown> => {
  const given = columns.map((column) => sql`c.${sql.id(column)} IS NOT NULL`)
  return sql`EXISTS (SELECT FROM ${sql.id(schema, table)} c WHERE ${sql.join(given, sql` AND `)})`
}

/** Rows of the table and those on record as a count and a sum each, which are equal when the rows are. */
const differs = ({ shape: { natural }, number, table }: MergeTable, schema: string): RawBuilder<unknown> => {
  const total = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
    SELECT row(count(*), sum(hash_record_extended(row(x.owner, x.key, x.digest), 0))) FROM (${rows}) x
  )`
  const present = sql`
    SELECT ${ownerHash(sql`r.mxid`)} AS owner, ${keyHash(natural)} AS key, ${rowDigest(natural)} AS digest
    FROM (${natural.present(schema)}) r`
  const recorded = sql`SELECT w.owner, w.key, w.digest FROM ${written} w WHERE w.table_number = ${number}::smallint`
  // A row whose owner cannot be told is none of the natural form's.
  const all = sql`(SELECT count(*) FROM ${sql.id(schema, table)})`
  return sql`(
    ${total(present)} IS DISTINCT FROM ${total(recorded)}
    OR ${all} <> (SELECT count(*) FROM (${recorded}) w)
  )`
}

/** Milliseconds to wait for a MAS that keeps a table. */
const PATIENCE = 10_000

/**
 * Brings MAS back to before the first run, in one transaction: its tables empty and in their place, with the same indexes
 * and constraints. Nobody can write meanwhile.
 * @param isStill asked once nobody can write any longer; false: then nothing is done.
 * @returns whether it was done.
 */
export const backToEmpty = async (
  { control, homeSchema }: Pick<MasDatabase, 'control' | 'homeSchema'>,
  isStill: (schema: string) => Promise<boolean>,
): Promise<boolean> => {
  const home = await homeSchema()
  const [path] = await run<{ before: string; schemas: readonly string[] }>(
    control,
    sql`SELECT current_setting('search_path') AS before, current_schemas(false) AS schemas`,
  )
  await run(control, sql`BEGIN`)
  try {
    await run(control, sql`SELECT set_config('lock_timeout', ${String(PATIENCE)}, true)`)
    await run(control, sql`SET LOCAL synchronous_commit TO on`)
    if (!(await standsAside(control))) {
      await run(control, sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(STAGING_SCHEMA)}`)
      await moveTables(control, home, STAGING_SCHEMA)
    }
    await control.query(loadSearchPath(home, path?.schemas ?? []))
    const done = await isStill(STAGING_SCHEMA)
    if (done) {
      await empty(control)
      await dropIndexForRemovals(control)
      await goHome(control, home)
      await undoRuns(control)
    }
    await run(control, done ? sql`COMMIT` : sql`ROLLBACK`)
    return done
  } catch (error) {
    await run(control, sql`ROLLBACK`)
    throw error
  } finally {
    await run(control, sql`SELECT set_config('search_path', ${path?.before ?? ''}, false)`).catch(() => {})
  }
}

/** TRUNCATE refuses tables that foreign keys point at: these go and come back, over no rows. */
const empty = async (client: Client): Promise<void> => {
  const definitions = await readDefinitions(client, STAGING_SCHEMA, MAS_WRITTEN_TABLES)
  const keys = definitions.filter(({ kind, type }) => kind === 'constraint' && type === 'f')
  for (const one of keys) await dropDefinition(client, one)
  await run(client, sql`TRUNCATE ${sql.join(MAS_WRITTEN_TABLES.map((table) => sql.id(STAGING_SCHEMA, table)))}`)
  for (const one of keys) await createDefinition(client, one)
  await forgetRecords(client)
}

/** Nothing is left of any of them. */
const undoRuns = async (client: Client): Promise<void> => {
  await run(
    client,
    sql`
      UPDATE ${sql.id(JOURNAL_SCHEMA, 'run')}
      SET state = 'undone', activity = ${ROLLED_BACK}, finished_at = clock_timestamp()
      WHERE state <> 'undone'
    `,
  )
}

/** What goes when MAS goes back to empty: everything on record. */
export const emptyPlan = async ({
  workspace: { client, tables },
  covered: { runs },
}: Pick<RollbackWork, 'workspace' | 'covered'>): Promise<RollbackPlan> => {
  const counts = await run<{ number: number; count: number }>(
    client,
    sql`SELECT table_number AS number, count(*) AS count FROM ${written} GROUP BY table_number`,
  )
  const [total] = await run<{ accounts: number }>(client, sql`SELECT count(DISTINCT owner) AS accounts FROM ${written}`)
  return {
    way: 'empty',
    runs: runs.map(({ runId }) => runId),
    accounts: total?.accounts ?? 0,
    used: 0,
    lost: [],
    tables: tables.map(({ table, number, shape: { relation } }) => ({
      table,
      relation,
      remove: counts.find((one) => one.number === number)?.count ?? 0,
      restore: 0,
      endForGood: 0,
      stay: 0,
      theirs: 0,
    })),
  }
}
