import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSnapshot } from '../../../src/synapse/snapshot.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'synapse_snapshot'
const READER = 'synapse_snapshot_reader'

describe('a snapshot of the source', () => {
  const open = (count: number) =>
    openSnapshot(
      { ...testPostgres().settings(DATABASE), user: READER, password: 'reader' },
      { count, applicationName: 'test', signal: new AbortController().signal },
    )
  const write = (statement: string) => testPostgres().execute(DATABASE, statement)

  beforeAll(async () => {
    const postgres = testPostgres()
    await postgres.createDatabase(DATABASE, { encoding: 'UTF8' })
    await postgres.execute(
      DATABASE,
      'CREATE TABLE users (name text)',
      `INSERT INTO users VALUES ('@before:example.org')`,
      `CREATE ROLE ${READER} LOGIN PASSWORD 'reader'`,
      `GRANT SELECT ON users TO ${READER}`,
    )
  })
  afterAll(async () => {
    await testPostgres().execute(DATABASE, `DROP OWNED BY ${READER}`, `DROP ROLE ${READER}`)
  })

  test('shows every reader the same moment, whatever Synapse writes meanwhile', async () => {
    const snapshot = await open(3)
    await write(`INSERT INTO users VALUES ('@after:example.org')`)
    for (const reader of snapshot.readers) {
      expect((await reader.query('SELECT name FROM users')).rows).toEqual([{ name: '@before:example.org' }])
    }
    await snapshot.close()
    const later = await open(1)
    expect((await later.readers[0]?.query('SELECT name FROM users'))?.rows).toHaveLength(2)
    await later.close()
  })

  test('cannot write', async () => {
    await testPostgres().execute(DATABASE, `GRANT INSERT ON users TO ${READER}`)
    const snapshot = await open(1)
    await expect(snapshot.readers[0]?.query(`INSERT INTO users VALUES ('@ours:example.org')`)).rejects.toThrow(
      'read-only',
    )
    await snapshot.close()
  })

  test('does not hold up what Synapse does, unless it changes the tables themselves', async () => {
    const snapshot = await open(1)
    await snapshot.readers[0]?.query('SELECT FROM users')
    const locks = await write(`SELECT DISTINCT mode FROM pg_locks WHERE relation = 'users'::regclass`)
    expect(locks).toEqual([{ mode: 'AccessShareLock' }])
    await snapshot.close()
  })
})
