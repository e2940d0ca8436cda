import pg from 'pg'
import { FINDINGS, finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import type { FollowerState, ServerHealth } from '../postgres/server-health.ts'

export interface SourceServer {
  readonly health: ServerHealth
  readonly database: string
  /**
   * catches up: a later run sees what this one does not. complete: it was waited for until all was there. last: what
   * is not seen now is never moved.
   */
  readonly run: 'catches up' | 'complete' | 'last'
}

/** What about the source's server may keep a run from seeing, or from reading, all that is there. */
export const checkSourceServer = ({ health, database, run }: SourceServer): readonly Finding[] => {
  const { follower, collation } = health
  return [
    ...(follower !== undefined && run === 'last' ? behind(follower) : []),
    ...(follower === undefined ? [] : cancels(follower)),
    ...(collation === undefined
      ? []
      : [
          finding('SYNAPSE_COLLATION', {
            message: `The indexes of ${database} were made with version ${collation.made} of the system’s collations; it has ${collation.now} now`,
            remedy: [
              `REINDEX DATABASE ${pg.escapeIdentifier(database)};`,
              `ALTER DATABASE ${pg.escapeIdentifier(database)} REFRESH COLLATION VERSION;`,
            ],
          }),
        ]),
  ]
}

const behind = ({ unreplayed, paused, receives, newest }: FollowerState): readonly Finding[] => {
  const reasons = [
    ...(unreplayed > 0
      ? [`has received ${unreplayed.toLocaleString('en')} bytes of log that it has not replayed`]
      : []),
    ...(paused ? ['has its replay paused'] : []),
    ...(receives ? [] : ['receives nothing from its primary now']),
  ]
  if (reasons.length === 0) return []
  const since = newest === undefined ? '' : `; the newest transaction that it shows is of ${newest}`
  return [
    finding('SYNAPSE_REPLICA_BEHIND', {
      message: `The source is a replica that ${reasons.join(' and ')}${since}`,
      remedy: [
        ...(paused ? ['On the replica: SELECT pg_wal_replay_resume();'] : []),
        FINDINGS.SYNAPSE_REPLICA_BEHIND.remedy,
      ],
    }),
  ]
}

const cancels = ({ feedback, patienceMs }: FollowerState): readonly Finding[] =>
  feedback || patienceMs < 0
    ? []
    : [
        finding('SYNAPSE_REPLICA_CANCELS', {
          message: `The replica may end a statement of ours after ${(patienceMs / 1000).toLocaleString('en')} s: hot_standby_feedback is off and max_standby_streaming_delay is ${(patienceMs / 1000).toLocaleString('en')} s`,
          remedy: [
            'On the replica: ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf();',
            'Or, until the run has ended: ALTER SYSTEM SET max_standby_streaming_delay = -1; SELECT pg_reload_conf();',
          ],
        }),
      ]
