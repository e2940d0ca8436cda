import type { RawBuilder } from 'kysely'
import type { Relation } from '../accounts/relations.ts'

export interface ColumnShape {
  readonly name: string
  /**
   * A secret (hash, token): compared by its hash like any other, never read into the process.
   */
  readonly secret?: true
}

/**
 * One table of a target as it should be. The same list of columns and keys makes the copy, the hash and the search
 * for what differs, so they cannot disagree.
 */
export interface TableShape {
  readonly table: string
  /** The relation whose rows it mainly holds, for reports. */
  readonly relation: Relation
  /** In the order of the copy. */
  readonly columns: readonly ColumnShape[]
  /** The natural key: the columns by which a row is found again. */
  readonly key: readonly string[]
  /**
   * A query on the source that yields the columns under their names, in shapes whose binary form and hash are those
   * of the target's types: bytea of 16 bytes for uuid, bigint of microseconds since 2000 for timestamptz. It also
   * yields `mxid`, for messages.
   */
  readonly wanted: RawBuilder<unknown>
}
