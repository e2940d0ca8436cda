import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { connect } from '../postgres/connect.ts'
import { describeServer } from '../postgres/describe-server.ts'
import { describeSettings, type PostgresSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import { otherConnections } from './activity.ts'

export interface ReplicaCheck {
  readonly source: PostgresSettings
  /** Where Synapse writes, as far as its configuration tells; asked only where the source is a replica. */
  readonly primary: () => Promise<PostgresSettings | undefined>
  /** A position of the primary's log, taken after Synapse was stopped. */
  readonly replayed?: string
  /** How long to wait for the replica, milliseconds. */
  readonly patience: number
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/** What a look at the primary told. */
export interface PrimaryActivity {
  /** Other connections to the primary's database, each in words. */
  readonly connections: readonly string[]
}

const LOOK_MS = 250

/**
 * Makes sure that a source which follows another server has replayed all that Synapse wrote before it was stopped.
 * A source that follows nobody has.
 * @throws Syn2opError replica.position-needed, replica.other-server, replica.behind
 */
export const requireReplayed = async (check: ReplicaCheck): Promise<PrimaryActivity> => {
  const replica = await connect(check.source, { applicationName: 'syn2op source', signal: check.signal })
  try {
    const { inRecovery, systemIdentifier } = await describeServer(replica)
    if (!inRecovery) return { connections: [] }
    const primary = check.replayed === undefined ? await lookAtPrimary(check, systemIdentifier) : undefined
    await waitUntilReplayed(replica, check, check.replayed ?? primary?.position ?? '0/0')
    return { connections: primary?.connections ?? [] }
  } finally {
    await replica.end().catch(() => {})
  }
}

/**
 * The end of the last record that the server has written into its log. Where the next one would begin on a new page, the
 * server names the place behind that page's header, which nobody reaches who has replayed everything.
 */
const POSITION = sql<{ position: string }>`
  SELECT (CASE
    WHEN at % segment = 40 THEN lsn - 40::numeric
    WHEN at % block = 24 AND at % segment > block THEN lsn - 24::numeric
    ELSE lsn
  END)::text AS position
  FROM (
    SELECT
      pg_current_wal_insert_lsn() AS lsn,
      pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS at,
      current_setting('wal_block_size')::numeric AS block,
      pg_size_bytes(current_setting('wal_segment_size'))::numeric AS segment
    OFFSET 0
  ) x
`

const lookAtPrimary = async (
  { source, primary, signal }: ReplicaCheck,
  systemIdentifier: string | undefined,
): Promise<PrimaryActivity & { readonly position: string }> => {
  const settings = await primary()
  if (settings === undefined) throw positionNeeded(source, 'homeserver.yaml names no other server')
  const client = await connect(settings, { applicationName: 'syn2op primary', signal })
  try {
    const server = await describeServer(client)
    if (server.inRecovery) throw positionNeeded(source, `${describeSettings(settings)} is a replica too`)
    const both = [systemIdentifier, server.systemIdentifier]
    if (!both.includes(undefined) && systemIdentifier !== server.systemIdentifier) {
      throw new Syn2opError(
        'replica.other-server',
        `${describeSettings(source)} is a replica, but not of ${describeSettings(settings)}, which homeserver.yaml names`,
        { next: ['Name a replica of the server that Synapse writes to, or that server itself.'] },
      )
    }
    const connections = await otherConnections(client)
    const [row] = await run(client, POSITION)
    return { connections, position: row?.position ?? '0/0' }
  } finally {
    await client.end().catch(() => {})
  }
}

const waitUntilReplayed = async (
  replica: pg.Client,
  { source, patience, note, signal }: ReplicaCheck,
  position: string,
): Promise<void> => {
  const deadline = performance.now() + patience
  let isTold = false
  for (;;) {
    signal.throwIfAborted()
    const [row] = await run<{ behind: number | null; at: string | null; paused: boolean }>(
      replica,
      sql`
        SELECT
          (${position}::pg_lsn - pg_last_wal_replay_lsn())::double precision AS behind,
          pg_last_wal_replay_lsn()::text AS at,
          pg_is_in_recovery() AND pg_is_wal_replay_paused() AS paused
      `,
    )
    const behind = row?.behind ?? null
    if (behind !== null && behind <= 0) return
    if (performance.now() > deadline) throw stillBehind(source, { position, behind, paused: row?.paused === true })
    if (!isTold) note(`Waiting until the replica has replayed ${position}; it is at ${row?.at ?? 'no position'}.`)
    isTold = true
    await sleep(LOOK_MS)
  }
}

const HOW_TO_TELL = [
  'Once Synapse is stopped, ask the primary: SELECT pg_current_wal_lsn();',
  'and give what it answers: --replayed LSN',
]

const positionNeeded = (source: PostgresSettings, why: string): Syn2opError =>
  new Syn2opError(
    'replica.position-needed',
    `${describeSettings(source)} is a replica, and how far it must have followed is not known: ${why}`,
    { next: HOW_TO_TELL },
  )

const stillBehind = (
  source: PostgresSettings,
  { position, behind, paused }: { position: string; behind: number | null; paused: boolean },
): Syn2opError =>
  new Syn2opError(
    'replica.behind',
    behind === null
      ? `The replica ${describeSettings(source)} has replayed nothing yet of what is needed up to ${position}`
      : `The replica ${describeSettings(source)} is ${behind} bytes of log behind ${position}`,
    {
      next: [
        ...(paused ? ['Its replay is paused; on the replica: SELECT pg_wal_replay_resume();'] : []),
        'Wait until it has caught up and run the command again, or read from the primary.',
      ],
    },
  )

/**
 * A replica ends statements whose rows its primary has cleared away; of such an error, what can be done about it.
 * Any other error comes back as it is.
 */
export const explainReplicaConflict = (error: unknown): unknown => {
  const cause = error instanceof Syn2opError ? error.cause : error
  if (!(cause instanceof pg.DatabaseError) || !cause.message.includes('conflict with recovery')) return error
  return new Syn2opError(
    'replica.conflict',
    'The replica ended a statement of ours, since its primary had cleared away rows that were being read',
    {
      cause,
      next: [
        "On the replica set hot_standby_feedback = on, or raise max_standby_streaming_delay above the run's length.",
        'Then run the command again, or read from the primary.',
      ],
    },
  )
}
