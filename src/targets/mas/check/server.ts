import pg from 'pg'
import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import type { ServerHealth } from '../../../postgres/server-health.ts'
import { counted } from '../../../report/counted.ts'

export interface ServerCheck {
  readonly health: ServerHealth
  readonly database: string
  readonly user: string
  /** How many more connections the run opens at once. */
  readonly connections: number
}

/** What about MAS's server would end a run after it has begun, or keep it waiting. */
export const checkServer = ({ health, database, user, connections }: ServerCheck): readonly Finding[] => {
  const { writesOff, connectionsLeft, waitsForStandby, collation } = health
  const name = pg.escapeIdentifier(database)
  const role = pg.escapeIdentifier(user)
  return [
    ...(writesOff
      ? [
          finding('MAS_WRITES_OFF', {
            message: `default_transaction_read_only is on for the role ${user} in the database ${database}.`,
            remedy: [
              'Whichever says so:',
              `ALTER ROLE ${role} RESET default_transaction_read_only;`,
              `ALTER DATABASE ${name} RESET default_transaction_read_only;`,
              'ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf();',
            ],
          }),
        ]
      : []),
    ...(connectionsLeft < connections
      ? [
          finding('MAS_CONNECTIONS', {
            message: `The role ${user} has ${counted(Math.max(connectionsLeft, 0), 'connection', 'connections')} left; the run opens ${connections} more.`,
            count: connections - Math.max(connectionsLeft, 0),
            remedy: [
              'Close what is not needed: SELECT usename, datname, count(*) FROM pg_stat_activity GROUP BY 1, 2;',
              `Or raise max_connections, or the limits: ALTER ROLE ${role} CONNECTION LIMIT -1; ALTER DATABASE ${name} CONNECTION LIMIT -1;`,
              'Or work through fewer: --concurrency 1',
            ],
          }),
        ]
      : []),
    ...(waitsForStandby === undefined
      ? []
      : [
          finding('MAS_WAITS_FOR_STANDBY', {
            message: `Every commit waits for a standby (synchronous_standby_names is ${waitsForStandby}), and none is connected.`,
            remedy: [
              'Start the standby.',
              "Or go on without it: ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();",
            ],
          }),
        ]),
    ...(collation === undefined
      ? []
      : [
          finding('MAS_COLLATION', {
            message: `The indexes of ${database} were made with version ${collation.made} of the system’s collations; it has ${collation.now} now.`,
            remedy: [`REINDEX DATABASE ${name};`, `ALTER DATABASE ${name} REFRESH COLLATION VERSION;`],
          }),
        ]),
  ]
}
