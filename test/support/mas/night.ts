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

/** A real Synapse that was told the story and goes on, and a real MAS that is empty and stopped. */
export interface Day {
  readonly synapse: RunningSynapse
  readonly told: ToldStory
  readonly provider: OidcProvider
  /** Configurations, and a folder for what else there is. */
  readonly files: { readonly homeserver: string; readonly mas: string; readonly folder: string }
  syn2op(command: string, ...flags: readonly string[]): Promise<ProgramEnd>
  /** Stops Synapse, and says what it leaves. */
  nightfall(): Promise<SourceRecord>
  /** Starts MAS alone. */
  startMas(): Promise<RunningMas>
  /** Starts MAS, and the Synapse that delegates to it. */
  cutOver(): Promise<{ readonly mas: RunningMas; readonly synapse: RunningSynapse }>
  end(): Promise<void>
}

/** A real Synapse that was told the story and stopped, and a real MAS that is empty. */
export interface Night extends Day {
  readonly source: SourceRecord
}

/** Prepares the night of a migration with real servers on both sides. */
export const prepareNight = async (
  mas: InstalledMas,
  postgres: TestPostgres,
  databases: NightDatabases,
): Promise<Night> => {
  const day = await prepareDay(mas, postgres, databases)
  return { ...day, source: await day.nightfall() }
}

/** Prepares a migration with real servers on both sides, Synapse running. */
export const prepareDay = async (
  mas: InstalledMas,
  postgres: TestPostgres,
  databases: NightDatabases,
): Promise<Day> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-night-'))
  const files = { homeserver: join(folder, 'homeserver.yaml'), mas: join(folder, 'mas.yaml') }
  const story = await startStoryServer(await postgres.createDatabase(databases.synapse, { encoding: 'UTF8' }))
  await copyFile(story.synapse.configFile, files.homeserver)

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

  const running: { stop(): Promise<void> }[] = [story]
  const start = async (): Promise<RunningMas> => {
    const started = await startMas(mas, { configFile: files.mas, port: masPort, logFile: join(folder, 'mas.log') })
    running.push(started)
    return started
  }
  return {
    synapse: story.synapse,
    told: story.told,
    provider,
    files: { ...files, folder },
    syn2op: (command, ...flags) =>
      runBuiltProgram([command, '--synapse-config', files.homeserver, '--target-config', files.mas, ...flags], {
        folder,
      }),
    nightfall: async () => {
      running.splice(running.indexOf(story), 1)
      await story.stop()
      const client = await postgres.superuser(databases.synapse)
      try {
        return await readSourceRecord(client, story.told.labels)
      } finally {
        await client.end()
      }
    },
    startMas: start,
    cutOver: async () => {
      await postgres.createDatabase(databases.delegating, { template: databases.synapse })
      const startedMas = await start()
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
