import type { Relation } from '../../../src/accounts/relations.ts'
import type { Cell } from './cells.ts'
import { entryName, type StoryEntry, storyEntries } from './entries.ts'
import type { Story } from './load-story.ts'
import type { SourceRecord } from './source-record.ts'
import { MAS_WRITTEN_TABLES } from './story-schema.ts'
import { type MasRow, type MasRows, wantedRows } from './wanted-rows.ts'

/** `derived`: every identifier begins with its row's time. `kept`: the row was written when that time was another. */
export type Identifiers = 'derived' | 'kept'

const cellDifferences = (wanted: MasRow, actual: MasRow, identifiers: Identifiers): readonly string[] => {
  const columns = [...new Set([...Object.keys(wanted.columns), ...Object.keys(actual.columns)])]
  const shown = (cell: Cell | undefined): string => (cell === undefined ? 'no such column' : JSON.stringify(cell))
  const cells = columns
    .filter((column) => wanted.columns[column] !== actual.columns[column])
    .map((column) => `${column} is ${shown(actual.columns[column])}, expected ${shown(wanted.columns[column])}`)
  return identifiers === 'kept' || wanted.identifierTime === actual.identifierTime
    ? cells
    : [...cells, `its identifier begins with ${actual.identifierTime}, expected ${wanted.identifierTime}`]
}

const byKey = (rows: readonly MasRow[]): ReadonlyMap<string, MasRow> => new Map(rows.map((row) => [row.key, row]))

const repeated = (rows: readonly MasRow[]): readonly string[] => {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { key } of rows) (seen.has(key) ? twice : seen).add(key)
  return [...twice]
}

/** What is wrong with the rows that MAS holds, one line each, in words; nothing when they are the wanted ones. */
export const compareMasRows = (wantedTables: MasRows, actual: MasRows, identifiers: Identifiers): readonly string[] =>
  MAS_WRITTEN_TABLES.flatMap((table) => {
    const wanted = byKey(wantedTables[table])
    const present = byKey(actual[table])
    const missing = [...wanted.keys()].filter((key) => !present.has(key))
    const extra = [...present.keys()].filter((key) => !wanted.has(key))
    const differing = [...wanted].flatMap(([key, row]) => {
      const other = present.get(key)
      return other
        ? cellDifferences(row, other, identifiers).map((difference) => `${table}: ${key}: ${difference}`)
        : []
    })
    return [
      ...missing.map((key) => `${table}: ${key}: missing`),
      ...extra.map((key) => `${table}: ${key}: not expected`),
      ...repeated(actual[table]).map((key) => `${table}: ${key}: there twice`),
      ...differing,
    ]
  })

/**
 * The same of a story.
 * @param actual the rows of the eight tables, by `readMasRows`.
 */
export const compareRows = (story: Story, actual: MasRows, record: SourceRecord): readonly string[] =>
  compareMasRows(wantedRows(story, record), actual, 'derived')

/** A row with the decision that the program made; texts as in the source, `reason` NULL where it is carried. */
export type DecidedRow = Omit<StoryEntry, 'row' | 'identifierTime' | 'made'>

const decisionName = (reason: string | null): string => (reason === null ? 'carried' : `left: ${reason}`)

/** What is wrong with the program's decisions about a story's source rows, one line each. */
export const compareDecisions = (
  story: Story,
  decided: readonly DecidedRow[],
  record: SourceRecord,
): readonly string[] => {
  const wanted = new Map(
    storyEntries(story, record)
      .filter(({ made }) => made === undefined)
      .map((entry) => [entryName(entry), entry.reason]),
  )
  const actual = new Map(decided.map((row) => [entryName(row), row.reason]))
  return [
    ...[...wanted]
      .filter(([name, reason]) => actual.get(name) !== reason)
      .map(([name, reason]) => {
        const found = actual.get(name)
        return `${name}: ${found === undefined ? 'no decision' : decisionName(found)}, expected ${decisionName(reason)}`
      }),
    ...[...actual.keys()].filter((name) => !wanted.has(name)).map((name) => `${name}: the story says nothing of it`),
  ]
}

/** How many rows of each relation a story leaves for each reason, and carries (under the key 'carry'). */
export const storyCounts = (story: Story): ReadonlyMap<Relation, ReadonlyMap<string, number>> => {
  const counts = new Map<Relation, Map<string, number>>()
  for (const { relation, reason, made } of storyEntries(story)) {
    if (made !== undefined) continue
    const ofRelation = counts.get(relation) ?? new Map<string, number>()
    ofRelation.set(reason ?? 'carry', (ofRelation.get(reason ?? 'carry') ?? 0) + 1)
    counts.set(relation, ofRelation)
  }
  return counts
}
