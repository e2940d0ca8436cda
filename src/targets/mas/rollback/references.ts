import type { Client } from 'pg'
import { type ForeignKey, foreignKeys, type TableName } from '../database/foreign-keys.ts'
import type { WrittenTable } from '../merge/merge-table.ts'

/** A foreign key, said from the table that has it. */
export interface Reference {
  readonly columns: readonly string[]
  /** The table that it points at: its position in the list of referring tables. */
  readonly parent: number
  readonly parentColumns: readonly string[]
}

/** A table whose rows may depend on rows of ours, over any number of foreign keys. */
export interface ReferringTable {
  readonly schema: string
  readonly table: string
  readonly references: readonly Reference[]
}

/**
 * The written tables and every table that refers to one of them, be it over others; each after those it refers to.
 * @param schema where the written tables stand.
 */
export const referringTables = async (
  client: Client,
  schema: string,
  written: readonly WrittenTable[],
): Promise<readonly ReferringTable[]> => {
  const keys = await foreignKeys(client)
  return inOrder(
    keys,
    written.map((table) => ({ schema, table })),
  )
}

const nameOf = ({ schema, table }: TableName): string => JSON.stringify([schema, table])

/** Parents before children; tables that refer to each other in a circle come last. */
export const inOrder = (keys: readonly ForeignKey[], written: readonly TableName[]): readonly ReferringTable[] => {
  const reached = new Map(written.map((one) => [nameOf(one), one]))
  for (let size = 0; size < reached.size; ) {
    size = reached.size
    for (const { child, parent } of keys) if (reached.has(nameOf(parent))) reached.set(nameOf(child), child)
  }
  const within = keys.filter(({ parent }) => reached.has(nameOf(parent)))
  const placed = new Map<string, TableName>()
  for (let size = -1; size < placed.size; ) {
    size = placed.size
    for (const [name, one] of reached) {
      const parents = within.filter(({ child }) => nameOf(child) === name).map(({ parent }) => nameOf(parent))
      if (parents.every((parent) => parent === name || placed.has(parent))) placed.set(name, one)
    }
  }
  const ordered = [...new Map([...placed, ...reached])]
  const positions = new Map(ordered.map(([name], position) => [name, position]))
  return ordered.map(([name, { schema, table }]) => ({
    schema,
    table,
    references: within
      .filter(({ child }) => nameOf(child) === name)
      .map(({ columns, parent, parentColumns }) => ({
        columns,
        parent: positions.get(nameOf(parent)) ?? 0,
        parentColumns,
      })),
  }))
}
