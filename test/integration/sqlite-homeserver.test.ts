import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../../src/migration/verify.ts'
import { type StagedFile, stageSqlite } from '../../src/synapse/sqlite/staged-source.ts'
import { createDemoHomeserver } from '../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../support/migration/mas-database.ts'
import { migratedAs } from '../support/migration/online.ts'
import { demoProviders, demoRequest } from '../support/migration/requests.ts'
import { wrongTables } from '../support/migration/run.ts'
import { testPostgres } from '../support/postgres.ts'
import { sourceContents } from '../support/source-contents.ts'
import { writeSqliteHomeserver } from '../support/sqlite-homeserver.ts'

const SOURCE = 'sqlite_homeserver'
const STAGED = 'sqlite_homeserver_staged'
const postgres = testPostgres()
let folder: string
let file: string

const stage = (path = file): Promise<StagedFile> =>
  stageSqlite(path, {
    into: () => postgres.createDatabase(STAGED, { encoding: 'UTF8' }),
    signal: new AbortController().signal,
  })

const withDatabase = async <Result>(name: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> => {
  const client = await postgres.superuser(name)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const digest = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-lite-'))
  file = join(folder, 'homeserver.db')
  await createDemoHomeserver(postgres, SOURCE, { accounts: 1500 })
  await withDatabase(SOURCE, (client) => writeSqliteHomeserver(client, file))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('A SQLite homeserver with every kind of damage, staged,', () => {
  it('has the tables, types and rows, and gives the prints, of the same homeserver on PostgreSQL', async () => {
    const before = [await digest(file), (await stat(file, { bigint: true })).mtimeNs]
    const staged = await stage()
    const wanted = await withDatabase(SOURCE, sourceContents)
    const got = await withDatabase(STAGED, sourceContents)
    expect(wanted.prints.size).toBeGreaterThan(1500)
    expect(got).toEqual(wanted)
    expect(staged.staged.rows).toBe(Object.values(wanted.tables).reduce((sum, { rows }) => sum + rows, 0))
    expect([staged.signs, staged.findings]).toEqual([[], []])
    // Nothing was written, and nothing lies beside it.
    expect([await digest(file), (await stat(file, { bigint: true })).mtimeNs]).toEqual(before)
    expect(await readdir(folder)).toEqual(['homeserver.db'])
  })

  it('is staged to the same prints again', async () => {
    await stage()
    const before = await withDatabase(STAGED, sourceContents)
    await stage()
    expect(await withDatabase(STAGED, sourceContents)).toEqual(before)
  })
})

/** Writes a row in a process of its own, says so, and keeps the file open. */
const WRITER = `
  const { DatabaseSync } = require('node:sqlite')
  const database = new DatabaseSync(process.argv[1])
  database.exec("INSERT INTO erased_users VALUES ('@written:by.another')")
  database.prepare('SELECT 1 FROM users').get()
  console.log('written')
  setInterval(() => database, 1000)
`

describe('A SQLite homeserver that people use meanwhile', () => {
  it('is copied online, brought up to date by the accounts that changed, and ended by a final run', async () => {
    const mas = await createMasDatabase(postgres, 'sqlite_homeserver_mas', demoProviders)
    const online = async (mode: 'online' | 'final') => {
      const staged = await stage()
      return migratedAs(mode, { ...demoRequest({ synapse: staged.settings, mas }), staged })
    }
    await online('online')
    const database = new DatabaseSync(file)
    const changed = database
      .prepare(`UPDATE users SET password_hash = '$2b$12$${'x'.repeat(53)}'
                WHERE name IN (SELECT name FROM users WHERE is_guest = 0 AND deactivated = 0 AND appservice_id IS NULL
                               AND password_hash IS NOT NULL AND name LIKE '@%:%' ORDER BY creation_ts DESC LIMIT 1)`)
      .run()
    database.close()
    expect(changed.changes).toBe(1)
    const { outcomes = [] } = await online('online')
    expect(outcomes.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'held back')).toEqual([
      { outcome: 'updated', count: 1 },
    ])
    await online('final')
    const staged = await stage()
    expect(wrongTables(await verify({ ...demoRequest({ synapse: staged.settings, mas }), staged }))).toEqual([])
  })
})

describe('A SQLite file that somebody has open', () => {
  it('is read with what they wrote, and says who they are; or that its log was left, once they are killed', async () => {
    const isThere = `SELECT 1 FROM erased_users WHERE user_id = '@written:by.another'`
    const writer = spawn(process.execPath, ['-e', WRITER, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(writer, 'exit')
    try {
      await once(writer.stdout, 'data')
      const staged = await stage()
      if (process.platform === 'linux') {
        expect(staged.signs).toEqual([expect.stringMatching(`^process ${writer.pid} \\(.+\\) has it open$`)])
      }
      expect(await postgres.execute(STAGED, isThere)).toHaveLength(1)
      expect(await staged.now()).toBe(staged.settings)
    } finally {
      writer.kill('SIGKILL')
      await ended
    }
    const { signs, now } = await stage()
    expect(signs).toEqual([expect.stringMatching('^beside it lies a write-ahead log of [0-9,]+ bytes')])
    const database = new DatabaseSync(file)
    database.exec(`DELETE FROM erased_users WHERE user_id = '@written:by.another'`)
    database.close()
    await now()
    expect(await postgres.execute(STAGED, isThere)).toHaveLength(0)
    expect((await stage()).signs).toEqual([])
  })
})

/** Fills one transaction until it is written to the file, says so, and ends it after so many milliseconds; 0: never. */
const TRANSACTION = `
  const { DatabaseSync } = require('node:sqlite')
  const [, file, ends] = process.argv
  const database = new DatabaseSync(file)
  database.exec('PRAGMA cache_size = 5; BEGIN')
  database.exec("INSERT INTO erased_users SELECT hex(randomblob(500)) FROM users")
  console.log('written')
  if (Number(ends) > 0) setTimeout(() => database.exec('COMMIT'), Number(ends))
  setInterval(() => database, 1000)
`

describe('A SQLite file without a write-ahead log', () => {
  it('is read between transactions, and not at all with one that a crash has left', async () => {
    const path = join(folder, 'rollback.db')
    const database = new DatabaseSync(path)
    database.exec(`
      CREATE TABLE users (name TEXT);
      CREATE TABLE erased_users (user_id TEXT);
      INSERT INTO users SELECT '@u' || value || ':a' FROM json_each('[${Array.from({ length: 400 }, (_, n) => n).join()}]');
    `)
    database.close()
    const duringTransaction = async (ends: number, look: () => Promise<void>): Promise<void> => {
      const writer = spawn(process.execPath, ['-e', TRANSACTION, path, String(ends)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(writer, 'exit')
      try {
        await once(writer.stdout, 'data')
        await look()
      } finally {
        writer.kill('SIGKILL')
        await ended
      }
    }
    await duringTransaction(300, async () => {
      await stage(path)
      expect(await postgres.execute(STAGED, 'SELECT FROM erased_users')).toHaveLength(400)
    })
    await duringTransaction(0, async () => {})
    await expect(stage(path)).rejects.toMatchObject({
      code: 'database.failed',
      message: expect.stringContaining(`${path}-journal`),
      next: expect.arrayContaining([expect.stringContaining('start Synapse once and stop it')]),
    })
  })
})

describe('A SQLite file with values that PostgreSQL cannot hold', () => {
  it('is staged without them, and each is told by table, column and row, never by what it is', async () => {
    const path = join(folder, 'odd.db')
    const odd = new DatabaseSync(path)
    odd.exec(`
      CREATE TABLE users (name TEXT, creation_ts BIGINT, locked BOOLEAN, is_guest SMALLINT);
      CREATE TABLE devices (user_id TEXT, device_id TEXT, display_name TEXT);
      CREATE TABLE profiles (user_id TEXT, displayname TEXT, avatar_url TEXT);
      CREATE TABLE access_tokens (id BIGINT PRIMARY KEY, token TEXT);
      CREATE INDEX tokens ON access_tokens (token);
      CREATE TABLE schema_version (Lock CHAR(1), version INTEGER);
      CREATE TABLE no_table_of_ours (secret TEXT);
      INSERT INTO users (rowid, name, creation_ts, locked, is_guest) VALUES
        (7, '@sound:a', 1, 'true', 1),
        (8, CAST(x'61ff' AS TEXT), 'yesterday', 2, 0),
        (9, '@b:a', 1.5, NULL, 70000);
      INSERT INTO devices (rowid, user_id, device_id, display_name) VALUES (3, '@sound:a', 'D', 'a' || char(0) || 'b');
      INSERT INTO profiles VALUES ('sound', CAST(x'ff' AS TEXT), CAST(x'ff' AS TEXT));
      INSERT INTO access_tokens VALUES (9223372036854775807, hex(zeroblob(5000)) || x'00');
      INSERT INTO access_tokens VALUES (9007199254740993, hex(randomblob(8000)));
      INSERT INTO schema_version VALUES ('X', 92);
    `)
    odd.close()
    const { findings } = await stage(path)
    expect(findings.map(({ code, count, samples }) => [code, count, samples?.toSorted()])).toEqual([
      [
        'SQLITE_VALUES',
        7,
        [
          'access_tokens.token: a NUL character, 1 row, rowid 1',
          // A rule of the mapping may ask for it.
          'profiles.displayname: no valid UTF-8, 1 row, rowid 1',
          'users.creation_ts: no whole number, 2 rows, rowid 8, 9',
          'users.is_guest: too large a number, 1 row, rowid 9',
          'users.locked: neither true nor false, 1 row, rowid 8',
          'users.name: no valid UTF-8, 1 row, rowid 8',
        ],
      ],
      [
        'SQLITE_VALUES_LEFT',
        2,
        [
          'devices.display_name: a NUL character, 1 row, rowid 3',
          'profiles.avatar_url: no valid UTF-8, 1 row, rowid 1',
        ],
      ],
      ['SQLITE_UNWATCHED', undefined, undefined],
    ])
    expect(JSON.stringify(findings)).not.toContain('yesterday')
    expect(await postgres.execute(STAGED, 'SELECT * FROM users ORDER BY name')).toEqual([
      { name: '@b:a', creation_ts: null, locked: null, is_guest: null },
      { name: '@sound:a', creation_ts: '1', locked: true, is_guest: 1 },
      { name: null, creation_ts: null, locked: null, is_guest: 0 },
    ])
    expect(await postgres.execute(STAGED, 'SELECT id::text, octet_length(token) AS n FROM access_tokens')).toEqual([
      { id: '9223372036854775807', n: null },
      { id: '9007199254740993', n: 16_000 },
    ])
    const tables = await postgres.execute(
      STAGED,
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
    expect(tables.map(({ relname }) => relname)).toEqual([
      'access_tokens',
      'devices',
      'profiles',
      'schema_version',
      'users',
    ])
  })
})
