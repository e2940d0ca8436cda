import type { FindingEntry } from '../entry.ts'

/** Findings about the database servers: what would end a run later, or keep it waiting. */
export const SERVER_FINDINGS = {
  SYNAPSE_ROW_SECURITY: {
    severity: 'error',
    title: "A policy hides rows of Synapse's tables from our role",
    why: 'Row-level security shows a role only some rows, without a word; syn2op refuses to read a table through it.',
    remedy: 'ALTER ROLE … BYPASSRLS, or use the role that owns the tables.',
    kind: 'data',
  },
  SYNAPSE_REPLICA_BEHIND: {
    severity: 'warning',
    title: 'The source is a replica that has not replayed everything',
    why: 'What Synapse wrote since is not seen, and would not be moved.',
    remedy: 'Wait until it has caught up, or read from the primary.',
    kind: 'operational',
  },
  SYNAPSE_REPLICA_CANCELS: {
    severity: 'notice',
    title: 'The replica may end statements of ours',
    why: 'Where its primary clears away rows that are being read, the replica ends the statement after a while, and the run with it; nothing is left half done.',
    remedy: 'On the replica set `hot_standby_feedback = on`, or raise `max_standby_streaming_delay` for the night.',
    kind: 'operational',
  },
  SYNAPSE_COLLATION: {
    severity: 'notice',
    title: "The system sorts otherwise than when the indexes of Synapse's database were made",
    why: 'An index may then miss rows that are there, for Synapse too.',
    remedy: 'Run `REINDEX DATABASE …`, then `ALTER DATABASE … REFRESH COLLATION VERSION`.',
    kind: 'data',
  },
  MAS_COLLATION: {
    severity: 'warning',
    title: "The system sorts otherwise than when the indexes of MAS's database were made",
    why: 'An index may then miss rows that are there: the same username could be written twice.',
    remedy: 'Run `REINDEX DATABASE …`, then `ALTER DATABASE … REFRESH COLLATION VERSION`.',
    kind: 'data',
  },
  MAS_ROW_SECURITY: {
    severity: 'error',
    title: "A policy hides rows of MAS's tables from our role",
    why: 'Row-level security shows a role only some rows, without a word; syn2op refuses to work with a table through it.',
    remedy: 'ALTER ROLE … BYPASSRLS, or use the role that owns the tables.',
    kind: 'data',
  },
  MAS_WRITES_OFF: {
    severity: 'error',
    title: 'Transactions in the database of MAS are read-only by default',
    why: '`default_transaction_read_only` is on for the role, the database or the server. MAS itself could not write either.',
    remedy: 'Set `default_transaction_read_only` to off.',
    kind: 'data',
  },
  MAS_CONNECTIONS: {
    severity: 'error',
    title: "MAS's server has too few connections left",
    why: 'A run works through several connections at once and would end when one of them is refused.',
    remedy: 'Raise `max_connections` or the limit of the role, or work through fewer with `--concurrency`.',
    kind: 'operational',
  },
  MAS_WAITS_FOR_STANDBY: {
    severity: 'error',
    title: "MAS's server waits for a standby that is not there",
    why: 'Every commit waits until a synchronous standby has it, and none is connected: the run would stand still.',
    remedy: 'Start the standby, or empty `synchronous_standby_names` and reload the server.',
    kind: 'operational',
  },
  MAS_DISK_NEEDED: {
    severity: 'notice',
    title: 'The room that the run needs at MAS',
    why: 'A disk that fills up ends the run, which takes itself back; but other databases of the same server stop too. PostgreSQL tells nobody how much is free.',
    remedy: "On the machine of MAS's PostgreSQL server: df -h of the folder that SHOW data_directory names.",
    kind: 'operational',
  },
} as const satisfies Record<string, FindingEntry>
