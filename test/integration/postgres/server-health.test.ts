import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../../src/postgres/connect.ts'
import { readServerHealth, type ServerHealth } from '../../../src/postgres/server-health.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { startTestPostgres, type TestPostgres, testPostgres } from '../../support/postgres.ts'

const DATABASE = 'server_health'
const ROLE = 'server_health_role'
const ROLE_LOGIN = { user: ROLE, password: ROLE }

const healthOf = async (settings: PostgresSettings): Promise<ServerHealth> => {
  const client = await connect(settings, { applicationName: 'health test', access: 'read-write' })
  try {
    return await readServerHealth(client)
  } finally {
    await client.end()
  }
}

describe('what may make a server fail later', () => {
  const postgres = testPostgres()
  const asRole = (): PostgresSettings => ({ ...postgres.settings(DATABASE), ...ROLE_LOGIN })

  beforeAll(async () => {
    await postgres.createDatabase(DATABASE, { encoding: 'UTF8' })
    await postgres.execute(
      'postgres',
      `DROP ROLE IF EXISTS ${ROLE}`,
      `CREATE ROLE ${ROLE} LOGIN PASSWORD '${ROLE}'`,
      `GRANT CONNECT ON DATABASE ${DATABASE} TO ${ROLE}`,
    )
  })
  afterAll(async () => {
    await postgres.execute('postgres', `DROP DATABASE IF EXISTS ${DATABASE}`, `DROP ROLE IF EXISTS ${ROLE}`)
  })

  test('nothing, on a server as it is installed', async () => {
    const health = await healthOf(asRole())
    expect(health).toEqual({
      writesOff: false,
      connectionsLeft: expect.any(Number),
      collation: undefined,
      waitsForStandby: undefined,
      follower: undefined,
    })
    expect(health.connectionsLeft).toBeGreaterThan(5)
  })

  test('transactions that are read-only unless they say otherwise', async () => {
    await postgres.execute('postgres', `ALTER ROLE ${ROLE} SET default_transaction_read_only = on`)
    expect((await healthOf(asRole())).writesOff).toBe(true)
    expect((await healthOf(postgres.settings(DATABASE))).writesOff).toBe(false)
    await postgres.execute('postgres', `ALTER ROLE ${ROLE} RESET default_transaction_read_only`)
  })

  test('a role, or a database, that has few connections left', async () => {
    await postgres.execute('postgres', `ALTER ROLE ${ROLE} CONNECTION LIMIT 3`)
    // One of them asks.
    expect((await healthOf(asRole())).connectionsLeft).toBe(2)
    await postgres.execute('postgres', `ALTER DATABASE ${DATABASE} CONNECTION LIMIT 2`)
    expect((await healthOf(asRole())).connectionsLeft).toBe(1)
    expect((await healthOf(postgres.settings(DATABASE))).connectionsLeft).toBeGreaterThan(5)
  })

  test('collations of another version than the indexes were made with', async () => {
    const icu = `${DATABASE}_icu`
    await postgres.execute(
      'postgres',
      `DROP DATABASE IF EXISTS ${icu}`,
      `CREATE DATABASE ${icu} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`,
    )
    expect((await healthOf(postgres.settings(icu))).collation).toBeUndefined()
    await postgres.execute('postgres', `UPDATE pg_database SET datcollversion = '1.2.3' WHERE datname = '${icu}'`)
    expect((await healthOf(postgres.settings(icu))).collation).toEqual({ made: '1.2.3', now: expect.any(String) })
    await postgres.execute('postgres', `DROP DATABASE ${icu}`)
  })
})

describe('a server whose commits wait for a standby that is not there', () => {
  let server: TestPostgres & { stop(): Promise<void> }

  beforeAll(async () => {
    server = await startTestPostgres({
      configuration: { synchronous_standby_names: 'FIRST 1 (away)', synchronous_commit: 'on' },
    })
  })
  afterAll(() => server?.stop())

  test('is told, unless the role does not wait', async () => {
    expect((await healthOf(server.settings('postgres'))).waitsForStandby).toBe('FIRST 1 (away)')
    const patient = { ...server.settings('postgres'), options: '-c synchronous_commit=local' }
    expect((await healthOf(patient)).waitsForStandby).toBeUndefined()
  })
})
