import { sql } from 'kysely'
import type pg from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { describeSettings, type PostgresSettings } from './settings.ts'
import { run } from './statement.ts'

/** How often each of the two is asked: others that use the same pooler may take a session in between. */
const ROUNDS = 3

/** Of node-postgres, which does not tell it in its types: the process that a cancel request would name. */
const announcedBackend = (client: pg.Client): unknown => Reflect.get(client, 'processID')

const backendOf = async (client: pg.Client): Promise<number | undefined> => {
  const [row] = await run<{ pid: number }>(client, sql`SELECT pg_backend_pid() AS pid`)
  return row?.pid
}

/**
 * Whether something between us and the server gives the server's sessions to others after each transaction. A server
 * announces the process that answers; a pooler has to announce a number of its own, so that it can pass cancel requests on,
 * and is then told by two connections at once: to each a process of its own answers, always the same one, unless sessions
 * are shared.
 * Sets nothing and takes no lock: in a shared session either would stay behind for whoever is next.
 */
const sharesSessions = async (client: pg.Client, another: () => Promise<pg.Client>): Promise<boolean> => {
  const first = await backendOf(client)
  if (announcedBackend(client) === first) return false
  const other = await another()
  try {
    const second = await backendOf(other)
    for (let round = 0; round < ROUNDS; round++) {
      const [one, two] = [await backendOf(client), await backendOf(other)]
      if (one !== first || two !== second || one === two) return true
    }
    return false
  } finally {
    await other.end().catch(() => {})
  }
}

/**
 * Settings, locks, cursors and snapshots of ours live in a session: with one that is shared they are lost, or met by others.
 * @throws Syn2opError database.pooled
 */
export const refuseSharedSessions = async (
  client: pg.Client,
  another: () => Promise<pg.Client>,
  settings: PostgresSettings,
): Promise<void> => {
  if (!(await sharesSessions(client, another))) return
  throw new Syn2opError(
    'database.pooled',
    `${describeSettings(settings)} is behind a pooler that gives its sessions to others after each transaction`,
    {
      next: [
        `Name the PostgreSQL server itself, or a pool in session mode, in ${settings.origin}.`,
        'PgBouncer: pool_mode = session for this database, or the port of PostgreSQL (mostly 5432 instead of 6432).',
      ],
    },
  )
}
