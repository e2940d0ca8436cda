import { beforeAll, describe, expect, it } from 'vitest'
import { MAS_CATALOGUE, type MasTable } from '../../../../src/targets/mas/database/catalogue.ts'
import { masDdl } from '../../../../src/targets/mas/database/schema.ts'
import { testPostgres } from '../../../support/postgres.ts'

const DATABASE = 'mas_schema'
const postgres = testPostgres()

interface LiveColumn {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly default: string | null
}

const query = (statement: string) => postgres.execute(DATABASE, statement)

/** What the catalogue says, in the shape of a live catalogue's answer. */
const flat = <Row>(rowsOf: (table: MasTable) => readonly Row[]): readonly Row[] => MAS_CATALOGUE.tables.flatMap(rowsOf)

beforeAll(async () => {
  await postgres.createDatabase(DATABASE)
  await postgres.execute(DATABASE, ...masDdl())
})

describe('the schema that rehearsals make for MAS', () => {
  it('has the columns of the catalogue, in its order', async () => {
    const live = (await query(`
      SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
        NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS "default"
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_sqlx_migrations'
      ORDER BY c.oid, a.attnum`)) as unknown as readonly LiveColumn[]
    expect(live).toEqual(flat(({ name, columns }) => columns.map((column) => ({ table: name, ...column }))))
  })

  it('has its constraints', async () => {
    const live = await query(`
      SELECT c.relname AS "table", k.conname AS name, pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> '_sqlx_migrations' AND k.contype <> 'n'`)
    const wanted = flat((table) =>
      table.constraints.map(({ name, definition }) => ({ table: table.name, name, definition })),
    )
    expect(new Set(live.map((row) => JSON.stringify(row)))).toEqual(new Set(wanted.map((row) => JSON.stringify(row))))
    expect(live).toHaveLength(wanted.length)
  })

  it('has its indexes', async () => {
    const live = await query(`
      SELECT pg_get_indexdef(i.indexrelid) AS definition
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      WHERE c.relnamespace = 'public'::regnamespace AND i.indisvalid
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))`)
    const wanted = flat((table) =>
      table.indexes.map(
        ({ name, unique, definition }) =>
          `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON public.${table.name} ${definition}`,
      ),
    )
    expect(live.map((row) => row['definition']).toSorted()).toEqual(wanted.toSorted())
  })

  it("lists MAS's schema migrations as done", async () => {
    const [row] = await query(
      'SELECT count(*)::integer AS count, max(version)::text AS last, bool_and(success) AS done FROM _sqlx_migrations',
    )
    expect(row).toEqual({ count: 167, last: '20260720134722', done: true })
  })

  it('has no checksums, so that a real MAS refuses to start on it', async () => {
    const [row] = await query("SELECT count(*)::integer AS count FROM _sqlx_migrations WHERE checksum <> ''")
    expect(row).toEqual({ count: 0 })
  })

  it('goes to the schema that stands first in the search path', async () => {
    await postgres.createDatabase('mas_schema_elsewhere')
    const [row] = await postgres.execute(
      'mas_schema_elsewhere',
      'CREATE SCHEMA auth',
      'SET search_path = auth, public',
      ...masDdl(),
      "SELECT count(*)::integer AS count FROM pg_tables WHERE schemaname = 'auth'",
    )
    expect(row).toEqual({ count: MAS_CATALOGUE.tables.length + 1 })
  })
})
