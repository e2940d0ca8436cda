import facts from '../../synapse/synapse-catalogue.json' with { type: 'json' }

/** The Synapse versions whose tables are known to the column. */
export type SynapseVersion = keyof typeof facts.versions

export const SYNAPSE_VERSIONS = Object.keys(facts.versions) as readonly SynapseVersion[]

/** The newest of them. */
export const NEWEST_SYNAPSE: SynapseVersion = '1.163.2'

export interface SynapseColumn {
  readonly name: string
  /** As format_type() prints it, such as `bigint`. */
  readonly type: string
  readonly nullable: boolean
}

/** Every table that syn2op reads in some version of Synapse. */
export type SynapseTable = keyof (typeof facts.versions)['1.163.2']

/** The columns of the tables that a version of Synapse has, in the order of each table. */
export const synapseTables = (version: SynapseVersion): ReadonlyMap<SynapseTable, readonly SynapseColumn[]> => {
  const tables: Record<string, Record<string, Omit<SynapseColumn, 'name'>>> = facts.versions[version]
  return new Map(
    Object.entries(tables).map(([table, columns]) => [
      table as SynapseTable,
      Object.entries(columns).map(([name, column]) => ({ name, ...column })),
    ]),
  )
}

/** Whether a version of Synapse has a table, or a column of it. */
export const synapseHas = (version: SynapseVersion, table: SynapseTable, column?: string): boolean => {
  const columns = synapseTables(version).get(table)
  return columns !== undefined && (column === undefined || columns.some(({ name }) => name === column))
}
