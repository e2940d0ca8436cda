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
import { MAS_WRITTEN_TABLES } from '../support/expected-rows/story-schema.ts'
import type { InstalledMas } from '../support/mas/installed-mas.ts'
import { migrateMasSchema } from '../support/mas/run-mas.ts'
import type { TestPostgres } from '../support/server-for-tests.ts'

export interface BenchDatabases {
  readonly files: DemoConfigs
  /** The name of the homeserver's database. */
  readonly synapse: string
  /** For files of one's own; removed with the configurations. */
  readonly folder: string
  /** MAS's database as its own tools leave it empty. */
  emptyMas(): Promise<void>
  /** Rows in the tables that a migration fills. */
  rowsInMas(): Promise<number>
  /** Removes the configurations; the databases stay with their server. */
  remove(): Promise<void>
}

/** The name of MAS's database. */
export const MAS = 'bench_mas'
/** The flag that decides by the time at which the homeserver was made. */
export const AS_OF = `--as-of=${new Date(DEMO.now).toISOString()}`

const TEMPLATE = 'bench_mas_template'

const exists = async (postgres: TestPostgres, database: string): Promise<boolean> => {
  const rows = await postgres.execute('postgres', 'SELECT datname FROM pg_database')
  return rows.some(({ datname }) => datname === database)
}

/** Makes the homeserver under another name first: one that was left half filled must not be taken for a whole one. */
const makeHomeserver = async (postgres: TestPostgres, database: string, accounts: number): Promise<void> => {
  const unfinished = `${database}_unfinished`
  await postgres.createDatabase(unfinished, { encoding: 'UTF8' })
  const client = await postgres.superuser(unfinished)
  try {
    for (const statement of synapseDdl(NEWEST_SYNAPSE)) await client.query(statement)
    await fillDemoHomeserver(client, { accounts, damage: 'none', version: NEWEST_SYNAPSE })
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
  await postgres.execute('postgres', `ALTER DATABASE ${unfinished} RENAME TO ${database}`)
}

const makeTemplate = async (postgres: TestPostgres, mas: InstalledMas | undefined, folder: string): Promise<void> => {
  const settings = await postgres.createDatabase(TEMPLATE)
  if (mas !== undefined) {
    const files = await writeDemoConfigs(join(folder, 'template'), { synapse: settings, mas: settings })
    return migrateMasSchema(mas, files.mas)
  }
  const client = await postgres.superuser(TEMPLATE)
  try {
    for (const statement of masDdl()) await client.query(statement)
    await insertDemoProviders(client)
  } finally {
    await client.end()
  }
}

interface BenchOptions {
  readonly accounts: number
  readonly mas: InstalledMas | undefined
  /** `copied`: the homeserver may be changed, and stays as it was made for whoever comes next. */
  readonly homeserver?: 'itself' | 'copied'
}

/** A homeserver of so many accounts, made now or by an earlier call on the same server, and what MAS needs beside it. */
export const prepareDatabases = async (
  postgres: TestPostgres,
  { accounts, mas, homeserver = 'itself' }: BenchOptions,
): Promise<BenchDatabases> => {
  const made = `bench_synapse_${accounts}`
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-bench-'))
  if (!(await exists(postgres, made))) await makeHomeserver(postgres, made, accounts)
  const synapse = homeserver === 'itself' ? made : `${made}_copy`
  if (synapse !== made) await postgres.createDatabase(synapse, { template: made })
  await makeTemplate(postgres, mas, folder)
  const files = await writeDemoConfigs(folder, { synapse: postgres.settings(synapse), mas: postgres.settings(MAS) })
  return {
    files,
    synapse,
    folder,
    emptyMas: async () => {
      await postgres.createDatabase(MAS, { template: TEMPLATE })
      // What one run left to be written must not be written during the next.
      await postgres.execute('postgres', 'CHECKPOINT')
    },
    rowsInMas: async () => {
      const counts = MAS_WRITTEN_TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')
      const [row] = await postgres.execute(MAS, `SELECT (${counts})::integer AS rows`)
      return Number(row?.['rows'])
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
