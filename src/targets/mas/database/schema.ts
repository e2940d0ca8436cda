import { type RawBuilder, sql } from 'kysely'
import { compileStatement } from '../../../postgres/statement.ts'
import { MAS_CATALOGUE, type MasColumn, type MasTable } from './catalogue.ts'

const column = (description: MasColumn): RawBuilder<unknown> => {
  const parts = [sql.id(description.name), sql.raw(description.type)]
  if (description.default !== null) parts.push(sql`default ${sql.raw(description.default)}`)
  if (!description.nullable) parts.push(sql.raw('not null'))
  return sql.join(parts, sql.raw(' '))
}

const createTable = (table: MasTable): string =>
  compileStatement(sql`create table ${sql.id(table.name)} (${sql.join(table.columns.map(column), sql.raw(', '))})`)

const addConstraints = (table: MasTable, which: 'keys' | 'foreign keys'): string[] =>
  table.constraints
    .filter(({ kind }) => (kind === 'foreign key') === (which === 'foreign keys'))
    .map(({ name, definition }) =>
      compileStatement(sql`alter table ${sql.id(table.name)} add constraint ${sql.id(name)} ${sql.raw(definition)}`),
    )

const createIndexes = (table: MasTable): string[] =>
  table.indexes.map(({ name, unique, definition }) =>
    compileStatement(
      sql`create ${sql.raw(unique ? 'unique index' : 'index')} ${sql.id(name)} on ${sql.id(table.name)} ${sql.raw(definition)}`,
    ),
  )

const createMigrations = (): string =>
  compileStatement(sql`create table _sqlx_migrations (
    version bigint primary key,
    description text not null,
    installed_on timestamp with time zone not null default now(),
    success boolean not null,
    checksum bytea not null,
    execution_time bigint not null
  )`)

// The checksums stay empty on purpose: this is not all of MAS's schema, and with an empty checksum a real MAS
// refuses to start on it instead of failing later.
const fillMigrations = (): string => {
  const rows = MAS_CATALOGUE.migrations.map(
    ({ version, description }) => sql`(${sql.lit(version)}, ${sql.lit(description)}, true, ${sql.lit('')}, 0)`,
  )
  return compileStatement(
    sql`insert into _sqlx_migrations (version, description, success, checksum, execution_time) values ${sql.join(rows)}`,
  )
}

/**
 * The statements that make an empty MAS database as MAS 1.22's own migrations leave it: tables, keys, indexes, foreign
 * keys and the list of migrations, in the schema that stands first in the search path. They need CREATE on the
 * database, for the extension pg_trgm. For rehearsals and tests: a real MAS makes its own schema, and this one leaves
 * out its job queue, its policy data and its triggers.
 */
export const masDdl = (): string[] => [
  ...MAS_CATALOGUE.extensions.map((name) => compileStatement(sql`create extension if not exists ${sql.id(name)}`)),
  ...MAS_CATALOGUE.tables.map(createTable),
  ...MAS_CATALOGUE.tables.flatMap((table) => addConstraints(table, 'keys')),
  ...MAS_CATALOGUE.tables.flatMap(createIndexes),
  ...MAS_CATALOGUE.tables.flatMap((table) => addConstraints(table, 'foreign keys')),
  createMigrations(),
  fillMigrations(),
]
