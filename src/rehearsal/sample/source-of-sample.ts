import type { Client } from 'pg'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { defaultMapping } from '../../mapping/load-mapping.ts'
import { decisionRules } from '../../migration/decision-rules.ts'
import type { SourceCatalogue } from '../../synapse/catalogue.ts'
import type { HomeserverConfig } from '../../synapse/homeserver.ts'
import type { Relations } from '../../synapse/relations.ts'
import { KEPT, KEPT_TABLES } from './tables.ts'

/** One moment of the homeserver that a sample is taken of. */
export interface SampledSource {
  readonly reader: Client
  readonly catalogue: SourceCatalogue
  readonly relations: Relations
  readonly homeserver: HomeserverConfig
  /** Tables that our role may not read, or not whole. */
  readonly unreadable: readonly string[]
  readonly asOf: number
  /** Of the key: it orders what is chosen and written. */
  readonly seed: bigint
}

/** The columns of a table that are kept, in the order of the list; undefined: the source has no such table that we may read. */
export const keptColumns = (
  { catalogue, unreadable }: Pick<SampledSource, 'catalogue' | 'unreadable'>,
  table: string,
): readonly string[] | undefined => {
  const present = catalogue.tables.get(table)
  if (present === undefined || unreadable.includes(table)) return undefined
  const columns = Object.keys(KEPT[table] ?? {}).filter((column) => present.has(column))
  return columns.length === 0 ? undefined : columns
}

export const tablesOf = (source: Pick<SampledSource, 'catalogue' | 'unreadable'>): readonly string[] =>
  KEPT_TABLES.filter((table) => keptColumns(source, table) !== undefined)

/** The decision, as if the target had every provider of the homeserver and took everybody. */
export const everybodyMigrates = ({ homeserver, asOf }: Pick<SampledSource, 'homeserver' | 'asOf'>): DecisionRules =>
  decisionRules({
    homeserver,
    mapping: defaultMapping(),
    providers: homeserver.providers.map(({ authProvider }) => ({ id: authProvider, authProvider })),
    asOf,
  })
