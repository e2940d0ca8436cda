import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bar, barPlot, splitBars } from '../../../../src/report/html/plots/bars.ts'
import { units, WIDE } from '../../../../src/report/html/plots/scale.ts'
import { accountsSection } from '../../../../src/report/html/sections/accounts.ts'
import { peopleSection } from '../../../../src/report/html/sections/people.ts'
import { formatInteger } from '../../../../src/terminal/numbers.ts'
import { relations } from '../../../support/documents.ts'
import { wholePlanDocument } from '../../../support/plan-documents.ts'

const count = fc.oneof(fc.constantFrom(0, 1, 10_000_000), fc.nat(10_000_000))
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

const bar: fc.Arbitrary<Bar> = fc.record({
  name: fc.string({ unit: 'grapheme', maxLength: 60 }),
  count,
  tone: fc.constantFrom('carried', 'left', 'bad'),
})

const plot = (bars: readonly Bar[]): string =>
  barPlot({
    title: 'Title',
    caption: 'Caption.',
    bars,
    whole: sumOf(bars.map((one) => one.count)),
    full: 'whole',
    unit: { one: 'account', many: 'accounts' },
  }).markup

describe('a bar', () => {
  it('is never longer than its whole, and never nothing of something', () => {
    fc.assert(
      fc.property(count, count, (part, whole) => {
        const width = units(part, whole)
        expect(Number.isInteger(width)).toBe(true)
        expect(width).toBeGreaterThanOrEqual(part > 0 && whole > 0 ? 1 : 0)
        expect(width).toBeLessThanOrEqual(part > 0 && whole > 0 ? WIDE : 0)
      }),
    )
  })

  it('is all of its track when it is all there is', () => {
    expect(plot([{ name: 'migrate', count: 7, tone: 'carried' }])).toContain(`width="${WIDE}"`)
  })
})

describe('bars', () => {
  it('tell every count, in their order, however many there are', () => {
    fc.assert(
      fc.property(fc.array(bar, { minLength: 1, maxLength: 45 }), (bars) => {
        const markup = plot(bars)
        const told = [...markup.matchAll(/<span class="n">([^<]*)<\/span>/gu)].map(([, text]) => text)
        expect(told).toEqual(bars.map((one) => formatInteger(one.count)))
        expect(markup).not.toMatch(/NaN|Infinity|undefined/u)
      }),
    )
  })

  it('are folded beyond a dozen, with what is in the fold told before it is opened', () => {
    const bars = Array.from({ length: 40 }, (_, index): Bar => ({ name: `${index}`, count: 100, tone: 'left' }))
    const { shown, folded } = splitBars(bars)
    expect([...shown, ...folded]).toEqual(bars)
    expect(shown).toHaveLength(11)
    expect(plot(bars)).toContain('<summary>29 more, 2,900 accounts together</summary>')
    expect(plot(bars.slice(0, 12))).not.toContain('<details>')
  })

  it('of accounts add up to all of them', () => {
    const { markup } = accountsSection(relations)
    const told = [...markup.matchAll(/<span class="n">([^<]*)<\/span>/gu)].map(([, text = '']) =>
      Number(text.replaceAll(',', '')),
    )
    expect(told).toEqual([43_993, 2311, 1904, 2])
    expect(sumOf(told)).toBe(48_210)
  })

  it('of people are not there where nobody counted them', () => {
    expect(peopleSection(undefined).markup).toBe('')
  })

  it('of people say how many were seen lately, by the same numbers', () => {
    expect(peopleSection(wholePlanDocument.people).markup).toContain(
      'A device of 21,940 of them (52 %) was seen in the month before the as-of time.',
    )
  })

  it('of no people at all say so without a share of nothing', () => {
    const nobody = peopleSection({
      accounts: 0,
      waysToLogIn: { password: 0, identity: 0, both: 0, none: 0 },
      lastSeen: [{ within: 'never', accounts: 0 }],
    }).markup
    expect(nobody).toContain('0 accounts migrate')
    expect(nobody).not.toMatch(/NaN|\(\)/u)
  })
})
