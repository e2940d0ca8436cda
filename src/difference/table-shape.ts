import type { RawBuilder } from 'kysely'
import type { Relation } from '../accounts/relations.ts'

export interface ColumnShape {
  readonly name: string
  /**
   * A secret (hash, token): compared by its hash like any other, never read into the process.
   */
  readonly secret?: true
}

/** What is compared of a table's rows, and by which columns a row is found again. */
export interface RowForm {
  readonly table: string
  readonly columns: readonly ColumnShape[]
  /** The natural key. */
  readonly key: readonly string[]
}

/** The types of natural columns: a table of the target's server can be made of them. */
export type NaturalType = 'text' | 'timestamptz' | 'boolean' | 'integer' | 'inet' | 'uuid'

export interface NaturalColumn extends ColumnShape {
  readonly type: NaturalType
}

/**
 * A table's rows as the source and the target both know them, without the target's identifiers: those were derived when
 * a row was first written and are kept while the times they began with move. A reference to another row is that row's
 * natural key.
 */
export interface NaturalForm extends RowForm {
  readonly columns: readonly NaturalColumn[]
  /**
   * A query on the target over all rows of the table: the natural columns, and `row`, the ctid.
   * @param schema where the target's tables stand.
   */
  readonly present: (schema: string) => RawBuilder<unknown>
  /** Those of them that count, where the target keeps former ones beside them; all where absent. */
  readonly counted?: (schema: string) => RawBuilder<unknown>
  /** The same rows with the key's columns alone, where these can be had with less work. */
  readonly presentKeys?: (schema: string) => RawBuilder<unknown>
}

/**
 * One table of a target as it should be. The same list of columns and keys makes the copy, the hash and the search
 * for what differs, so they cannot disagree.
 */
export interface TableShape extends RowForm {
  /** The relation whose rows it mainly holds, for reports. */
  readonly relation: Relation
  /** The table's own, in the order of the copy. */
  readonly columns: readonly ColumnShape[]
  readonly natural: NaturalForm
  /**
   * A query on the source that yields the columns under their names, in shapes whose binary form and hash are those
   * of the target's types: bytea of 16 bytes for uuid, bigint of microseconds since 2000 for timestamptz. It also
   * yields the natural columns, among them `mxid`, whose account the row is.
   */
  readonly wanted: RawBuilder<unknown>
}
