import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { PostgresSettings } from '../../src/postgres/settings.ts'
import { testPostgres } from '../support/postgres.ts'
import { callSynapse, textOf } from '../support/synapse/client.ts'
import { type InstalledSynapse, installSynapse, whyNoSynapse } from '../support/synapse/install.ts'
import { startSynapse } from '../support/synapse/start.ts'

const run = promisify(execFile)
const DATABASE = 'real_synapse_port'
const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()

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

/** A SQLite homeserver with one person, who logged in with a refresh token and used it once. */
const sqliteHomeserver = async (
  installed: InstalledSynapse,
  folder: string,
  database: PostgresSettings,
): Promise<void> => {
  const sqlite = join(folder, 'homeserver.db')
  const synapse = await startSynapse(installed, {
    database,
    serverName: 'story.example',
    settings: { database: { name: 'sqlite3', args: { database: sqlite } } },
  })
  const answer = await callSynapse(synapse.baseUrl, 'POST', '/_matrix/client/v3/register', {
    body: { username: 'alice', password: 'a password', refresh_token: true, auth: { type: 'm.login.dummy' } },
  })
  await callSynapse(synapse.baseUrl, 'POST', '/_matrix/client/v3/refresh', {
    body: { refresh_token: textOf(answer, 'refresh_token') },
  })
  await untilUpdated(sqlite)
  await cp(dirname(synapse.configFile), folder, { recursive: true })
  await synapse.stop()
  const settings = parse(await readFile(join(folder, 'homeserver.yaml'), 'utf8')) as Record<string, unknown>
  const { host, port, user, password } = database
  const args = { host, port, user, password, dbname: database.database }
  const files = { signing_key_path: join(folder, 'signing.key'), log_config: join(folder, 'log.yaml') }
  await writeFile(
    join(folder, 'postgres.yaml'),
    stringify({ ...settings, ...files, database: { name: 'psycopg2', args } }),
  )
}

const port = (installed: InstalledSynapse, folder: string): Promise<unknown> =>
  run(
    installed.python,
    [
      '-m',
      'synapse._scripts.synapse_port_db',
      '--sqlite-database',
      'homeserver.db',
      '--postgres-config',
      'postgres.yaml',
    ],
    { cwd: folder },
  )

describe.skipIf(missing)(`synapse_port_db 1.163.2${missing ? ` (${missing})` : ''}`, () => {
  let folder: string
  let installed: InstalledSynapse

  beforeAll(async () => {
    installed = await installSynapse('1.163.2')
  }, 120_000)
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-port-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  // A minute: the tool rests for a second after each background update of the new database.
  test('fails on a rotated one, whose row refers to the next', async () => {
    const database = await testPostgres().createDatabase(DATABASE, { encoding: 'UTF8' })
    await sqliteHomeserver(installed, folder, database)
    await expect(port(installed, folder)).rejects.toThrow(
      'violates foreign key constraint "refresh_tokens_next_token_id_fkey"',
    )
  }, 120_000)
})
