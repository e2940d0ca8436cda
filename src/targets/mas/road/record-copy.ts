import { sql } from 'kysely'
import type { Client } from 'pg'
import { keyHash, rowDigest } from '../../../difference/bucket-hash.ts'
import { ownerHash } from '../../../difference/owner.ts'
import type { TableShape } from '../../../difference/table-shape.ts'
import { run } from '../../../postgres/statement.ts'
import { lendClients } from '../load/clients.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'
import { stoppable } from '../load/stoppable.ts'
import { ACCOUNT, type SeenOptions, withSeenAccounts } from './seen-accounts.ts'

const WRITTEN_ROW = sql.id(JOURNAL_SCHEMA, 'written_row')
const LEFT_ROW = sql.id(JOURNAL_SCHEMA, 'left_row')
const WRITTEN_ROW_OWNER = sql.id('written_row_owner')
const ACCOUNT_KEY = sql.id('account_pkey')

/** Forgets all that is on record of accounts and rows, and drops the indexes that would slow a new record down. */
export const clearRecord = async (client: Client): Promise<void> => {
  await run(client, sql`TRUNCATE ${ACCOUNT}, ${WRITTEN_ROW}, ${LEFT_ROW}`)
  await run(client, sql`ALTER TABLE ${ACCOUNT} DROP CONSTRAINT IF EXISTS ${ACCOUNT_KEY}`)
  await run(client, sql`DROP INDEX IF EXISTS ${sql.id(JOURNAL_SCHEMA)}.${WRITTEN_ROW_OWNER}`)
}

/** Gives the record the indexes by which batches look accounts and rows up, and the planner its statistics. Does nothing
 * where they are. */
export const indexRecord = async (client: Client): Promise<void> => {
  await run(client, sql`CREATE INDEX IF NOT EXISTS ${WRITTEN_ROW_OWNER} ON ${WRITTEN_ROW} (owner)`)
  const [key] = await run<{ missing: boolean }>(
    client,
    sql`
      SELECT NOT EXISTS (
        SELECT FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = ${JOURNAL_SCHEMA} AND t.relname = 'account' AND c.contype = 'p'
      ) AS missing
    `,
  )
  if (key?.missing === true) {
    // The key comes last, as the sign that all of this was done.
    await run(client, sql`ANALYZE ${ACCOUNT}`)
    await run(client, sql`ANALYZE ${WRITTEN_ROW}`)
    await run(client, sql`ALTER TABLE ${ACCOUNT} ADD CONSTRAINT ${ACCOUNT_KEY} PRIMARY KEY (owner)`)
  } else {
    await analyzeChanged(client)
  }
}

/** Not where nearly all of a table was there the last time: a run of a few accounts would spend most of its time on it. */
const analyzeChanged = async (client: Client): Promise<void> => {
  const changed = await run<{ name: string }>(
    client,
    sql`
      SELECT c.relname AS name
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${JOURNAL_SCHEMA} AND c.relname IN ('account', 'written_row')
        AND (c.reltuples <= 0 OR pg_stat_get_mod_since_analyze(c.oid) > c.reltuples / 5)
    `,
  )
  for (const { name } of changed) await run(client, sql`ANALYZE ${sql.id(JOURNAL_SCHEMA, name)}`)
}

export interface RecordWritten {
  /** Connections to the target, which may all stand in one snapshot of it; each serves one table at a time. */
  readonly clients: readonly Client[]
  /** All of them, in their order: a table's number is its place. */
  readonly shapes: readonly TableShape[]
  /** Where MAS's tables stand. */
  readonly schema: string
  readonly runNumber: number
  readonly signal: AbortSignal
}

/**
 * Puts on record, as written by a run, every row that stands in MAS's tables: after a load all of them are ours.
 * The caller begins and commits.
 */
export const recordWritten = async ({ clients, shapes, schema, runNumber, signal }: RecordWritten): Promise<void> => {
  const lent = lendClients(clients)
  const ended = await Promise.allSettled(
    largestFirst(shapes.map(({ natural }, number) => ({ natural, number }))).map(({ natural, number }) =>
      lent.with((client) =>
        stoppable(client, signal, async () => {
          signal.throwIfAborted()
          await run(
            client,
            sql`
              INSERT INTO ${WRITTEN_ROW} (table_number, owner, key, digest, run_number)
              SELECT
                ${sql.lit(number)},
                ${ownerHash(sql`mxid`)},
                ${keyHash(natural)},
                ${rowDigest(natural)},
                ${sql.lit(runNumber)}
              FROM (${natural.present(schema)}) present
              WHERE mxid IS NOT NULL
            `,
          )
        }),
      ),
    ),
  )
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

/** Sessions and tokens are most of the rows, and stand last. */
const largestFirst = <One>(list: readonly One[]): readonly One[] => list.toReversed()

/** Puts the source's accounts on record as they were decided and written. */
export const recordAccounts = (options: Omit<SeenOptions, 'earlier'>): Promise<void> =>
  withSeenAccounts({ ...options, earlier: [] }, async (seen) => {
    await run(
      options.clients[0],
      sql`
        INSERT INTO ${ACCOUNT} (owner, print, rows, always, held)
        SELECT owner, print, rows, always, held FROM (${seen}) seen
      `,
    )
  })
