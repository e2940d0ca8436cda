import { sql } from 'kysely'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { connect } from '../../../postgres/connect.ts'
import { describeSettings, type PostgresSettings } from '../../../postgres/settings.ts'
import { run } from '../../../postgres/statement.ts'
import { createSynapseDatabase, onServer } from '../../create-database.ts'
import { databaseComment, databaseName, KEPT_COMMENT, serverOf } from '../../leases/databases.ts'
import { dropDatabase } from '../../leases/end-databases.ts'
import type { Belonging } from '../../leases/lease.ts'
import { DEADLINE_MS } from '../../leases/lease-life.ts'
import { describePlace } from '../../leases/place.ts'
import type { Way } from '../way.ts'
import type { PostgresService } from './postgres-service.ts'

type Database = Extract<Belonging, { kind: 'database' }>

/**
 * Databases of our own on a server that is given: each by a name with the lease's id, and with a comment that says whose it is.
 * What the server has besides is not touched. That it cannot be used ends the rehearsal: somebody asked for it.
 * @param serverLease the id of the lease that the server goes with, where it is one of ours
 */
export const givenPostgres = (given: PostgresSettings, serverLease?: string): Way<PostgresService> => ({
  backend: 'given',
  why: async () => undefined,
  async start({ lease, signal }) {
    const version = await ask(given, signal)
    const made: Database[] = []
    const state = { kept: false }
    const settings = (name: string): PostgresSettings => ({ ...given, database: databaseName(lease.id, name) })
    const comment = databaseComment({
      id: lease.id,
      place: describePlace(),
      folder: lease.folder,
      until: new Date(Date.now() + DEADLINE_MS),
    })
    return {
      backend: 'given',
      what: `PostgreSQL ${version} at ${given.host}:${given.port}`,
      settings,
      async createDatabase(name) {
        const own = settings(name)
        const belonging: Database = {
          kind: 'database',
          server: serverOf(given),
          name: own.database,
          ...(serverLease === undefined ? {} : { serverLease }),
        }
        await lease.holds(belonging)
        try {
          await createSynapseDatabase(given, own.database, comment)
        } catch (error) {
          if (!isTaken(error)) made.push(belonging)
          else if (!made.some(({ name: ours }) => ours === own.database)) await lease.gone(belonging)
          throw error
        }
        made.push(belonging)
        return own
      },
      async keep() {
        state.kept = true
        await onServer(
          given,
          made.map(({ name }) => sql`COMMENT ON DATABASE ${sql.id(name)} IS ${sql.lit(`${KEPT_COMMENT} ${comment}`)}`),
        )
      },
      async stop() {
        if (state.kept) return
        for (const belonging of made.splice(0)) {
          await dropDatabase(belonging, { ...lease, postgres: given, signal: new AbortController().signal })
          await lease.gone(belonging)
        }
      },
    }
  },
})

/** SQLSTATE of a name that another database has: that one is not ours, and must not be ended as ours. */
const DUPLICATE_DATABASE = '42P04'

const isTaken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === DUPLICATE_DATABASE

/** @throws Syn2opError database.not-allowed where the role may make no databases; what connecting raises */
const ask = async (given: PostgresSettings, signal: AbortSignal): Promise<string> => {
  const client = await connect(given, { applicationName: 'syn2op rehearsal', signal })
  try {
    const [row] = await run(
      client,
      sql<{ version: string; may: boolean }>`
        SELECT current_setting('server_version') AS version, rolsuper OR rolcreatedb AS may
        FROM pg_roles WHERE rolname = current_user`,
    )
    if (row?.may === true) return row.version.split(' ')[0] ?? ''
    throw new Syn2opError(
      'database.not-allowed',
      `The role of ${describeSettings(given)} may make no databases, which a rehearsal needs`,
      {
        next: [
          `As a superuser: ALTER ROLE "${given.user.replaceAll('"', '""')}" CREATEDB`,
          'or leave out --rehearsal-postgres',
        ],
      },
    )
  } finally {
    await client.end()
  }
}
