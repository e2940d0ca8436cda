import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bucket, OpenedRow } from '../../../src/difference/bucket-hash.ts'
import { compareRows, differingBuckets, rowsOfBuckets, toDifferences } from '../../../src/difference/compare.ts'
import type { RowForm } from '../../../src/difference/table-shape.ts'

const shape: RowForm = {
  table: 'things',
  columns: [{ name: 'id' }, { name: 'owner' }, { name: 'label' }, { name: 'token', secret: true }],
  key: ['owner', 'label'],
}

/** What a row holds; equal texts have equal hashes, and different ones different hashes. */
type Values = readonly [id: string, owner: string, label: string, token: string]

const opened = (values: Values): OpenedRow => ({
  key: `${values[1]} ${values[2]}`,
  hashes: values.map((value) => `#${value}`),
  words: [values[1], values[2]],
  mxid: null,
  digest: values.join(),
})

const word = fc.stringMatching(/^[a-z]{1,8}$/)
const values: fc.Arbitrary<Values> = fc.tuple(word, word, word, word)
/** Few words: twins, and rows that agree in all but one column, are frequent. */
const clashing = fc.constantFrom('a', 'b')
const clashingValues: fc.Arbitrary<Values> = fc.tuple(clashing, clashing, clashing, clashing)

/** Rows no two of which agree in three columns, so that each can be told from any other. */
const distinctRows = fc
  .uniqueArray(word, { minLength: 1, maxLength: 20 })
  .map((words) => words.map((one): Values => [`id ${one}`, `owner ${one}`, `label ${one}`, `token ${one}`]))

const distinctRowsAndOne = distinctRows.chain((rows) =>
  fc.record({ rows: fc.constant(rows), at: fc.nat({ max: rows.length - 1 }), column: fc.nat({ max: 3 }) }),
)

const asText = (rows: readonly OpenedRow[]): readonly string[] => rows.map(({ hashes }) => hashes.join()).toSorted()

describe('comparing the rows of both sides', () => {
  test('finds nothing in the same rows, whatever their order, twins included', () => {
    const both = fc
      .array(clashingValues)
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })))
    fc.assert(
      fc.property(both, ([rows, shuffled]) => {
        const compared = compareRows(shape, rows.map(opened), shuffled.map(opened))
        expect(compared).toEqual({ missing: [], extra: [], differing: [] })
      }),
    )
  })

  test('names the one column of the one cell that changed, one of the key like any other', () => {
    fc.assert(
      fc.property(distinctRowsAndOne, ({ rows, at, column }) => {
        const changed = rows.map((row, index) => (index === at ? row.with(column, 'changed') : row) as Values)
        const compared = compareRows(shape, rows.map(opened), changed.map(opened))
        expect(compared.missing).toEqual([])
        expect(compared.extra).toEqual([])
        expect(compared.differing).toEqual([{ row: opened(rows[at]!), columns: [shape.columns[column]?.name] }])
      }),
    )
  })

  test('finds a row that is gone, and one that nobody expects', () => {
    fc.assert(
      fc.property(distinctRowsAndOne, ({ rows, at }) => {
        const all = rows.map(opened)
        const fewer = all.filter((_, index) => index !== at)
        expect(compareRows(shape, all, fewer)).toEqual({ missing: [all[at]], extra: [], differing: [] })
        expect(compareRows(shape, fewer, all)).toEqual({ missing: [], extra: [all[at]], differing: [] })
      }),
    )
  })

  test('finds a twin too many', () => {
    fc.assert(
      fc.property(distinctRowsAndOne, ({ rows, at }) => {
        const all = rows.map(opened)
        const twin = opened(rows[at]!)
        expect(compareRows(shape, all, [...all, twin])).toEqual({ missing: [], extra: [twin], differing: [] })
      }),
    )
  })

  test('gives account of every row of both sides, and says nothing of rows that are equal', () => {
    const sides = fc.tuple(fc.array(fc.oneof(clashingValues, values)), fc.array(fc.oneof(clashingValues, values)))
    fc.assert(
      fc.property(sides, ([wanted, present]) => {
        const { missing, extra, differing } = compareRows(shape, wanted.map(opened), present.map(opened))
        const equal = wanted.length - missing.length - differing.length
        expect(present.length - extra.length - differing.length).toBe(equal)
        const left = present.map((row) => row.join())
        const common = wanted.filter((row) => {
          const index = left.indexOf(row.join())
          if (index >= 0) left.splice(index, 1)
          return index >= 0
        })
        expect(equal).toBe(common.length)
        expect(differing.every(({ columns }) => columns.length > 0)).toBe(true)
        expect(asText([...missing, ...differing.map(({ row }) => row)])).toEqual(
          asText(wanted.filter((row) => !common.includes(row)).map(opened)),
        )
      }),
    )
  })
})

describe('the words of a difference', () => {
  test('name the account and the key, and leave out what is secret', () => {
    const row: OpenedRow = { ...opened(['1', 'alice', 'phone', 't']), mxid: '@alice:example.org' }
    const secretKey = { ...row, words: [null, 'phone'] }
    expect(
      toDifferences(shape, { missing: [row], extra: [secretKey], differing: [{ row, columns: ['token'] }] }),
    ).toEqual([
      { table: 'things', kind: 'missing', row: '@alice:example.org, owner alice, label phone', columns: [] },
      { table: 'things', kind: 'extra', row: '@alice:example.org, label phone', columns: [] },
      { table: 'things', kind: 'differs', row: '@alice:example.org, owner alice, label phone', columns: ['token'] },
    ])
  })
})

const buckets: fc.Arbitrary<readonly Bucket[]> = fc.uniqueArray(
  fc.record({
    bucket: fc.nat({ max: 50 }),
    count: fc.integer({ min: 1, max: 9 }),
    sum: fc.bigInt().map(String),
    xor: fc.bigInt().map(String),
  }),
  { selector: ({ bucket }) => bucket },
)

describe('the buckets that differ', () => {
  test('are none where both sides have the same, whatever their order', () => {
    fc.assert(
      fc.property(buckets, (all) => {
        expect(differingBuckets(all, all.toReversed())).toEqual([])
      }),
    )
  })

  test('are those of which anything is not the same, or that one side lacks, each once and in order', () => {
    fc.assert(
      fc.property(buckets, buckets, (wanted, present) => {
        const words = (all: readonly Bucket[], bucket: number): string =>
          JSON.stringify(all.find((one) => one.bucket === bucket))
        const numbers = [...new Set([...wanted, ...present].map(({ bucket }) => bucket))].toSorted((a, b) => a - b)
        const differing = numbers.filter((bucket) => words(wanted, bucket) !== words(present, bucket))
        expect(differingBuckets(wanted, present)).toEqual(differing)
      }),
    )
  })

  test('hold at most as many rows that differ as the side with more of them has', () => {
    const bucket = (number: number, count: number): Bucket => ({ bucket: number, count, sum: '0', xor: '0' })
    const wanted = [bucket(1, 3), bucket(2, 5), bucket(9, 100)]
    const present = [bucket(2, 7), bucket(3, 2)]
    expect(rowsOfBuckets(wanted, present, [1, 2, 3])).toBe(3 + 7 + 2)
    expect(rowsOfBuckets(wanted, present, [])).toBe(0)
  })

  test.each(['count', 'sum', 'xor'] as const)('include one that differs in its %s alone', (what) => {
    const one: Bucket = { bucket: 7, count: 2, sum: '10', xor: '6' }
    const other = { ...one, [what]: what === 'count' ? 3 : '11' }
    expect(differingBuckets([one], [other])).toEqual([7])
  })
})
