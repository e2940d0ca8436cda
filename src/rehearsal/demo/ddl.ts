import { type RawBuilder, sql } from 'kysely'
import { compileStatement } from '../../postgres/statement.ts'
import {
  SYNAPSE_VERSIONS,
  type SynapseColumn,
  type SynapseTable,
  type SynapseVersion,
  synapseHas,
  synapseTables,
} from './catalogue.ts'
import { INDEX_SINCE, SYNAPSE_DEFAULTS, SYNAPSE_FOREIGN_KEYS, SYNAPSE_KEYS, type SynapseKey } from './keys.ts'

const text = (statement: RawBuilder<unknown>): string => compileStatement(statement)

const ids = (names: readonly string[]): RawBuilder<unknown> => sql.join(names.map((name) => sql.id(name)))

const column = (table: string, { name, type, nullable }: SynapseColumn): RawBuilder<unknown> => {
  const parts = [sql.id(name), sql.raw(type)]
  const defaultValue = SYNAPSE_DEFAULTS[`${table}.${name}`]
  if (defaultValue !== undefined) parts.push(sql`default ${sql.raw(defaultValue)}`)
  if (!nullable) parts.push(sql`not null`)
  return sql.join(parts, sql` `)
}

const createTable = (table: string, columns: readonly SynapseColumn[]): string =>
  text(sql`create table ${sql.id(table)} (${sql.join(columns.map((each) => column(table, each)))})`)

const createKey = ({ kind, name, table, columns }: SynapseKey): string =>
  kind === 'index'
    ? text(sql`create index ${sql.id(name)} on ${sql.id(table)} (${ids(columns)})`)
    : text(sql`alter table ${sql.id(table)} add constraint ${sql.id(name)} ${sql.raw(kind)} (${ids(columns)})`)

const isOlder = (version: SynapseVersion, than: string): boolean =>
  SYNAPSE_VERSIONS.indexOf(version) < (SYNAPSE_VERSIONS as readonly string[]).indexOf(than)

const hasAll = (version: SynapseVersion, table: SynapseTable, columns: readonly string[]): boolean =>
  columns.every((name) => synapseHas(version, table, name))

/**
 * The statements that make the tables of a Synapse homeserver that syn2op reads, empty, with their keys, indexes and
 * foreign keys, as a running server of that version has them. They go into the first schema of the search path.
 */
export const synapseDdl = (version: SynapseVersion): readonly string[] => [
  ...[...synapseTables(version)].map(([table, columns]) => createTable(table, columns)),
  ...SYNAPSE_KEYS.filter(({ table, columns }) => hasAll(version, table, columns))
    .filter(({ name }) => !isOlder(version, INDEX_SINCE[name] ?? SYNAPSE_VERSIONS[0] ?? version))
    .map(createKey),
  ...SYNAPSE_FOREIGN_KEYS.filter(({ table, column: name }) => synapseHas(version, table, name)).map((foreign) =>
    text(sql`alter table ${sql.id(foreign.table)} add constraint ${sql.id(foreign.name)}
      foreign key (${sql.id(foreign.column)}) references ${sql.id(foreign.references)} (id) on delete cascade`),
  ),
]
