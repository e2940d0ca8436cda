import { sql } from 'kysely'
import type pg from 'pg'
import { run } from '../../../postgres/statement.ts'
import { MAS_WRITTEN_TABLES, masTable } from './catalogue.ts'
import type { MasInspection, PresentTable } from './inspection.ts'

interface Restriction {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly kind: 'primary key' | 'unique' | 'check' | 'exclude' | 'foreign key' | 'unique index'
  /** Of a constraint; of an index what follows its table's name. */
  readonly definition: string
}

/** What of the tables that are written was not made by the MAS of our catalogue. */
export const readAdditions = async (
  client: pg.ClientBase,
  present: readonly PresentTable[],
): Promise<Pick<MasInspection, 'unknownConstraints' | 'triggers'>> => {
  const written: readonly string[] = MAS_WRITTEN_TABLES
  const tables = present.filter(({ name }) => written.includes(name))
  if (tables.length === 0) return { unknownConstraints: [], triggers: [] }
  const found = await run<Restriction>(client, restrictionsOf(tables))
  return {
    unknownConstraints: found
      .filter((one) => !isKnown(one))
      .map(({ schema, table, name, kind }) => ({ schema, table, name, kind })),
    triggers: await run(client, triggersOf(tables)),
  }
}

/** The same name, or the same words: a renamed key refuses nothing new. */
const isKnown = ({ table, name, kind, definition }: Restriction): boolean => {
  const { constraints, indexes } = masTable(table)
  const known =
    kind === 'unique index'
      ? indexes.filter(({ unique }) => unique)
      : constraints.filter((constraint) => constraint.kind === kind)
  return known.some((one) => one.name === name || one.definition === definition)
}

const oidsOf = (tables: readonly PresentTable[]) => sql`
  SELECT c.oid, n.nspname, c.relname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE (n.nspname, c.relname) IN (${sql.join(tables.map(({ schema, name }) => sql`(${schema}, ${name})`))})
`

/** That a value may not be NULL is a constraint too since PostgreSQL 18; the columns tell it. */
const restrictionsOf = (tables: readonly PresentTable[]) => sql<Restriction>`
  WITH ours AS (${oidsOf(tables)})
  SELECT o.nspname::text AS schema, o.relname::text AS table, k.conname::text AS name,
    CASE k.contype
      WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
      WHEN 'x' THEN 'exclude' ELSE 'foreign key'
    END AS kind,
    pg_get_constraintdef(k.oid) AS definition
  FROM pg_constraint k
  JOIN ours o ON o.oid = k.conrelid
  WHERE k.contype IN ('p', 'u', 'c', 'x', 'f')

  UNION ALL

  SELECT o.nspname, o.relname, i.relname, 'unique index',
    substring(pg_get_indexdef(i.oid) FROM ' (USING .*)$')
  FROM pg_index x
  JOIN ours o ON o.oid = x.indrelid
  JOIN pg_class i ON i.oid = x.indexrelid
  WHERE x.indisunique
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))

  ORDER BY 1, 2, 3
`

/** Those that run in a session like ours; what keeps foreign keys is internal. */
const triggersOf = (tables: readonly PresentTable[]) => sql<MasInspection['triggers'][number]>`
  WITH ours AS (${oidsOf(tables)})
  SELECT o.nspname::text AS schema, o.relname::text AS table, t.tgname::text AS name
  FROM pg_trigger t
  JOIN ours o ON o.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
  ORDER BY 1, 2, 3
`
