import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { storyEntries } from '../../support/expected-rows/entries.ts'
import { MAS_WRITTEN_TABLES, type MasTable } from '../../support/expected-rows/story-schema.ts'
import {
  compareDecisions,
  compareRows,
  compareSource,
  type DecidedRow,
  emptySourceRecord,
  loadStory,
  type MasRow,
  type MasRows,
  wantedRows,
} from '../../support/expected-rows.ts'

const story = await loadStory('damage')
const asExpected = wantedRows(story, emptySourceRecord)
const decidedAsExpected: readonly DecidedRow[] = storyEntries(story).filter(({ made }) => made === undefined)

const somewhere = fc
  .constantFrom(...MAS_WRITTEN_TABLES)
  .chain((table) => fc.record({ table: fc.constant(table), index: fc.nat({ max: asExpected[table].length - 1 }) }))

const change = (table: MasTable, index: number, how: (row: MasRow) => readonly MasRow[]): MasRows => ({
  ...asExpected,
  [table]: asExpected[table].flatMap((row, at) => (at === index ? how(row) : [row])),
})

describe('comparing what MAS holds with a story', () => {
  test('every table has rows to compare', () => {
    for (const table of MAS_WRITTEN_TABLES) expect(asExpected[table].length).toBeGreaterThan(1)
  })

  test('finds nothing when the rows are as expected', () => {
    expect(compareRows(story, asExpected, emptySourceRecord)).toEqual([])
  })

  test('finds any one row that is missing', () => {
    fc.assert(
      fc.property(somewhere, ({ table, index }) => {
        const key = asExpected[table][index]?.key
        const found = compareRows(
          story,
          change(table, index, () => []),
          emptySourceRecord,
        )
        expect(found).toEqual([`${table}: ${key}: missing`])
      }),
    )
  })

  test('finds any one row that is there twice, or that nobody expects', () => {
    fc.assert(
      fc.property(somewhere, ({ table, index }) => {
        const twice = change(table, index, (row) => [row, row])
        const another = change(table, index, (row) => [row, { ...row, key: 'another' }])
        const key = asExpected[table][index]?.key
        expect(compareRows(story, twice, emptySourceRecord)).toEqual([`${table}: ${key}: there twice`])
        expect(compareRows(story, another, emptySourceRecord)).toEqual([`${table}: another: not expected`])
      }),
    )
  })

  test('finds any one column that differs, and an identifier that begins with another time', () => {
    fc.assert(
      fc.property(somewhere, fc.nat(), ({ table, index }, nth) => {
        const columns = Object.keys(asExpected[table][index]?.columns ?? {})
        const column = columns[nth % columns.length] ?? ''
        const other = change(table, index, (row) => [{ ...row, columns: { ...row.columns, [column]: 'tampered' } }])
        const [found, ...more] = compareRows(story, other, emptySourceRecord)
        expect(found).toContain(`${column} is "tampered", expected `)
        expect(more).toEqual([])
        const later = change(table, index, (row) => [{ ...row, identifierTime: (row.identifierTime ?? 0) + 1 }])
        expect(compareRows(story, later, emptySourceRecord)).toHaveLength(1)
      }),
    )
  })
})

describe('comparing decisions with a story', () => {
  test('finds nothing when they are as expected, and any one that is not', () => {
    expect(compareDecisions(story, decidedAsExpected, emptySourceRecord)).toEqual([])
    fc.assert(
      fc.property(fc.nat({ max: decidedAsExpected.length - 1 }), (index) => {
        const wrong = decidedAsExpected.map((row, at) => (at === index ? { ...row, reason: 'invented' } : row))
        const [found, ...more] = compareDecisions(story, wrong, emptySourceRecord)
        expect(found).toContain('left: invented, expected ')
        expect(more).toEqual([])
        const silent = decidedAsExpected.filter((_, at) => at !== index)
        expect(compareDecisions(story, silent, emptySourceRecord)).toEqual([expect.stringContaining('no decision')])
      }),
    )
  })

  test('finds a decision about a row that the story does not know', () => {
    const stray: DecidedRow = { relation: 'account', account: '@stray:d.example:8448', reason: null }
    expect(compareDecisions(story, [...decidedAsExpected, stray], emptySourceRecord)).toEqual([
      'account "@stray:d.example:8448": the story says nothing of it',
    ])
  })
})

test('an empty source lacks every row of a story', () => {
  expect(compareSource(story, emptySourceRecord)).toHaveLength(decidedAsExpected.length)
})

test('the story of a real server cannot be compared without its record', async () => {
  const real = await loadStory('real-synapse')
  expect(() => wantedRows(real, emptySourceRecord)).toThrow('The record of the source has no $')
})
