import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { verify } from '../../src/migration/verify.ts'
import { type StagedFile, stageSqlite } from '../../src/synapse/sqlite/staged-source.ts'
import { compareSource, loadStory, readSourceRecord } from '../support/expected-rows.ts'
import { createMasDatabase } from '../support/migration/mas-database.ts'
import { storyProviders, storyRequest } from '../support/migration/requests.ts'
import { migrated, wrongTables } from '../support/migration/run.ts'
import { testPostgres } from '../support/postgres.ts'
import { sourceContents } from '../support/source-contents.ts'
import { databaseSection } from '../support/synapse/configuration.ts'
import { type InstalledSynapse, installSynapse, whyNoSynapse } from '../support/synapse/install.ts'
import { startStoryServer } from '../support/synapse/real-synapse.ts'

const run = promisify(execFile)
const PORTED = 'real_synapse_port'
const STAGED = 'real_synapse_port_staged'
const MAS = 'real_synapse_port_mas'
const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()
const postgres = testPostgres()

/** The tool refuses a database whose background updates are not done. */
const untilUpdated = async (sqlite: string): Promise<void> => {
  const database = new DatabaseSync(sqlite, { readOnly: true })
  const pending = database.prepare('SELECT count(*) AS n FROM background_updates')
  const deadline = Date.now() + 60_000
  while (pending.get()?.['n'] !== 0) {
    if (Date.now() > deadline) throw new Error('Synapse does not finish its background updates')
    await sleep(200)
  }
  database.close()
}

const stage = (sqlite: string): Promise<StagedFile> =>
  stageSqlite(sqlite, {
    into: () => postgres.createDatabase(STAGED, { encoding: 'UTF8' }),
    signal: new AbortController().signal,
  })

const withClient = async <Result>(
  database: string,
  ask: (client: Awaited<ReturnType<typeof postgres.superuser>>) => Promise<Result>,
): Promise<Result> => {
  const client = await postgres.superuser(database)
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}

describe.skipIf(missing)(`a Synapse 1.163.2 on SQLite${missing ? ` (${missing})` : ''}`, () => {
  let folder: string
  let sqlite: string
  let installed: InstalledSynapse
  let labels: Readonly<Record<string, string>>

  const port = (): Promise<unknown> =>
    run(
      installed.python,
      `-m synapse._scripts.synapse_port_db --sqlite-database ${sqlite} --postgres-config postgres.yaml`.split(' '),
      { cwd: folder },
    )

  beforeAll(async () => {
    installed = await installSynapse('1.163.2')
    folder = await mkdtemp(join(tmpdir(), 'syn2op-port-'))
    sqlite = join(folder, 'homeserver.db')
    const server = await startStoryServer({ sqlite })
    labels = server.told.labels
    await untilUpdated(sqlite)
    if (process.platform === 'linux')
      expect((await stage(sqlite)).signs).toEqual([expect.stringContaining('has it open')])
    await cp(dirname(server.synapse.configFile), folder, { recursive: true })
    await server.stop()
    const settings = parse(await readFile(join(folder, 'homeserver.yaml'), 'utf8')) as Record<string, unknown>
    const database = databaseSection(await postgres.createDatabase(PORTED, { encoding: 'UTF8' }))
    const files = { signing_key_path: join(folder, 'signing.key'), log_config: join(folder, 'log.yaml') }
    const registrations = (settings['app_service_config_files'] as readonly string[]).map((file) =>
      file.replace(/^.*\//, `${folder}/`),
    )
    await writeFile(
      join(folder, 'postgres.yaml'),
      stringify({ ...settings, ...files, app_service_config_files: registrations, database }),
    )
  }, 180_000)
  afterAll(() => rm(folder, { recursive: true }))

  test('is staged to the rows of the story, and no others, and nobody uses it any more', async () => {
    const { signs, findings } = await stage(sqlite)
    expect([signs, findings]).toEqual([[], []])
    const record = await withClient(STAGED, (client) => readSourceRecord(client, labels))
    expect(compareSource(await loadStory('real-synapse'), record)).toEqual([])
  }, 60_000)

  test('is migrated, and every row at MAS is what it should be', async () => {
    const staged = await stage(sqlite)
    const story = await loadStory('real-synapse')
    const mas = await createMasDatabase(postgres, MAS, storyProviders(story))
    const request = { ...storyRequest(story, { synapse: staged.settings, mas }), staged }
    const { tables } = await migrated(request)
    expect(tables.find(({ table }) => table === 'users')?.rows).toBeGreaterThan(10)
    const { asOf: _, ...later } = request
    expect(wrongTables(await verify({ ...later, source: (await stage(sqlite)).settings }))).toEqual([])
  }, 60_000)

  // A minute: the tool rests for a second after each background update of the new database.
  test('is staged to what synapse_port_db makes of it, but for rotated tokens, on which that fails', async () => {
    await expect(port()).rejects.toThrow('violates foreign key constraint "refresh_tokens_next_token_id_fkey"')
    const database = new DatabaseSync(sqlite)
    database.exec('UPDATE refresh_tokens SET next_token_id = NULL')
    database.close()
    // Its second attempt would stumble over what the first has left there.
    await postgres.execute(PORTED, 'DELETE FROM stream_positions')
    await port()
    await stage(sqlite)
    const ported = await withClient(PORTED, sourceContents)
    const staged = await withClient(STAGED, sourceContents)
    expect(staged.prints.size).toBeGreaterThan(10)
    expect(staged.prints).toEqual(ported.prints)
    const tables = Object.keys(staged.tables).filter(
      (table) => !(OWN_TO_A_DATABASE as readonly string[]).includes(table),
    )
    for (const table of tables) expect({ table, ...staged.tables[table] }).toEqual({ table, ...ported.tables[table] })
    expect(tables).toEqual(expect.arrayContaining(['users', 'devices', 'access_tokens', 'refresh_tokens']))
  }, 180_000)
})

/** Each database has its own: what was done to it, and by which steps. */
const OWN_TO_A_DATABASE = ['background_updates', 'schema_version', 'schema_compat_version'] as const
