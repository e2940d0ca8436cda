import type { FindingEntry } from '../entry.ts'

/** Findings about Synapse's database as a whole. */
export const SYNAPSE_DATABASE_FINDINGS = {
  SYNAPSE_POSTGRES_TOO_OLD: {
    severity: 'error',
    title: "Synapse's PostgreSQL server is too old",
    why: 'Rows are compared with functions that PostgreSQL has since version 14.',
    remedy: 'Upgrade the server to PostgreSQL 14 or later, or restore a copy on one and name that.',
    kind: 'data',
  },
  SYNAPSE_ENCODING: {
    severity: 'error',
    title: "Synapse's database is not encoded in UTF-8",
    why: 'Its text cannot be carried faithfully, and Synapse itself supports nothing else.',
    remedy: 'Move the database to one with ENCODING UTF8, as the documentation of Synapse says.',
    kind: 'data',
  },
  SYNAPSE_TABLES_MISSING: {
    severity: 'error',
    title: 'This is no database of Synapse',
    why: 'Tables or columns that every Synapse has are not there.',
    remedy: 'Name the right database and the role’s right search path.',
    kind: 'data',
  },
  SYNAPSE_NOT_READABLE: {
    severity: 'error',
    title: "Tables of Synapse's cannot be read",
    why: 'Our role may not SELECT from them.',
    remedy: 'GRANT SELECT on the tables to the role.',
    kind: 'data',
  },
  TABLES_NOT_COUNTED: {
    severity: 'notice',
    title: 'Tables that were not looked into',
    why: 'Our role may not SELECT from them, or a row-level security policy hides rows of them. The migration does not need them; but what only they tell is not among the findings.',
    remedy: 'GRANT SELECT on them to the role, or let it bypass the policy, if you want to know.',
    kind: 'data',
  },
  SYNAPSE_RUNNING: {
    severity: 'warning',
    title: 'Synapse seems to be running',
    why: 'What people do after the copy has begun is lost: new logins, changed passwords, and logouts, which would be undone.',
    remedy: 'Stop Synapse and all its workers before the migration. For a rehearsal, accept it.',
    kind: 'operational',
  },
  SYNAPSE_SERVER_BUSY: {
    severity: 'notice',
    title: "Somebody works on Synapse's database server",
    why: 'Transactions begin there though nobody is connected to Synapse’s database: another database of the server, or a Synapse behind a pooler.',
    remedy: 'Make sure that Synapse is stopped.',
    kind: 'operational',
  },
  SYNAPSE_BACKGROUND_UPDATES: {
    severity: 'warning',
    title: 'Background updates of Synapse are pending',
    why: 'They may still change the rows that are read.',
    remedy: 'Let Synapse run until its table background_updates is empty.',
    kind: 'operational',
  },
  SYNAPSE_TOO_OLD_FOR_MAS: {
    severity: 'warning',
    title: 'This Synapse is too old to work with MAS',
    why: 'MAS needs Synapse 1.136 or later. The accounts can be planned and moved, but nobody can log in before the upgrade.',
    remedy: 'Upgrade Synapse to 1.136 or later before the migration.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
