import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keyHash, rowDigest } from '../../../../../src/difference/bucket-hash.ts'
import { ownerHash } from '../../../../../src/difference/owner.ts'
import { run } from '../../../../../src/postgres/statement.ts'
import { MAS_WRITTEN_TABLES } from '../../../../../src/targets/mas/database/catalogue.ts'
import type { MasDatabase } from '../../../../../src/targets/mas/mas-database.ts'
import { loadWhole } from '../../../../../src/targets/mas/road/load-whole.ts'
import { proveKeys } from '../../../../../src/targets/mas/road/prove-keys.ts'
import { clearRecord, indexRecord } from '../../../../../src/targets/mas/road/record-copy.ts'
import { masTables } from '../../../../../src/targets/mas/rows/tables.ts'
import { silentProgress } from '../../../../../src/targets/progress.ts'
import { createDemoHomeserver } from '../../../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../../../support/migration/mas-database.ts'
import { openMasDatabase } from '../../../../support/migration/mas-for-records.ts'
import { demoProviders } from '../../../../support/migration/requests.ts'
import { demoRules, type SourceNow, withSource } from '../../../../support/migration/source-now.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const SYNAPSE = 'record_synapse'
const LOADED = 'record_mas_loaded'
const MAS = 'record_mas'
const signal = new AbortController().signal

let database: MasDatabase & { close(): Promise<void> }

const load = (mas: MasDatabase) => (source: SourceNow) =>
  loadWhole(mas, {
    decisions: source.decisions,
    readers: source.readers,
    prints: source.prints,
    ends: 'in place',
    runId: 'first',
    asOf: demoRules.asOf,
    serverName: demoRules.serverName,
    mappingSha256: '0'.repeat(64),
    expectedRows: 0,
    progress: silentProgress,
    signal,
  })

beforeAll(async () => {
  await createDemoHomeserver(testPostgres(), SYNAPSE, { accounts: 60 })
  const settings = await createMasDatabase(testPostgres(), LOADED, demoProviders)
  const loaded = await openMasDatabase(settings)
  await withSource(testPostgres().settings(SYNAPSE), load(loaded)).finally(loaded.close)
})

beforeEach(async () => {
  database = await openMasDatabase(await testPostgres().createDatabase(MAS, { template: LOADED }))
})
afterEach(() => database.close())
afterAll(() => testPostgres().execute('postgres', `DROP DATABASE ${MAS}`))

describe('The record of a load', () => {
  test('has every row that the source wants, under its account, with its digest', async () => {
    const wanted = await withSource(testPostgres().settings(SYNAPSE), async ({ reader, decisions }) => {
      const shapes = masTables(database.rows(decisions, 'fast'))
      const rows = shapes.map(
        ({ wanted: query, natural }, number) => sql`
          SELECT ${sql.lit(number)} AS table_number, ${ownerHash(sql`mxid`)}::text AS owner,
            ${keyHash(natural)}::text AS key, ${rowDigest(natural)}::text AS digest
          FROM (${query}) w
        `,
      )
      return run(reader, sql`SELECT * FROM (${sql.join(rows, sql` UNION ALL `)}) x ORDER BY 1, 2, 3, 4`)
    })
    const recorded = await run(
      database.control,
      sql`
        SELECT table_number, owner::text AS owner, key::text AS key, digest::text AS digest
        FROM syn2op.written_row ORDER BY 1, 2, 3, 4
      `,
    )
    expect(recorded).toEqual(wanted)
    expect(new Set(recorded.map((row) => (row as { table_number: number }).table_number)).size).toBe(
      MAS_WRITTEN_TABLES.length,
    )
  })

  test('has every account of the source once, with the reason of those held back', async () => {
    const wanted = await withSource(testPostgres().settings(SYNAPSE), ({ reader, decisions }) =>
      run(
        reader,
        sql`
          WITH ${decisions}
          SELECT ${ownerHash(sql`mxid`)}::text AS owner, reason AS held FROM account WHERE mxid IS NOT NULL ORDER BY 1
        `,
      ),
    )
    const recorded = await run(
      database.control,
      sql`SELECT owner::text AS owner, held FROM syn2op.account ORDER BY owner::text`,
    )
    expect(recorded).toEqual(wanted)
  })

  test('can be cleared and indexed as often as one likes', async () => {
    await indexRecord(database.control)
    await clearRecord(database.control)
    await clearRecord(database.control)
    await indexRecord(database.control)
    await indexRecord(database.control)
    const indexes = await run<{ name: string }>(
      database.control,
      sql`
        SELECT indexname AS name FROM pg_indexes
        WHERE schemaname = 'syn2op' AND tablename IN ('account', 'written_row') ORDER BY 1
      `,
    )
    expect(indexes.map(({ name }) => name)).toEqual(['account_pkey', 'written_row_owner'])
  })

  test('leaves no helping table behind', async () => {
    const left = await run(
      database.control,
      sql`SELECT FROM pg_class WHERE relname = 'seen_part' AND relnamespace = 'syn2op'::regnamespace`,
    )
    expect(left).toEqual([])
  })
})

describe('The proof of the keys', () => {
  const prove = async () => (await proveKeys(database, { signal })).tables
  const wrong = async () => (await prove()).filter(({ differingBuckets }) => differingBuckets > 0)

  test('finds all tables as they are on record, and how many rows they have', async () => {
    const counts = await Promise.all(
      MAS_WRITTEN_TABLES.map(async (table) => {
        const [row] = await run<{ count: number }>(
          database.control,
          sql`SELECT count(*) AS count FROM ${sql.id(table)}`,
        )
        return row?.count ?? 0
      }),
    )
    expect(await prove()).toEqual(
      MAS_WRITTEN_TABLES.map((table, index) => ({
        table,
        wanted: counts[index],
        present: counts[index],
        differingBuckets: 0,
      })),
    )
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  test.each([
    ['a missing token', 'DELETE FROM compat_refresh_tokens WHERE ctid = (SELECT min(ctid) FROM compat_refresh_tokens)'],
    [
      'a token of other text',
      "UPDATE compat_refresh_tokens SET refresh_token = 'x' WHERE ctid = (SELECT min(ctid) FROM compat_refresh_tokens)",
    ],
    [
      'a row on record twice',
      'INSERT INTO syn2op.written_row SELECT * FROM syn2op.written_row WHERE table_number = 7 LIMIT 1',
    ],
    [
      'a twin pair on record',
      'INSERT INTO syn2op.written_row SELECT w.* FROM (SELECT * FROM syn2op.written_row WHERE table_number = 7 LIMIT 1) w, generate_series(1, 2)',
    ],
    [
      'a row that is not on record',
      'DELETE FROM syn2op.written_row WHERE ctid = (SELECT min(ctid) FROM syn2op.written_row WHERE table_number = 7)',
    ],
  ])('finds %s', async (_, change) => {
    await database.control.query(change)
    const found = await wrong()
    expect(found.map(({ table }) => table)).toEqual(['compat_refresh_tokens'])
    expect(found[0]?.differingBuckets).toBeLessThanOrEqual(2)
  })

  test('finds the session of another device, and the e-mail of another account', async () => {
    await database.control.query(`
      UPDATE compat_sessions SET device_id = 'OTHER'
      WHERE ctid = (SELECT min(ctid) FROM compat_sessions WHERE device_id IS NOT NULL);
      UPDATE user_emails SET user_id = (SELECT max(user_id::text)::uuid FROM users)
      WHERE ctid = (SELECT min(ctid) FROM user_emails)
    `)
    expect((await wrong()).map(({ table }) => table)).toEqual(['user_emails', 'compat_sessions'])
  })
})
