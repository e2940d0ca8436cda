import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import type { TableShape } from '../../../src/difference/table-shape.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { providerRules } from '../../../src/mapping/provider-rules.ts'
import { verify } from '../../../src/migration/verify.ts'
import { connect } from '../../../src/postgres/connect.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { run } from '../../../src/postgres/statement.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { type CatalogueRow, catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations } from '../../../src/synapse/relations.ts'
import { openSnapshot, type Snapshot } from '../../../src/synapse/snapshot.ts'
import { readRuns } from '../../../src/targets/mas/load/journal.ts'
import { type FreshLoad, loadWithFreshIdentifiers } from '../../../src/targets/mas/load/load-with-fresh-identifiers.ts'
import { deriveSeedKey, type IdentifierMethod } from '../../../src/targets/mas/rows/identifiers.ts'
import { masTables } from '../../../src/targets/mas/rows/tables.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { countMasRows, createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest, plainMapping } from '../../support/migration/requests.ts'
import { wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'
import { soundConfig } from '../../support/sound-mas.ts'

const MAS = 'identifier_clash_mas'
const signal = new AbortController().signal

/** A shape whose rows all have one value in a column. */
const constant = (shapes: readonly TableShape[], table: string, column: string, value: RawBuilder<unknown>) =>
  shapes.map((shape): TableShape => {
    if (shape.table !== table) return shape
    const columns = ['mxid', ...shape.columns.map(({ name }) => name)].map((name) =>
      name === column ? sql`${value} AS ${sql.id(name)}` : sql.id(name),
    )
    return { ...shape, wanted: sql`SELECT ${sql.join(columns)} FROM (${shape.wanted}) w` }
  })

/** Shapes of which one gives a row every twentieth of a second. */
const slowly = (shapes: readonly TableShape[], table: string) =>
  shapes.map((shape) =>
    shape.table === table
      ? { ...shape, wanted: sql`SELECT * FROM (${shape.wanted}) w WHERE pg_sleep(0.05)::text IS NOT NULL` }
      : shape,
  )

const CLASH = sql`decode(repeat('ab', 16), 'hex')`

describe('a load in which identifiers clash', () => {
  let synapse: PostgresSettings
  let mas: PostgresSettings
  let snapshot: Snapshot
  let clients: Client[] = []
  let notes: string[] = []
  let asked: IdentifierMethod[] = []

  const load = async (tamper: (shapes: readonly TableShape[], method: IdentifierMethod) => readonly TableShape[]) => {
    const [reader] = snapshot.readers
    if (reader === undefined) throw new Error('no reader')
    const providers = DEMO_PROVIDERS.map(({ uuid, authProvider }) => ({ id: uuid, authProvider }))
    const named = decisions(buildRelations(toSourceCatalogue(await run<CatalogueRow>(reader, catalogueQuery))), {
      serverName: DEMO.serverName,
      asOf: DEMO.now,
      accounts: plainMapping.accounts,
      ghosts: [],
      providers: providerRules(providers, plainMapping),
    })
    const [control, ...writers] = clients
    if (control === undefined) throw new Error('no connection')
    const key = deriveSeedKey(soundConfig.encryptionKey)
    const fresh: FreshLoad = {
      request: {
        decisions: named,
        readers: snapshot.readers,
        runId: 'a-run',
        asOf: DEMO.now,
        serverName: DEMO.serverName,
        mappingSha256: plainMapping.sha256,
        expectedRows: 0,
        progress: { ...silentProgress, note: (message) => void notes.push(message) },
        signal,
      },
      homeSchema: 'public',
      masMigrations: [],
      ends: 'in place',
      beforeEnd: async () => {},
      seedKey: key,
      control,
      writers,
      tables: (method) => {
        asked.push(method)
        return tamper(
          masTables({ decisions: named, serverName: 'demo.example', seeds: { method, key }, passwordVersion: 1 }),
          method,
        )
      },
    }
    return loadWithFreshIdentifiers(fresh)
  }

  beforeAll(async () => {
    synapse = await createDemoHomeserver(testPostgres(), 'identifier_clash_synapse', { accounts: 100 })
  })
  beforeEach(async () => {
    mas = await createMasDatabase(testPostgres(), MAS, demoProviders)
    snapshot = await openSnapshot(synapse, { count: 2, applicationName: 'syn2op test', signal })
    clients = await Promise.all([1, 2, 3, 4].map(() => connect(mas, { applicationName: 'syn2op test', signal })))
    notes = []
    asked = []
  })
  afterEach(async () => {
    await snapshot.close()
    for (const client of clients) await client.end()
  })

  test.each([
    { table: 'users', column: 'user_id' },
    { table: 'compat_access_tokens', column: 'compat_access_token_id' },
  ])('in $table is taken back, done again with SHA-256, and right', async ({ table, column }) => {
    await load((shapes, method) => (method === 'fast' ? constant(shapes, table, column, CLASH) : shapes))
    expect(asked).toEqual(['fast', 'sha256'])
    expect(notes.filter((note) => note.includes(`Two identifiers of ${table} clash`))).toHaveLength(1)
    const [control] = clients
    if (control === undefined) throw new Error('no connection')
    expect(await readRuns(control)).toMatchObject([{ runId: 'a-run', state: 'done', identifierMethod: 'sha256' }])
    expect(wrongTables(await verify(demoRequest({ synapse, mas })))).toEqual([])
    expect((await countMasRows(testPostgres(), MAS))[table]).toBeGreaterThan(1)
  })

  test('while other tables are still copied, goes on within the same snapshot', async () => {
    await load((shapes, method) =>
      method === 'fast' ? slowly(constant(shapes, 'users', 'user_id', CLASH), 'user_passwords') : shapes,
    )
    expect(asked).toEqual(['fast', 'sha256'])
    expect(wrongTables(await verify(demoRequest({ synapse, mas })))).toEqual([])
  })

  test('is not what two rows of one username are: nothing is tried again, and MAS is empty as before', async () => {
    const failure = await load((shapes) => constant(shapes, 'users', 'username', sql`'everybody'::text`)).catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(Syn2opError)
    expect(failure).toMatchObject({ code: 'database.failed', message: expect.stringContaining('Building users_') })
    expect(String(failure)).not.toContain('everybody')
    expect(asked).toEqual(['fast'])
    expect(Object.values(await countMasRows(testPostgres(), MAS)).every((rows) => rows === 0)).toBe(true)
  })
})
