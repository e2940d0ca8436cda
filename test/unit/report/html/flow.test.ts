import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RELATION_NAMES, RELATIONS } from '../../../../src/accounts/relations.ts'
import type { RelationCount, TableResult } from '../../../../src/report/documents.ts'
import { type FlowLink, layFlow, wrap } from '../../../../src/report/html/plots/flow.ts'
import { flowLinks } from '../../../../src/report/html/plots/flow-links.ts'
import { flowPlot, flowWords } from '../../../../src/report/html/plots/flow-plot.ts'
import { relations, runDocument } from '../../../support/documents.ts'

const count = fc.oneof(fc.constantFrom(0, 1, 10_000_000), fc.nat(10_000_000))
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

const reasonCounts = fc.uniqueArray(
  fc.record({
    reason: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
    count: fc.integer({ min: 1, max: 1e7 }),
  }),
  { maxLength: 40, selector: ({ reason }) => reason },
)

const anyRelations: fc.Arbitrary<readonly RelationCount[]> = fc
  .array(fc.tuple(count, reasonCounts), { minLength: RELATIONS.length, maxLength: RELATIONS.length })
  .map((drawn) =>
    drawn.map(([carried, left], index) => ({
      relation: RELATIONS[index] ?? 'account',
      read: carried + sumOf(left.map((one) => one.count)),
      carried,
      left,
    })),
  )

const measures = { sourceColumns: 17, destinationColumns: 25, line: 15 }
const ofKind = (links: readonly FlowLink[], kind: FlowLink['kind']): number =>
  sumOf(links.filter((link) => link.kind === kind).map((link) => link.count))

describe('what goes where', () => {
  it('loses no row: what is read is what arrives and what is left', () => {
    fc.assert(
      fc.property(anyRelations, (drawn) => {
        const links = flowLinks({ relations: drawn, tables: [], product: 'MAS' })
        expect(ofKind(links, 'carried')).toBe(sumOf(drawn.map((one) => one.carried)))
        for (const { relation, read } of drawn)
          expect(
            sumOf(links.filter(({ from }) => from === RELATION_NAMES[relation].many).map((one) => one.count)),
          ).toBe(read)
      }),
      { numRuns: 50 },
    )
  })

  it('is drawn inside its picture, ribbons as thick together as their blocks, labels one beneath the other', () => {
    fc.assert(
      fc.property(anyRelations, (drawn) => {
        const links = flowLinks({ relations: drawn, tables: [], product: 'MAS' })
        fc.pre(links.some((link) => link.count > 0))
        const flow = layFlow(links, measures)
        for (const nodes of [flow.sources, flow.destinations]) {
          expect(sumOf(nodes.map((node) => node.height))).toBeCloseTo(
            sumOf(flow.ribbons.map((ribbon) => ribbon.thickness)),
          )
          let labelEnd = Number.NEGATIVE_INFINITY
          for (const { y, height, lines } of nodes) {
            const half = (lines.length * measures.line) / 2
            expect(y + height / 2 - half).toBeGreaterThanOrEqual(labelEnd)
            labelEnd = y + height / 2 + half
            expect(y).toBeGreaterThanOrEqual(0)
            expect(Math.max(y + height, labelEnd)).toBeLessThanOrEqual(flow.height + 0.001)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('puts the reasons that are drawn as one beneath the others, even where they are more', () => {
    const left = Array.from({ length: 30 }, (_, index) => ({ reason: `reason_${index}`, count: 10 }))
    const links = flowLinks({
      relations: [{ relation: 'account', read: 300, carried: 0, left }],
      tables: [],
      product: 'MAS',
    })
    const { destinations } = layFlow(links, measures)
    expect(destinations).toHaveLength(12)
    expect(destinations.at(-1)).toMatchObject({ name: '19 other reasons', count: 190 })
  })

  it('says in words what it draws', () => {
    const said = flowWords(flowLinks({ relations, tables: runDocument.tables, product: 'MAS' }))
    expect(said).toContain(
      'accounts: 43,993 to users, 2,311 left (belongs to an application service), 1,904 left (guest), 2 left',
    )
    expect(said).toContain(
      'e-mails and phones: 37,115 to user_emails, 1,245 to user_unsupported_third_party_ids, 31 left',
    )
  })

  it('draws both where two reasons have the same name', () => {
    const link: FlowLink = { from: 'devices', to: 'gone', count: 5, kind: 'left' }
    const { ribbons, destinations } = layFlow([link, link], measures)
    expect(ribbons).toHaveLength(2)
    expect(destinations).toMatchObject([{ name: 'gone', count: 10 }])
  })

  it('names two tables together where it is not known how many rows went into each', () => {
    const some = (table: string): TableResult => ({ table, relation: 'session', rows: 9, bytes: 1, milliseconds: 1 })
    const [devices] = relations.filter(({ relation }) => relation === 'session')
    const links = flowLinks({ relations: devices ? [devices] : [], tables: [some('a'), some('b')], product: 'MAS' })
    expect(links[0]).toEqual({ from: 'devices', to: 'devices in a, b', count: 109_219, kind: 'carried' })
  })

  it('gives a table no other number of rows than it got, and says which it got beside', () => {
    const tables: readonly TableResult[] = [
      { table: 'compat_sessions', relation: 'session', rows: 109_297, bytes: 1, milliseconds: 1 },
    ]
    const { markup } = flowPlot({ relations, tables, product: 'MAS' })
    expect(markup).not.toContain('>compat_sessions:')
    expect(markup).toContain('compat_sessions got 78 sessions more: for tokens without a device.')
  })

  it('says nothing of more rows where a table got just what is drawn', () => {
    const tables: readonly TableResult[] = [
      { table: 'compat_sessions', relation: 'session', rows: 109_219, bytes: 1, milliseconds: 1 },
    ]
    expect(flowPlot({ relations, tables, product: 'MAS' }).markup).not.toContain('more: for tokens')
  })

  it('is not drawn where nothing was read', () => {
    expect(flowPlot({ relations: [], tables: [], product: 'MAS' }).markup).toBe('')
  })
})

describe('a label', () => {
  it('is broken into lines that fit, and loses nothing but the spaces at their ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 4, max: 40 }), (text, columns) => {
        const lines = wrap(text, columns)
        expect(lines.length).toBeGreaterThanOrEqual(1)
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns)
        expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''))
      }),
    )
  })

  it('is broken after an underscore where there is no space', () => {
    expect(wrap('user_unsupported_third_party_ids', 25)).toEqual(['user_unsupported_third_', 'party_ids'])
  })
})
