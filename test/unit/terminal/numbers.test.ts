import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInteger,
  formatPercent,
  formatRate,
} from '../../../src/terminal/numbers.ts'

describe('numbers for people', () => {
  it('integers have thousands separators', () => {
    expect(formatInteger(1_234_567)).toBe('1,234,567')
    expect(formatInteger(12n)).toBe('12')
    expect(formatCount(1, 'account', 'accounts')).toBe('1 account')
    expect(formatCount(0, 'account', 'accounts')).toBe('0 accounts')
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 KB'],
    [98_765, '98.8 KB'],
    [999_499, '999 KB'],
    [999_500, '1.00 MB'],
    [999_999_999, '1.00 GB'],
    [1_234_567_890, '1.23 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [340, '340 ms'],
    [999.6, '1.0 s'],
    [1240, '1.2 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [59_600, '1 min'],
    [72_000, '1 min 12 s'],
    [3_599_600, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000 * 3 + 4 * 3_600_000, '3 d 4 h'],
  ])('%d milliseconds are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  it('a duration never shows 60 of a smaller unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (milliseconds) => {
        expect(formatDuration(milliseconds)).not.toMatch(/\b(60 s|60 min|24 h|1000 ms)\b/u)
      }),
    )
  })

  it('rates are per second', () => {
    expect(formatRate(12_400, 1000)).toBe('12,400/s')
    expect(formatRate(5, 2000)).toBe('2.5/s')
    expect(formatRate(0, 2000)).toBe('0/s')
    expect(formatRate(5, 0)).toBe('')
  })

  it('percents never round something to nothing, nor a part to the whole', () => {
    expect(formatPercent(1, 3)).toBe('33 %')
    expect(formatPercent(1, 100_000)).toBe('<1 %')
    expect(formatPercent(99_999, 100_000)).toBe('>99 %')
    expect(formatPercent(0, 0)).toBe('')
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const [part, whole] = a < b ? [a, b] : [b, a]
        const text = formatPercent(part, whole)
        expect(text === '0 %').toBe(whole > 0 && part === 0)
        expect(text === '100 %').toBe(whole > 0 && part === whole)
      }),
    )
  })
})
