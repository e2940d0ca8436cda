import { sql } from 'kysely'

/** Our own schema in the MAS database: what was done is recorded where it cannot disagree with the rows. */
export const JOURNAL_SCHEMA = 'syn2op'

/**
 * Raised when what is kept here, or a table's natural form, becomes another: digests of another form say nothing, and rows
 * of ours would pass for changed by somebody else.
 */
export const JOURNAL_FORMAT = 2

export const JOURNAL_TABLES = sql`
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
    journal_format    integer NOT NULL,
    mas_migrations    bigint[] NOT NULL,
    part              boolean NOT NULL DEFAULT false, -- it looks at a part of the accounts only
    cohort            text,                           -- and this is the cohort
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

  -- Rows that a run left as they are for the sake of MAS's people, who closed what they belong to, have the same, or
  -- refer to them: wanted and not written, or written and kept though wanted no more.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.left_row (
    table_number smallint NOT NULL,
    owner        bigint NOT NULL,
    key          bigint NOT NULL,
    digest       bigint -- as it would have been written; NULL: kept
  );

  CREATE INDEX IF NOT EXISTS left_row_owner ON ${sql.id(JOURNAL_SCHEMA)}.left_row (owner);

  -- Rows that a run updated, as they were before it: until the cut-over is finished, a rollback can bring them back.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.before_image (
    run_number   integer NOT NULL,
    table_number smallint NOT NULL,
    owner        bigint NOT NULL,
    key          bigint NOT NULL,
    image        jsonb NOT NULL
  );

  CREATE INDEX IF NOT EXISTS before_image_owner ON ${sql.id(JOURNAL_SCHEMA)}.before_image (owner);

  -- The cohorts of the mapping as the first run that wrote has frozen them; the last one is the rest.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.cohort (
    number   smallint PRIMARY KEY,
    name     text NOT NULL UNIQUE,
    begun_at timestamptz -- when a run first began to write it
  );

  -- Who was there when they were frozen; who has come since is of the rest.
  CREATE TABLE IF NOT EXISTS ${sql.id(JOURNAL_SCHEMA)}.cohort_member (
    owner  bigint PRIMARY KEY,
    cohort smallint NOT NULL
  )`
