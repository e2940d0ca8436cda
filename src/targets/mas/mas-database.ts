import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { ConflictRules } from '../../mapping/mapping.ts'
import type { MasConfig } from './config/mas-config.ts'
import type { Connections } from './connections.ts'
import type { MasInspection } from './database/inspection.ts'
import type { MasRowsContext } from './rows/context.ts'
import type { IdentifierMethod } from './rows/identifiers.ts'

/** What every part of this room works with: the database, how to open connections to it, and how its rows are shaped. */
export interface MasDatabase extends Connections {
  readonly config: MasConfig
  readonly conflicts: ConflictRules
  /** Holds the lock and does the bookkeeping. */
  readonly control: Client
  /** How many connections work at the same time. */
  readonly writers: number
  /** One look serves a whole command. */
  inspection(): Promise<MasInspection>
  /** The schema that MAS reads its tables from. */
  homeSchema(): Promise<string>
  /** The schema in which they stand now: MAS's own, or ours while a copy stands aside. */
  schema(): Promise<string>
  /** Of which the identifiers are derived. */
  readonly seedKey: Uint8Array
  /** What the shapes of the rows need. */
  rows(decisions: RawBuilder<unknown>, method: IdentifierMethod): MasRowsContext
}
