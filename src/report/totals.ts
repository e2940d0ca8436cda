import type { Relation } from '../accounts/relations.ts'
import type { Document, RelationCount, RunDocument, TableResult, TableVerification } from './documents.ts'

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

/** Rows of a relation that were left, whatever the reason. */
export const leftOf = ({ left }: Pick<RelationCount, 'left'>): number => sum(left.map((each) => each.count))

/** Whether nothing was left out silently: read = carried + left. */
export const isAccountedFor = (count: Omit<RelationCount, 'relation'>): boolean =>
  count.read === count.carried + leftOf(count)

/** Sums over all relations. */
export const totalRows = (relations: readonly RelationCount[]) => ({
  read: sum(relations.map((each) => each.read)),
  carried: sum(relations.map((each) => each.carried)),
  left: sum(relations.map(leftOf)),
})

/** Sums over the target's tables: rows, bytes. */
export const totalWritten = (tables: readonly TableResult[]) => ({
  rows: sum(tables.map((each) => each.rows)),
  bytes: sum(tables.map((each) => each.bytes)),
})

/** Milliseconds that the tables of one relation took; undefined when it filled none. */
export const timeOf = (tables: readonly TableResult[], relation: Relation): number | undefined => {
  const own = tables.filter((table) => table.relation === relation)
  return own.length === 0 ? undefined : sum(own.map((table) => table.milliseconds))
}

/** Rows of a table that are not as they should be. */
export const wrongRows = ({ missing, extra, differing }: TableVerification): number => missing + extra + differing

/** About how many rows may differ that nobody looked at, since too much differs around them. */
export const totalUnopened = (tables: readonly TableVerification[]): number =>
  sum(tables.map((table) => table.unopened ?? 0))

/** Rows that were seen not to be as they should be. */
export const totalWrong = (tables: readonly TableVerification[]): number => sum(tables.map(wrongRows))

/** The accounts' own count, when the document holds it. */
export const accountsOf = (relations: readonly RelationCount[]): RelationCount | undefined =>
  relations.find((each) => each.relation === 'account')

/** The counts that a document shows as results; a rehearsal shows what its run did. */
export const relationsOf = (document: Document): readonly RelationCount[] => {
  if (document.kind === 'plan' || document.kind === 'run') return document.relations
  return document.kind === 'rehearsal' ? (document.run?.relations ?? []) : []
}

/** Whether phases went on side by side, so that their times add up to more than the run took. */
export const phasesOverlap = ({ phases, milliseconds }: Pick<RunDocument, 'phases' | 'milliseconds'>): boolean =>
  sum(phases.map((phase) => phase.milliseconds)) > milliseconds
