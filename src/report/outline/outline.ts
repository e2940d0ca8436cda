/** A value of a table as it is, for programs; people are shown it with its unit. */
export type Cell = string | number | { readonly milliseconds: number } | { readonly bytes: number }

export interface OutlineTable {
  readonly columns: readonly string[]
  /** So many of the first columns say what a row is about; the others are what is known of it. */
  readonly names: 1 | 2
  readonly rows: readonly (readonly Cell[])[]
}

/** A part of a document: what every way of writing it has in common, without what it looks like. */
export interface OutlineSection {
  readonly title: string
  /** Sentences above the table. */
  readonly sentences?: readonly string[]
  readonly table?: OutlineTable
}

/** Whether it says something. */
export const hasContent = ({ sentences = [], table }: OutlineSection): boolean =>
  sentences.length > 0 || (table !== undefined && table.rows.length > 0)
