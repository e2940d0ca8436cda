import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { insertDemoProviders } from '../../../src/rehearsal/demo/providers.ts'
import { MAS_CATALOGUE } from '../../../src/targets/mas/database/catalogue.ts'
import { masDdl } from '../../../src/targets/mas/database/schema.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { migrateMasSchema } from '../../support/mas/run-mas.ts'
import { testPostgres } from '../../support/postgres.ts'

const REAL = 'mas_catalogue_real'
const COPY = 'mas_catalogue_copy'

const found = findMas()
const reason = typeof found === 'string' ? ` (${found})` : ''

/** Of every table in the schema public: one row for each part, in an order that does not depend on creation. */
const QUERIES = {
  columns: `
    SELECT a.attrelid::regclass::text AS "table", a.attname::text AS name,
      format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "not null", a.attidentity::text AS identity,
      a.attgenerated::text AS generated, pg_get_expr(d.adbin, d.adrelid) AS "default"
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY ($tables) ORDER BY 1, a.attnum`,
  constraints: `
    SELECT conrelid::regclass::text AS "table", conname::text AS name, pg_get_constraintdef(oid) AS definition,
      convalidated AS valid
    FROM pg_constraint WHERE conrelid = ANY ($tables) ORDER BY 1, 2`,
  indexes: `
    SELECT pg_get_indexdef(indexrelid) AS definition, indisvalid AS valid, indisunique AS "unique"
    FROM pg_index WHERE indrelid = ANY ($tables) ORDER BY 1`,
} as const

const tables = `ARRAY[${MAS_CATALOGUE.tables.map(({ name }) => `'public.${name}'::regclass`).join(', ')}]`

describe.skipIf(reason !== '')(`[mas-cli] our copy of MAS's schema${reason}`, () => {
  let folder: string
  const read = (database: string, query: keyof typeof QUERIES) =>
    testPostgres().execute(database, QUERIES[query].replace('$tables', tables))

  beforeAll(async () => {
    const postgres = testPostgres()
    folder = await mkdtemp(join(tmpdir(), 'syn2op-catalogue-'))
    const mas = await postgres.createDatabase(REAL)
    const { mas: config } = await writeDemoConfigs(folder, { synapse: mas, mas })
    await migrateMasSchema(requireMas(found), config)
    await postgres.createDatabase(COPY)
    await postgres.execute(COPY, ...masDdl())
  })
  afterAll(() => folder && rm(folder, { recursive: true }))

  test.each(['constraints', 'indexes'] as const)('has the %s of the real one', async (part) => {
    const real = await read(REAL, part)
    expect(real.length).toBeGreaterThan(10)
    expect(await read(COPY, part)).toEqual(real)
  })

  test('has the columns of the real one, in their order', async () => {
    const real = await read(REAL, 'columns')
    expect(real.length).toBeGreaterThan(100)
    expect(await read(COPY, 'columns')).toEqual(real)
  })

  test('lists the migrations of the real one', async () => {
    const statement = 'SELECT version::text, description, success FROM _sqlx_migrations ORDER BY version'
    expect(await testPostgres().execute(COPY, statement)).toEqual(await testPostgres().execute(REAL, statement))
  })

  test('has the demo’s providers as `mas-cli config sync` writes them', async () => {
    const client = await testPostgres().superuser(COPY)
    await insertDemoProviders(client)
    await client.end()
    // Left out is what a login would ask of the provider: nobody logs in to a demo.
    const statement = `
      SELECT to_jsonb(p) - '{created_at,claims_imports,response_mode,additional_parameters}'::text[] AS provider
      FROM upstream_oauth_providers p ORDER BY upstream_oauth_provider_id`
    const real = await testPostgres().execute(REAL, statement)
    expect(real).toHaveLength(3)
    expect(await testPostgres().execute(COPY, statement)).toEqual(real)
  })
})
