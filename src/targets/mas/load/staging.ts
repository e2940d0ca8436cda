import { sql } from 'kysely'
import type { Client } from 'pg'
import { compileStatement, run } from '../../../postgres/statement.ts'
import { MAS_WRITTEN_TABLES } from '../database/catalogue.ts'
import {
  createDefinition,
  type Definition,
  dropDefinition,
  missingDefinitions,
  readDefinitions,
  readSavedDefinitions,
  saveDefinitions,
} from './definitions.ts'
import {
  createJournal,
  insertRun,
  JOURNAL_SCHEMA,
  type NewRun,
  PROVING,
  RECORDING,
  type RunRecord,
  STAGING_SCHEMA,
  setRunState,
} from './journal.ts'
import { targetFilledMeanwhile, targetNotRestored } from './load-errors.ts'
import { moveTables } from './move-tables.ts'

/**
 * The search path of every connection of a load: the staging schema first, then MAS's own, then what the role had
 * (the operators of pg_trgm may stand there). Definitions are read and written under the same path.
 */
export const loadSearchPath = (homeSchema: string, before: readonly string[]): string =>
  compileStatement(
    sql`SET search_path TO ${sql.join([...new Set([STAGING_SCHEMA, homeSchema, ...before])].map((name) => sql.id(name)))}`,
  )

export interface Staged {
  readonly definitions: readonly Definition[]
}

/**
 * The first act of a load, all of it in one transaction: the run is entered in the journal, MAS's tables move out of
 * MAS's sight, their keys, foreign keys and indexes are saved and dropped. So at any instant either nothing was
 * done, or the journal says what has to be undone.
 * @param searchPath the statement of `loadSearchPath`, executed on every connection of the load.
 */
export const stage = (client: Client, record: NewRun, searchPath: string): Promise<Staged> =>
  inTransaction(client, async () => {
    const definitions = await setAside(client, record, searchPath)
    for (const one of inDroppingOrder(definitions)) await dropDefinition(client, one)
    return { definitions }
  })

/**
 * The first act of an empty copy: the same, but for the keys and indexes, which stay for the batches of accounts that
 * are to be written.
 */
export const stageEmpty = (client: Client, record: NewRun, searchPath: string): Promise<Staged> =>
  inTransaction(client, async () => ({ definitions: await setAside(client, record, searchPath) }))

const setAside = async (client: Client, record: NewRun, searchPath: string): Promise<readonly Definition[]> => {
  await createJournal(client)
  await insertRun(client, record)
  await run(client, sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(STAGING_SCHEMA)}`)
  await client.query(searchPath)
  await moveTables(client, record.homeSchema, STAGING_SCHEMA)
  await requireEmpty(client)
  await forgetRecords(client)
  const definitions = await readDefinitions(client, STAGING_SCHEMA, MAS_WRITTEN_TABLES)
  await saveDefinitions(client, record.runId, definitions)
  return definitions
}

/**
 * The check looked before; since then somebody may have registered at a MAS that was started meanwhile. Asked once more
 * where nobody can write any longer, for a load empties the tables it fills.
 */
const requireEmpty = async (client: Client): Promise<void> => {
  const filled: string[] = []
  for (const table of MAS_WRITTEN_TABLES) {
    const [row] = await run<{ filled: boolean }>(
      client,
      sql`SELECT EXISTS (SELECT FROM ${sql.id(STAGING_SCHEMA, table)}) AS filled`,
    )
    if (row?.filled === true) filled.push(table)
  }
  if (filled.length > 0) throw targetFilledMeanwhile(filled)
}

const RECORDS = ['account', 'written_row', 'left_row', 'before_image', 'cohort', 'cohort_member'] as const

/** What is on record of rows that are no longer there means nothing. */
export const forgetRecords = async (client: Client): Promise<void> => {
  const tables = RECORDS.map((table) => sql.id(JOURNAL_SCHEMA, table))
  await run(client, sql`TRUNCATE ${sql.join(tables)}`)
}

/** Foreign keys go before the keys that they lean on. */
const inDroppingOrder = (definitions: readonly Definition[]): readonly Definition[] => [
  ...definitions.filter(({ type, kind }) => kind === 'constraint' && type === 'f'),
  ...definitions.filter(({ type, kind }) => !(kind === 'constraint' && type === 'f')),
]

/** And come back after them. */
export const inCreatingOrder = (definitions: readonly Definition[]): readonly Definition[] =>
  inDroppingOrder(definitions).toReversed()

/**
 * The last act of a load, in one transaction: every definition must be as it was saved, the tables go home or stay
 * aside as they are, the journal says done.
 */
export const unstage = async (
  client: Client,
  { runId, homeSchema }: RunRecordKeys,
  { ends }: { readonly ends: 'in place' | 'aside' },
): Promise<void> => {
  await inTransaction(client, async () => {
    await run(client, sql`SET LOCAL synchronous_commit TO on`)
    const saved = await readSavedDefinitions(client, runId)
    const missing = missingDefinitions(saved, await readDefinitions(client, STAGING_SCHEMA, MAS_WRITTEN_TABLES))
    if (missing.length > 0) throw targetNotRestored(missing.map(({ name, table }) => `${name} on ${table}`))
    if (ends === 'in place') await goHome(client, homeSchema)
    await setRunState(client, runId, 'done', ends === 'in place' ? RECORDING : PROVING)
  })
}

/** Empties what a run filled and puts everything back as it was, in one transaction. Safe to repeat. */
export const undo = async (client: Client, { runId, homeSchema }: RunRecordKeys): Promise<void> => {
  await inTransaction(client, async () => {
    const saved = await readSavedDefinitions(client, runId)
    const present = await readDefinitions(client, STAGING_SCHEMA, MAS_WRITTEN_TABLES)
    for (const one of present.filter(({ kind, type }) => kind === 'constraint' && type === 'f')) {
      await dropDefinition(client, one)
    }
    await run(client, sql`TRUNCATE ${sql.join(MAS_WRITTEN_TABLES.map((table) => sql.id(STAGING_SCHEMA, table)))}`)
    const left = await readDefinitions(client, STAGING_SCHEMA, MAS_WRITTEN_TABLES)
    for (const one of inCreatingOrder(missingDefinitions(saved, left))) await createDefinition(client, one)
    await forgetRecords(client)
    await goHome(client, homeSchema)
    await setRunState(client, runId, 'undone')
  })
}

const inTransaction = async <Result>(client: Client, work: () => Promise<Result>): Promise<Result> => {
  await run(client, sql`BEGIN`)
  try {
    const result = await work()
    await run(client, sql`COMMIT`)
    return result
  } catch (error) {
    await run(client, sql`ROLLBACK`)
    throw error
  }
}

type RunRecordKeys = Pick<RunRecord, 'runId' | 'homeSchema'>

/** To be called in a transaction that also says in the journal what it means. */
export const goHome = async (client: Client, homeSchema: string): Promise<void> => {
  await moveTables(client, STAGING_SCHEMA, homeSchema)
  await run(client, sql`DROP SCHEMA ${sql.id(STAGING_SCHEMA)}`)
}
