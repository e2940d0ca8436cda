import type { RowDifference } from '../report/documents.ts'
import type { Bucket, OpenedRow } from './bucket-hash.ts'
import type { RowForm } from './table-shape.ts'

/** The buckets in which wanted and present rows are not the same. */
export const differingBuckets = (wanted: readonly Bucket[], present: readonly Bucket[]): readonly number[] => {
  const byNumber = new Map(present.map((one) => [one.bucket, one]))
  const differing: number[] = []
  for (const one of wanted) {
    const other = byNumber.get(one.bucket)
    byNumber.delete(one.bucket)
    if (other?.count !== one.count || other.sum !== one.sum || other.xor !== one.xor) differing.push(one.bucket)
  }
  return [...differing, ...byNumber.keys()].toSorted((a, b) => a - b)
}

/** At most how many rows of some buckets can differ: in each, as many as the side with more of them has. */
export const rowsOfBuckets = (
  wanted: readonly Bucket[],
  present: readonly Bucket[],
  numbers: readonly number[],
): number => {
  const counts = new Map(numbers.map((bucket) => [bucket, 0]))
  for (const { bucket, count } of [...wanted, ...present]) {
    const known = counts.get(bucket)
    if (known !== undefined) counts.set(bucket, Math.max(known, count))
  }
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

export interface ComparedRows {
  readonly missing: readonly OpenedRow[]
  readonly extra: readonly OpenedRow[]
  readonly differing: readonly { readonly row: OpenedRow; readonly columns: readonly string[] }[]
}

/**
 * Compares opened rows of both sides by their natural key. Rows with equal keys (a table without a unique key may
 * hold twins) are paired so that as many as possible are equal.
 */
export const compareRows = (
  form: RowForm,
  wanted: readonly OpenedRow[],
  present: readonly OpenedRow[],
): ComparedRows => {
  const equalRows = multiset(present)
  const unmatchedWanted = wanted.filter((row) => !equalRows.take(row))
  const rest = groupByKey(equalRows.rest())
  const differing: { row: OpenedRow; columns: readonly string[] }[] = []
  const missing: OpenedRow[] = []
  for (const row of unmatchedWanted) {
    const other = rest.get(row.key)?.shift()
    if (other === undefined) missing.push(row)
    else differing.push({ row, columns: differingColumns(form, row, other) })
  }
  const moved = pairMoved(missing, [...rest.values()].flat())
  return {
    missing: moved.missing,
    extra: moved.extra,
    differing: [
      ...differing,
      ...moved.pairs.map(([row, other]) => ({ row, columns: differingColumns(form, row, other) })),
    ],
  }
}

/**
 * A row whose key was changed looks like one missing and one extra. Two that agree in all columns but one are the
 * same row: so a changed key column is named like any other.
 */
const pairMoved = (
  missing: readonly OpenedRow[],
  extra: readonly OpenedRow[],
): {
  readonly missing: readonly OpenedRow[]
  readonly extra: readonly OpenedRow[]
  readonly pairs: readonly (readonly [OpenedRow, OpenedRow])[]
} => {
  const allButOne = ({ hashes }: OpenedRow): readonly string[] =>
    hashes.map((_, left) => `${left} ${hashes.toSpliced(left, 1).join(' ')}`)
  const bySignature = new Map<string, OpenedRow[]>()
  for (const row of extra) {
    for (const one of allButOne(row)) bySignature.set(one, [...(bySignature.get(one) ?? []), row])
  }
  const taken = new Set<OpenedRow>()
  const pairs: (readonly [OpenedRow, OpenedRow])[] = []
  const unpaired = missing.filter((row) => {
    const other = allButOne(row)
      .flatMap((one) => bySignature.get(one) ?? [])
      .find((candidate) => !taken.has(candidate))
    if (other === undefined) return true
    taken.add(other)
    pairs.push([row, other])
    return false
  })
  return { missing: unpaired, extra: extra.filter((row) => !taken.has(row)), pairs }
}

const differingColumns = (form: RowForm, a: OpenedRow, b: OpenedRow): readonly string[] =>
  form.columns.flatMap(({ name }, index) => (a.hashes[index] === b.hashes[index] ? [] : [name]))

const multiset = (rows: readonly OpenedRow[]): { take(row: OpenedRow): boolean; rest(): readonly OpenedRow[] } => {
  const left = new Map<string, OpenedRow[]>()
  const identity = (row: OpenedRow): string => row.hashes.join(' ')
  for (const row of rows) left.set(identity(row), [...(left.get(identity(row)) ?? []), row])
  return {
    take: (row) => left.get(identity(row))?.pop() !== undefined,
    rest: () => [...left.values()].flat(),
  }
}

const groupByKey = (rows: readonly OpenedRow[]): Map<string, OpenedRow[]> => {
  const groups = new Map<string, OpenedRow[]>()
  for (const row of rows) groups.set(row.key, [...(groups.get(row.key) ?? []), row])
  return groups
}

/** The compared rows as a person reads them: which row, in the words of its key, never a secret. */
export const toDifferences = (form: RowForm, compared: ComparedRows): readonly RowDifference[] => {
  const name = (row: OpenedRow): string => {
    const words = form.key.flatMap((column, index) => {
      const value = row.words[index]
      return value === null || value === undefined ? [] : [`${column} ${value}`]
    })
    return [...(row.mxid === null ? [] : [row.mxid]), ...words].join(', ')
  }
  return [
    ...compared.missing.map((row) => ({ table: form.table, kind: 'missing' as const, row: name(row), columns: [] })),
    ...compared.extra.map((row) => ({ table: form.table, kind: 'extra' as const, row: name(row), columns: [] })),
    ...compared.differing.map(({ row, columns }) => ({
      table: form.table,
      kind: 'differs' as const,
      row: name(row),
      columns,
    })),
  ]
}
