import type { OpenedRow, RowDigest } from '../../../difference/bucket-hash.ts'
import { type ComparedRows, compareRows } from '../../../difference/compare.ts'
import type { RowForm } from '../../../difference/table-shape.ts'

/** Keys under which the source does not want what was last written, or wants what never was. */
export const movedKeys = (wanted: readonly RowDigest[], written: readonly RowDigest[]): readonly string[] => {
  const [here, there] = [digestsByKey(wanted), digestsByKey(written)]
  return [...new Set([...here.keys(), ...there.keys()])].filter((key) => here.get(key) !== there.get(key))
}

/** Twins under one key count: their digests together. */
const digestsByKey = (rows: readonly RowDigest[]): ReadonlyMap<string, string> => {
  const groups = new Map<string, string>()
  for (const { key, digest } of rows.toSorted((a, b) => (a.digest < b.digest ? -1 : 1))) {
    const before = groups.get(key)
    groups.set(key, before === undefined ? digest : `${before} ${digest}`)
  }
  return groups
}

/**
 * What is wrong with rows that the source wants otherwise than they were last written. What was changed at the target
 * since is theirs, and what somebody else put under a wanted key is foreign: neither is wrong.
 * @param written of the keys of these rows.
 */
export const faultsOf = (
  form: RowForm,
  rows: {
    readonly wanted: readonly OpenedRow[]
    readonly present: readonly OpenedRow[]
    readonly written: readonly RowDigest[]
  },
): ComparedRows => {
  const base = new Map(rows.written.map(({ key, digest }) => [key, digest]))
  const there = new Set(rows.present.map(({ key }) => key))
  const isOurs = ({ key, digest }: OpenedRow): boolean => base.get(key) === digest
  const held = new Set(rows.present.filter(isOurs).map(({ key }) => key))
  const presentRows = new Set(rows.present.map(identity))
  const wantedRows = new Set(rows.wanted.map(identity))
  return compareRows(
    form,
    // Wanted and not there as wanted: a fault where nothing was ever written and nothing stands in the way, and where
    // what we wrote stands there untouched.
    rows.wanted.filter(
      (row) => presentRows.has(identity(row)) || held.has(row.key) || (!base.has(row.key) && !there.has(row.key)),
    ),
    rows.present.filter((row) => isOurs(row) || wantedRows.has(identity(row))),
  )
}

const identity = ({ key, digest }: OpenedRow): string => `${key} ${digest}`
