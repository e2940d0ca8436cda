import { freePort } from '../../free-port.ts'
import type { MasProgram } from '../../services/mas/mas-service.ts'
import type { PostgresService } from '../../services/postgres/postgres-service.ts'
import type { StartContext } from '../../services/way.ts'
import type { ProofEnds } from '../throw-away-target.ts'
import type { ConfiguredMas } from './configure-mas.ts'
import { copyDatabase } from './copy-database.ts'
import { startStandInHomeserver } from './stand-in-homeserver.ts'

export interface MasProofs {
  readonly program: MasProgram
  readonly postgres: Pick<PostgresService, 'createDatabase'>
  readonly configured: ConfiguredMas
  readonly context: StartContext
}

/**
 * Starts MAS beside what stands in for Synapse, so that passwords and old tokens can be tried. It works on a copy of its database: who
 * logs in there has used nothing of what the run wrote, and the rollback finds that as the run left it.
 */
export const startMasProofs = async ({ program, postgres, configured, context }: MasProofs): Promise<ProofEnds> => {
  const { config, secret } = configured
  const database = await postgres.createDatabase('mas_proofs')
  await copyDatabase(config.database, database, context.signal)
  const port = await freePort()
  const masUrl = `http://127.0.0.1:${port}/`
  const homeserver = await startStandInHomeserver({ masUrl, secret, serverName: config.homeserver })
  try {
    const files = await configured.writeFor({
      file: 'mas-proofs.yaml',
      database,
      port,
      homeserverUrl: homeserver.url,
    })
    const mas = await program.serve({ url: masUrl }, files, context)
    return {
      loginUrl: masUrl,
      homeserverUrl: homeserver.url,
      async stop() {
        await mas.stop()
        await homeserver.stop()
      },
    }
  } catch (error) {
    await homeserver.stop()
    throw error
  }
}
