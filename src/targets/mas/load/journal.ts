import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { IdentifierMethod } from '../rows/identifiers.ts'
import { journalClosed } from './load-errors.ts'

/** Our own schema in the MAS database: what was done is recorded where it cannot disagree with the rows. */
export const JOURNAL_SCHEMA = 'syn2op'

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
  /** What it was doing last, such as `copy compat_sessions, indexes users`. */
  readonly activity: string
}

const TABLES = sql`
  CREATE SCHEMA IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)};

  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.run (
    run_id            text PRIMARY KEY,
    run_number        integer GENERATED ALWAYS AS IDENTITY,
    kind              text NOT NULL CHECK (kind IN ('load', 'online', 'final', 'merge')),
    state             text NOT NULL CHECK (state IN ('loading', 'open', 'done', 'undone')),
    as_of_ms          bigint NOT NULL,
    identifier_method text NOT NULL,
    seed_fingerprint  text NOT NULL,
    mapping_sha256    text NOT NULL,
    server_name       text NOT NULL,
    home_schema       text NOT NULL,
    activity          text NOT NULL DEFAULT '',
    started_at        timestamptz NOT NULL DEFAULT now(),
    finished_at       timestamptz
  );

  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.saved_definition (
    run_id     text NOT NULL REFERENCES ${sql.id(JOURNAL_SCHEMA)}.run,
    ordinal    integer NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('constraint', 'index')),
    schema     text NOT NULL,
    table_name text NOT NULL,
    name       text NOT NULL,
    definition text NOT NULL,
    type       text NOT NULL,
    PRIMARY KEY (run_id, ordinal)
  );

  -- An account of the source as it was when it was last decided and written.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.account (
    owner  bigint NOT NULL,  -- hash of the mxid
    print  bigint NOT NULL,  -- over all that its decision and rows depend on in the source
    rows   integer NOT NULL, -- how many rows that is
    always boolean NOT NULL, -- depends on rows under other names too: decided anew by every run
    held   text,             -- why it is held back; NULL: migrated
    conflict text            -- what of somebody else's kept the last run from writing it; what earlier ones wrote stays
  );

  -- The base digests: every row of MAS's tables that we wrote, as we last wrote it.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.written_row (
    table_number smallint NOT NULL, -- position in MAS_WRITTEN_TABLES
    owner        bigint NOT NULL,   -- hash of the mxid
    key          bigint NOT NULL,   -- hash of the natural key
    digest       bigint NOT NULL,   -- hash of the natural columns
    run_number   integer NOT NULL   -- the run that created it
  );

  CREATE INDEX IF NOT EXISTS written_row_owner ON ${sql.id(JOURNAL_SCHEMA)}.written_row (owner);

  -- Rows that the source wants and that a run left unwritten, since MAS's people closed what they belong to, or have the
  -- same: as they would have been written.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.left_row (
    table_number smallint NOT NULL,
    owner        bigint NOT NULL,
    key          bigint NOT NULL,
    digest       bigint NOT NULL
  );

  CREATE INDEX IF NOT EXISTS left_row_owner ON ${sql.id(JOURNAL_SCHEMA)}.left_row (owner);

  -- Rows that a merge updated, as they were before: until the cut-over is finished, a rollback can bring them back.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.before_image (
    run_number   integer NOT NULL,
    table_number smallint NOT NULL,
    owner        bigint NOT NULL,
    key          bigint NOT NULL,
    image        jsonb NOT NULL
  )`

/** Makes the journal where there is none. */
export const createJournal = async (client: Client): Promise<void> => {
  await run(client, TABLES)
}

export type NewRun = Omit<RunRecord, 'activity' | 'runNumber'>

/** The activity of a load that is done but whose rows are not all on record yet. */
export const RECORDING = 'recording what was written'

/** Enters a run as begun; one that was taken back and begins again with other identifiers keeps its entry. */
export const insertRun = async (client: Client, record: NewRun): Promise<void> => {
  await run(
    client,
    sql`
      INSERT INTO ${sql.id(JOURNAL_SCHEMA)}.run
        (run_id, kind, state, as_of_ms, identifier_method, seed_fingerprint, mapping_sha256, server_name, home_schema)
      VALUES
        (${record.runId}, ${record.kind}, ${record.state}, ${record.asOf}, ${record.identifierMethod}, ${record.seedFingerprint},
         ${record.mappingSha256}, ${record.serverName}, ${record.homeSchema})
      ON CONFLICT (run_id) DO UPDATE
        SET state = excluded.state, identifier_method = excluded.identifier_method,
          mapping_sha256 = excluded.mapping_sha256, finished_at = NULL
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

/**
 * The runs of this MAS database, the newest first; none where there is no journal.
 * @throws Syn2opError database.not-allowed where another role made the journal and ours may not read it.
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
  return run<RunRecord>(
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
        activity
      FROM ${sql.id(JOURNAL_SCHEMA)}.run
      ORDER BY started_at DESC, run_id DESC
    `,
  )
}
