import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import { FIXED_COLUMNS } from '../../../src/synapse/relations.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { startTestPostgres, type TestPostgres, testPostgres } from '../../support/postgres.ts'

const SYNAPSE = 'synapse'
const TABLES = Object.keys(FIXED_COLUMNS)

/** What would move if anything were written: the log, and the counts of rows inserted, updated and deleted. */
const traces = async (server: TestPostgres) => {
  const [row] = await server.execute(
    SYNAPSE,
    `SELECT
       pg_current_wal_insert_lsn()::text AS lsn,
       pg_snapshot_xmax(pg_current_snapshot())::text AS next_transaction,
       sum(n_tup_ins)::text AS inserted,
       sum(n_tup_upd)::text AS updated,
       sum(n_tup_del)::text AS deleted
     FROM pg_stat_all_tables`,
  )
  return row
}

describe('a source role that may only SELECT, on a server that is read-only', () => {
  let server: Awaited<ReturnType<typeof startTestPostgres>>
  let request: MigrationRequest

  beforeAll(async () => {
    server = await startTestPostgres({
      // Nothing but what a client does then writes to the log.
      configuration: { autovacuum: 'off', wal_level: 'minimal', max_wal_senders: '0' },
    })
    await createDemoHomeserver(server, SYNAPSE, { accounts: 200 })
    await server.execute(
      SYNAPSE,
      `CREATE ROLE reader LOGIN PASSWORD 'reader'`,
      `REVOKE ALL ON DATABASE ${SYNAPSE} FROM PUBLIC`,
      `GRANT CONNECT ON DATABASE ${SYNAPSE} TO reader`,
      `REVOKE ALL ON SCHEMA public FROM PUBLIC`,
      `GRANT USAGE ON SCHEMA public TO reader`,
      `GRANT SELECT ON ${TABLES.join(', ')} TO reader`,
      // Reading a page for the first time may tidy it, which writes to the log.
      'VACUUM FREEZE',
      'CHECKPOINT',
      `ALTER SYSTEM SET default_transaction_read_only = 'on'`,
      'SELECT pg_reload_conf()',
    )
    const mas = await createMasDatabase(testPostgres(), 'least_privileges_mas', demoProviders)
    request = demoRequest({ synapse: { ...server.settings(SYNAPSE), user: 'reader', password: 'reader' }, mas })
  })
  afterAll(() => server?.stop())

  test('refuses to be written to', async () => {
    await expect(server.execute(SYNAPSE, 'DELETE FROM users')).rejects.toThrow('read-only transaction')
  })

  test('is planned, migrated and verified, and nothing is written to it', async () => {
    const before = await traces(server)
    const planned = await plan(request)
    const run = await migrated(request)
    const verified = await verify(request)
    expect(run.relations).toEqual(planned.relations)
    const notCounted = planned.findings.find(({ code }) => code === 'TABLES_NOT_COUNTED')
    expect(notCounted?.remedy.join('\n')).toMatch(/^GRANT SELECT ON .*"public"."erased_users".* TO "reader";$/)
    const [uncounted] = planned.findings.filter(({ code }) => code === 'TABLES_NOT_COUNTED')
    expect(uncounted?.samples).toContain('erased_users')
    expect(uncounted?.message).toMatch(/nobody looked for .*ERASED/)
    expect(wrongTables(verified)).toEqual([])
    expect(verified.tables.find(({ table }) => table === 'users')?.present).toBeGreaterThan(150)
    expect(await traces(server)).toEqual(before)
  })

  test('a table that it may not read is named, with the line to type, before anything is written', async () => {
    await server.execute(SYNAPSE, 'SET default_transaction_read_only = off', 'REVOKE SELECT ON devices FROM reader')
    const { findings } = await plan(request)
    const [unreadable] = findings.filter(({ code }) => code === 'SYNAPSE_NOT_READABLE')
    expect(unreadable?.samples).toEqual(['devices'])
    expect(unreadable?.remedy).toContain('GRANT SELECT ON "public"."devices" TO "reader";')
    await expect(migrated(request)).rejects.toMatchObject({ code: 'check.errors' })
  })

  test('a table that it may do without is told where a policy hides rows of it, and the rest is planned', async () => {
    await server.execute(
      SYNAPSE,
      'SET default_transaction_read_only = off',
      'GRANT SELECT ON devices, registration_tokens TO reader',
      'ALTER TABLE registration_tokens ENABLE ROW LEVEL SECURITY',
    )
    const { findings, relations } = await plan(request)
    expect(relations.find(({ relation }) => relation === 'account')?.read).toBeGreaterThan(150)
    const [uncounted] = findings.filter(({ code }) => code === 'TABLES_NOT_COUNTED')
    expect(uncounted?.message).toMatch(/nobody looked for .*REGISTRATION_TOKENS_LEFT/)
    expect(uncounted?.remedy.at(-1)).toMatch(/registration_tokens: .*BYPASSRLS/)
  })

  test('a table of which a policy hides rows is named too, instead of being read in part', async () => {
    const on = 'SET default_transaction_read_only = off'
    await server.execute(SYNAPSE, on, 'ALTER TABLE users ENABLE ROW LEVEL SECURITY')
    const { findings } = await plan(request)
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        code: 'SYNAPSE_ROW_SECURITY',
        samples: ['users'],
        remedy: ['ALTER ROLE "reader" BYPASSRLS;', expect.any(String)],
      },
    ])
    await server.execute(SYNAPSE, on, 'ALTER ROLE reader BYPASSRLS')
    expect((await plan(request)).findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})
