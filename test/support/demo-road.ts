import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NEWEST_SYNAPSE } from '../../src/rehearsal/demo/catalogue.ts'
import { type DemoConfigs, writeDemoConfigs } from '../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../src/rehearsal/demo/constants.ts'
import { synapseDdl } from '../../src/rehearsal/demo/ddl.ts'
import { fillDemoHomeserver } from '../../src/rehearsal/demo/fill.ts'
import { insertDemoProviders } from '../../src/rehearsal/demo/providers.ts'
import { masDdl } from '../../src/targets/mas/database/schema.ts'
import type { TestPostgres } from './postgres.ts'

export interface DemoRoadOptions {
  /** What the names of its databases begin with. */
  readonly name: string
  readonly accounts: number
  readonly damage: 'all' | 'none'
}

/** A demo homeserver, an empty MAS and the two configurations, for the program as an administrator runs it. */
export interface DemoRoad {
  readonly postgres: TestPostgres
  /** Names of the two databases. */
  readonly synapse: string
  readonly mas: string
  readonly folder: string
  readonly files: DemoConfigs
  /** Flags that name source, target and the as-of time, and accept what every demo has. */
  readonly flags: readonly string[]
  /** MAS's database as `mas-cli database migrate` and `config sync` leave it, whatever it was. */
  emptyMas(): Promise<void>
  /** Drops databases and files. */
  remove(): Promise<void>
}

export const AS_OF = new Date(DEMO.now).toISOString()

const template = (mas: string): string => `${mas}_template`

const makeSynapse = async (postgres: TestPostgres, database: string, options: DemoRoadOptions): Promise<void> => {
  await postgres.createDatabase(database, { encoding: 'UTF8' })
  const client = await postgres.superuser(database)
  try {
    for (const statement of synapseDdl(NEWEST_SYNAPSE)) await client.query(statement)
    await fillDemoHomeserver(client, { accounts: options.accounts, damage: options.damage, version: NEWEST_SYNAPSE })
  } finally {
    await client.end()
  }
}

const makeMasTemplate = async (postgres: TestPostgres, database: string): Promise<void> => {
  await postgres.createDatabase(database, { encoding: 'UTF8' })
  const client = await postgres.superuser(database)
  try {
    for (const statement of masDdl()) await client.query(statement)
    await insertDemoProviders(client)
  } finally {
    await client.end()
  }
}

export const makeDemoRoad = async (postgres: TestPostgres, options: DemoRoadOptions): Promise<DemoRoad> => {
  const synapse = `${options.name}_synapse`
  const mas = `${options.name}_mas`
  await makeSynapse(postgres, synapse, options)
  await makeMasTemplate(postgres, template(mas))
  const emptyMas = async (): Promise<void> => {
    await postgres.createDatabase(mas, { template: template(mas) })
  }
  await emptyMas()
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-road-'))
  const files = await writeDemoConfigs(folder, { synapse: postgres.settings(synapse), mas: postgres.settings(mas) })
  return {
    postgres,
    synapse,
    mas,
    folder,
    files,
    flags: [
      `--synapse-config=${files.homeserver}`,
      `--target-config=${files.mas}`,
      `--as-of=${AS_OF}`,
      '--accept=all-warnings',
      '--accept=SYNAPSE_BACKGROUND_UPDATES',
      '--accept=NO_BACKUP',
    ],
    emptyMas,
    remove: async () => {
      for (const database of [synapse, mas, template(mas)]) {
        await postgres.execute('postgres', `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}
