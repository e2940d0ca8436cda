import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { startOidcProvider } from '../oidc-provider.ts'
import type { SqliteFile } from './configuration.ts'
import { type InstallableSynapse, installSynapse } from './install.ts'
import { freePort, type RunningSynapse, startSynapse } from './start.ts'
import { storyApplicationService, type ToldStory, tellStory } from './tell-story.ts'

const SEEN =
  "SELECT count(*) AS unseen FROM devices WHERE device_id IN ('LAPTOP', 'BOTH', 'CONSOLE') AND last_seen IS NULL"

/** Asks how many of the devices were not seen yet. */
const askUnseen = async (
  database: PostgresSettings | SqliteFile,
  ask: (unseen: () => Promise<number>) => Promise<void>,
) => {
  if ('sqlite' in database) {
    const file = new DatabaseSync(database.sqlite, { readOnly: true })
    await ask(async () => Number(file.prepare(SEEN).get()?.['unseen'])).finally(() => file.close())
    return
  }
  const { host, port, user, password } = database
  const client = new pg.Client({ host, port, user, password, database: database.database })
  await client.connect()
  await ask(async () => Number((await client.query<{ unseen: string }>(SEEN)).rows[0]?.unseen)).finally(() =>
    client.end(),
  )
}

/** Synapse writes when a device was seen every few seconds. */
const untilSeen = (database: PostgresSettings | SqliteFile): Promise<void> =>
  askUnseen(database, async (unseen) => {
    const deadline = Date.now() + 120_000
    while ((await unseen()) > 0) {
      if (Date.now() > deadline) throw new Error('Synapse did not write when the devices were seen')
      await sleep(100)
    }
  })

/** A running Synapse with the accounts of real-synapse.yaml. */
export interface StoryServer {
  readonly synapse: RunningSynapse
  readonly told: ToldStory
  readonly pepper: string
  /** Ends Synapse and the OIDC provider; the database stays, and may then be a template. */
  stop(): Promise<void>
}

/** The server name of real-synapse.yaml. */
export const STORY_SERVER_NAME = 'story.example'
const IDP_ID = 'op'
const PEPPER = 'the server’s pepper'

/**
 * Installs and starts a Synapse on an empty database (UTF8, C collation), or on a SQLite file, and tells it the whole story.
 * Under 90 seconds when nothing is installed yet, about 10 afterwards.
 */
export const startStoryServer = async (
  database: PostgresSettings | SqliteFile,
  version: InstallableSynapse = '1.163.2',
): Promise<StoryServer> => {
  const installed = await installSynapse(version)
  const port = await freePort()
  const callback = `http://127.0.0.1:${port}/_synapse/client/oidc/callback`
  const provider = await startOidcProvider({ redirectUris: [callback] })
  try {
    const synapse = await startSynapse(installed, {
      port,
      database,
      serverName: STORY_SERVER_NAME,
      pepper: PEPPER,
      oidc: { idpId: IDP_ID, provider },
      applicationServices: [storyApplicationService],
    })
    const stop = async (): Promise<void> => {
      await synapse.stop()
      await provider.stop()
    }
    try {
      const told = await tellStory({
        synapse,
        oidc: { idpId: IDP_ID, provider },
        applicationService: storyApplicationService,
      })
      await untilSeen(database)
      return { synapse, told, pepper: PEPPER, stop }
    } catch (error) {
      const log = await synapse.log()
      await synapse.stop()
      throw new Error(`The story failed; Synapse's log ends:\n${log.slice(-3000)}`, { cause: error })
    }
  } catch (error) {
    await provider.stop()
    throw error
  }
}
