import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type ProgramEnd, runBuiltProgram } from '../built-program.ts'
import { readSourceRecord, type SourceRecord } from '../expected-rows.ts'
import { type OidcProvider, startOidcProvider } from '../oidc-provider.ts'
import type { TestPostgres } from '../postgres.ts'
import { delegatingToMas } from '../synapse/configuration.ts'
import { installSynapse } from '../synapse/install.ts'
import { STORY_SERVER_NAME, startStoryServer } from '../synapse/real-synapse.ts'
import { freePort, type RunningSynapse, startSynapse } from '../synapse/start.ts'
import { storyApplicationService, type ToldStory } from '../synapse/tell-story.ts'
import type { InstalledMas } from './installed-mas.ts'
import { masSettings, upstreamCallback } from './mas-settings.ts'
import { migrateMasSchema, type RunningMas, startMas } from './run-mas.ts'

/** The provider's ULID, as the story has it. */
export const PROVIDER_ID = '01JSHPZHAXC50QBKH67MH33TNF'
const SECRET = 'shared-by-synapse-and-mas'

/** Names of the databases. */
export interface NightDatabases {
  readonly synapse: string
  readonly mas: string
  /** A copy of Synapse's for the one that delegates, so that what was migrated stays as it was. */
  readonly delegating: string
}

/** A real Synapse that was told the story and stopped, and a real MAS that is empty. */
export interface Night {
  readonly told: ToldStory
  readonly source: SourceRecord
  readonly provider: OidcProvider
  readonly files: { readonly homeserver: string; readonly mas: string }
  syn2op(command: string, ...flags: readonly string[]): Promise<ProgramEnd>
  /** Starts MAS, and the Synapse that delegates to it. */
  cutOver(): Promise<{ readonly mas: RunningMas; readonly synapse: RunningSynapse }>
  end(): Promise<void>
}

/** Prepares the night of a migration with real servers on both sides. */
export const prepareNight = async (
  mas: InstalledMas,
  postgres: TestPostgres,
  databases: NightDatabases,
): Promise<Night> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-night-'))
  const files = { homeserver: join(folder, 'homeserver.yaml'), mas: join(folder, 'mas.yaml') }
  const story = await startStoryServer(await postgres.createDatabase(databases.synapse, { encoding: 'UTF8' }))
  await copyFile(story.synapse.configFile, files.homeserver)
  await story.stop()
  const client = await postgres.superuser(databases.synapse)
  const source = await readSourceRecord(client, story.told.labels)
  await client.end()

  const [masPort, synapsePort] = [await freePort(), await freePort()]
  const provider = await startOidcProvider({ redirectUris: [upstreamCallback(masPort, PROVIDER_ID)] })
  const settings = masSettings(
    {
      database: await postgres.createDatabase(databases.mas),
      serverName: STORY_SERVER_NAME,
      port: masPort,
      synapse: { endpoint: `http://127.0.0.1:${synapsePort}/`, secret: SECRET },
      pepper: story.pepper,
      upstream: { id: PROVIDER_ID, synapseIdpId: 'oidc-op', provider },
    },
    mas,
  )
  await writeFile(files.mas, stringify(settings), { mode: 0o600 })
  await migrateMasSchema(mas, files.mas)

  const running: { stop(): Promise<void> }[] = []
  return {
    told: story.told,
    source,
    provider,
    files,
    syn2op: (command, ...flags) =>
      runBuiltProgram([command, '--synapse-config', files.homeserver, '--target-config', files.mas, ...flags]),
    cutOver: async () => {
      await postgres.createDatabase(databases.delegating, { template: databases.synapse })
      const place = { configFile: files.mas, port: masPort, logFile: join(folder, 'mas.log') }
      const startedMas = await startMas(mas, place)
      running.push(startedMas)
      const synapse = await startSynapse(await installSynapse('1.163.2'), {
        port: synapsePort,
        database: postgres.settings(databases.delegating),
        serverName: STORY_SERVER_NAME,
        applicationServices: [storyApplicationService],
        settings: delegatingToMas({ endpoint: startedMas.baseUrl, secret: SECRET }),
      })
      running.push(synapse)
      return { mas: startedMas, synapse }
    },
    end: async () => {
      for (const server of running.toReversed()) await server.stop()
      await provider.stop()
      await rm(folder, { recursive: true })
    },
  }
}
