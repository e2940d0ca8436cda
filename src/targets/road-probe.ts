import type { Relation } from '../accounts/relations.ts'

/** How long some rows of one table took, milliseconds. */
export interface TableProbe {
  readonly table: string
  readonly relation: Relation
  readonly rows: number
  readonly bytes: number
  /** The table has no more rows than these. */
  readonly isWhole: boolean
  /** Until the first row came: the same whatever the number of rows that follow. */
  readonly startup: number
  /** From then on until all were written. */
  readonly copy: number
  /** Each key and index. */
  readonly builds: readonly number[]
}

/** A load of some rows of each table, which left nothing behind. */
export interface LoadProbe {
  readonly tables: readonly TableProbe[]
  /** So many tables were under way at the same time. */
  readonly lanes: number
  readonly milliseconds: number
}
