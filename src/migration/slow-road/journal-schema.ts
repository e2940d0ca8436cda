import { MEMBER_TABLES } from './journal-members.ts'

/**
 * The run's file. Of each account what was decided, when a request about it was begun, and how it ended: never a hash, a
 * token, or anything else that a row of it holds.
 */
export const JOURNAL_TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;

  CREATE TABLE IF NOT EXISTS run (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
  );

  CREATE TABLE IF NOT EXISTS account (
    position    INTEGER PRIMARY KEY,
    mxid        TEXT UNIQUE,      -- NULL in a source whose account has no name: held back, in no batch
    username    TEXT,             -- the name at the target
    decision    TEXT NOT NULL CHECK (decision IN ('migrate', 'hold back', 'gone')),
    reason      TEXT,             -- why it is held back
    digest      TEXT,             -- of the account and all of it that is carried
    intended_at TEXT,             -- a request about it has been begun, or may have been
    outcome     TEXT,             -- NULL: not known
    outcome_reason TEXT,
    message     TEXT,
    rows        TEXT,             -- counted by relation and change, JSON
    ended_at    TEXT
  );

  CREATE INDEX IF NOT EXISTS account_left ON account (position) WHERE outcome IS NULL;
  ${MEMBER_TABLES}
`

/** Outcomes after which an account is at the target. */
export const AT_TARGET = `('created', 'updated', 'unchanged')`
