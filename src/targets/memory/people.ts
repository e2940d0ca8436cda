import type { Account } from '../../accounts/account.ts'
import type { Relation } from '../../accounts/relations.ts'
import { digestOf, type MemoryRow, rowId, rowsOf } from './rows.ts'

/** What we last wrote of a row. */
interface BaseDigest {
  readonly mxid: string
  readonly relation: Relation
  readonly digest: string
  /** The run that created it. */
  readonly runId: string
}

/** All that an in-process provider holds; it outlives the targets that are opened on it. */
export interface MemoryPeople {
  readonly rows: Map<string, MemoryRow>
  readonly written: Map<string, BaseDigest>
}

export const memoryPeople = (): MemoryPeople => ({ rows: new Map(), written: new Map() })

/** Writes a row as ours. */
export const writeRow = (people: MemoryPeople, row: MemoryRow, runId: string): void => {
  const id = rowId(row)
  const { relation, mxid } = row
  people.rows.set(id, row)
  people.written.set(id, { relation, mxid, digest: digestOf(row), runId: people.written.get(id)?.runId ?? runId })
}

/** Removes a row of ours, with its base digest. */
export const removeRow = (people: MemoryPeople, id: string): void => {
  people.rows.delete(id)
  people.written.delete(id)
}

/** Somebody who was here before us. */
export const addForeign = (people: MemoryPeople, account: Account): void => {
  for (const row of rowsOf(account)) people.rows.set(rowId(row), row)
}

/** What a person does to the rows of one relation of theirs, without us. */
export const changeAsPerson = (
  people: MemoryPeople,
  { mxid, relation }: { readonly mxid: string; readonly relation: Relation },
  change: (value: MemoryRow['value']) => MemoryRow['value'] | undefined,
): void => {
  for (const [id, row] of people.rows) {
    if (row.mxid !== mxid || row.relation !== relation) continue
    const value = change(row.value)
    if (value === undefined) people.rows.delete(id)
    else people.rows.set(id, { ...row, value })
  }
}

/** All rows, in an order that does not tell in which they were written. */
export const allRows = (people: MemoryPeople): readonly MemoryRow[] =>
  [...people.rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
