import type { RawBuilder } from 'kysely'
import type { SynapseTable } from './catalogue.ts'
import type { DemoRows } from './rows.ts'

/** The server that a demo is of. */
export interface DemoServer {
  readonly serverName: string
  /** The full name of a local account. */
  at(localpart: string): string
}

/**
 * Something special that rows of a homeserver can be: how to find such rows, and, where the demo makes them by name,
 * how to make some.
 */
export interface DemoSpeciality {
  readonly kind: string
  /** What it is and how it comes about, one sentence. */
  readonly means: string
  /** The table whose rows are special, known as `t` in `where`. */
  readonly table: SynapseTable
  /** A column that the version must have. */
  readonly column?: string
  /** Rows that are so, with the accounts they need. Absent when the rows of other kinds or the population are so. */
  rows?(server: DemoServer): DemoRows
  /** A condition over `t`, the rows of `table`. */
  where(server: DemoServer): RawBuilder<unknown>
}
