import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { RunPart } from '../../road-history.ts'
import type { IdentifierMethod } from '../rows/identifiers.ts'
import { JOURNAL_FORMAT, JOURNAL_SCHEMA, JOURNAL_TABLES } from './journal-tables.ts'
import { journalClosed, journalOfOtherFormat } from './load-errors.ts'

export { JOURNAL_SCHEMA } from './journal-tables.ts'

/** Where MAS's tables stand while they are half filled, so that a MAS that starts meanwhile does not see them. */
export const STAGING_SCHEMA = 'syn2op_loading'

/**
 * loading: a load that was begun and neither finished nor taken back. open: a run that goes on from what is there, begun
 * and not finished; what it has committed stands. done: finished. undone: taken back, the tables as before.
 */
export type RunState = 'loading' | 'open' | 'done' | 'undone'

/**
 * load: fills an empty MAS. online: fills an empty MAS aside, or brings that copy up to date. final: brings it up to date
 * and puts it in its place. merge: works beside the people that MAS has.
 */
export type RunKind = 'load' | 'online' | 'final' | 'merge'

export interface RunRecord {
  readonly runId: string
  /** Counts the runs of this database: what a written row names its run by. */
  readonly runNumber: number
  readonly kind: RunKind
  readonly state: RunState
  /** Milliseconds since 1970. */
  readonly asOf: number
  readonly identifierMethod: IdentifierMethod
  readonly seedFingerprint: string
  readonly mappingSha256: string
  readonly serverName: string
  /** The schema that MAS's tables came from and go back to. */
  readonly homeSchema: string
  /** Versions of MAS's schema migrations when it began. */
  readonly masMigrations: readonly number[]
  /** Absent: it looks at all accounts. */
  readonly part?: RunPart
  /** What it was doing last, such as `copy compat_sessions, indexes users`. */
  readonly activity: string
}

/** Makes the journal where there is none. */
export const createJournal = async (client: Client): Promise<void> => {
  await run(client, JOURNAL_TABLES)
}

export type NewRun = Omit<RunRecord, 'activity' | 'runNumber'> & Partial<Pick<RunRecord, 'activity'>>

/** The activity of a load that is done but whose rows are not all on record yet. */
export const RECORDING = 'recording what was written'

/** A load whose rows are in their place, and not all on record: it ended in between. */
export const isUnrecorded = ({ kind, state, activity }: Pick<RunRecord, 'kind' | 'state' | 'activity'>): boolean =>
  kind === 'load' && state === 'done' && activity === RECORDING

/**
 * The activity of a run that made a copy, or put people into it, until all that it wrote was compared and found right. Of one
 * that ended before, or was found wrong, it stays until the whole copy is.
 */
export const PROVING = 'proving what was written'

/** The activity of a run that ended and was taken back since: the accounts that stayed may be decided as it decided them. */
export const ROLLED_BACK = 'rolled back'

/**
 * Enters a run as begun. One that was taken back keeps its entry as it begins again, be it with other identifiers or by
 * another road.
 */
export const insertRun = async (client: Client, record: NewRun): Promise<void> => {
  await run(
    client,
    sql`
      INSERT INTO ${sql.id(JOURNAL_SCHEMA)}.run
        (run_id, kind, state, as_of_ms, identifier_method, seed_fingerprint, mapping_sha256, server_name, home_schema,
         journal_format, mas_migrations, part, cohort, activity)
      VALUES
        (${record.runId}, ${record.kind}, ${record.state}, ${record.asOf}, ${record.identifierMethod}, ${record.seedFingerprint},
         ${record.mappingSha256}, ${record.serverName}, ${record.homeSchema},
         ${JOURNAL_FORMAT}, ${record.masMigrations}::bigint[], ${record.part !== undefined}, ${record.part?.cohort ?? null},
         ${record.activity ?? ''})
      ON CONFLICT (run_id) DO UPDATE
        SET kind = excluded.kind, state = excluded.state, identifier_method = excluded.identifier_method,
          mapping_sha256 = excluded.mapping_sha256, part = excluded.part, cohort = excluded.cohort,
          activity = excluded.activity, finished_at = NULL
    `,
  )
}

/** @param activity what is still to be done of it, such as RECORDING. */
export const setRunState = async (
  client: Client,
  runId: string,
  state: 'done' | 'undone',
  activity = '',
): Promise<void> => {
  await run(
    client,
    sql`
      UPDATE ${sql.id(JOURNAL_SCHEMA)}.run
      SET state = ${state}, activity = ${activity}, finished_at = clock_timestamp()
      WHERE run_id = ${runId}
    `,
  )
}

export const setActivity = async (client: Client, runId: string, activity: string): Promise<void> => {
  await run(client, sql`UPDATE ${sql.id(JOURNAL_SCHEMA)}.run SET activity = ${activity} WHERE run_id = ${runId}`)
}

/** All that stands in the copy was compared, or all that one run wrote. */
export const clearProving = async (client: Client, runs: { readonly runId: string } | 'all'): Promise<void> => {
  const which = runs === 'all' ? sql`true` : sql`run_id = ${runs.runId}`
  await run(
    client,
    sql`UPDATE ${sql.id(JOURNAL_SCHEMA)}.run SET activity = '' WHERE activity = ${PROVING} AND ${which}`,
  )
}

/**
 * The runs of this MAS database, the newest first; none where there is no journal.
 * @throws Syn2opError database.not-allowed where another role made the journal and ours may not read it;
 * run.other-format where another version of syn2op made it.
 */
export const readRuns = async (client: Client): Promise<readonly RunRecord[]> => {
  const [journal] = await run<{ owner: string; role: string; readable: boolean }>(
    client,
    // Privileges of the schema and of the table are asked for apart: the table of a closed schema has no name.
    sql`
      SELECT
        pg_get_userbyid(c.relowner) AS owner,
        current_user AS role,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${JOURNAL_SCHEMA} AND c.relname = 'run'
    `,
  )
  if (journal === undefined) return []
  if (!journal.readable) throw journalClosed(journal)
  await requireSameFormat(client)
  const runs = await run<StoredRun>(
    client,
    sql`
      SELECT
        run_id AS "runId",
        run_number AS "runNumber",
        kind,
        state,
        as_of_ms AS "asOf",
        identifier_method AS "identifierMethod",
        seed_fingerprint AS "seedFingerprint",
        mapping_sha256 AS "mappingSha256",
        server_name AS "serverName",
        home_schema AS "homeSchema",
        to_json(mas_migrations) AS "masMigrations",
        part,
        cohort,
        activity
      FROM ${sql.id(JOURNAL_SCHEMA)}.run
      ORDER BY started_at DESC, run_id DESC
    `,
  )
  return runs.map(({ part, cohort, ...record }) => ({
    ...record,
    ...(part ? { part: cohort === null ? {} : { cohort } } : {}),
  }))
}

type StoredRun = Omit<RunRecord, 'part'> & { readonly part: boolean; readonly cohort: string | null }

/** By way of JSON, since a journal of another format may lack the very column. */
const requireSameFormat = async (client: Client): Promise<void> => {
  const [other] = await run<{ runId: string }>(
    client,
    sql`
      SELECT run_id AS "runId"
      FROM ${sql.id(JOURNAL_SCHEMA)}.run r
      WHERE (to_jsonb(r) ->> 'journal_format') IS DISTINCT FROM ${String(JOURNAL_FORMAT)}
      LIMIT 1
    `,
  )
  if (other !== undefined) throw journalOfOtherFormat(other.runId)
}
