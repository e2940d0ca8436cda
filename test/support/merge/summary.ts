import type { AccountChange, Outcome, RowChanges } from '../../../src/targets/changes.ts'

const KINDS = ['create', 'update', 'remove', 'unchanged', 'theirs', 'foreign'] as const

const rowsInWords = (rows: readonly RowChanges[]): string =>
  rows
    .map((row) => {
      const counts = KINDS.filter((kind) => row[kind] > 0).map((kind) => `${row[kind]} ${kind}`)
      return `${row.relation}: ${counts.join(', ')}`
    })
    .join('; ')

/** Localpart → what became of the account, and rows by their counts, in one line. */
export const told = (all: readonly (Outcome | AccountChange)[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    all.map((one) => [
      one.mxid.slice(1).replace(/:.*/u, ''),
      [
        'outcome' in one ? one.outcome : one.change,
        ...(one.reason === undefined ? [] : [`(${one.reason})`]),
        ...(one.rows.length === 0 ? [] : [`[${rowsInWords(one.rows)}]`]),
      ].join(' '),
    ]),
  )
