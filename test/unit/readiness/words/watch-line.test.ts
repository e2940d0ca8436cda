import { describe, expect, it } from 'vitest'
import { openLine, watchLine } from '../../../../src/readiness/words/watch-line.ts'
import { discovered } from '../../../support/readiness/discovery.ts'
import { documentOf } from '../../../support/readiness/documents.ts'
import { answered } from '../../../support/readiness/evidence.ts'
import { PRODUCTS, productWith } from '../../../support/readiness/whole-products.ts'

const width = 100
const works = documentOf(PRODUCTS['Synapse and MAS'], { at: '2026-11-23T03:12:09.000Z' })
const down = documentOf(productWith('Synapse and MAS', { whoami: answered(503, discovered('synapse-503-mas-down')) }))
const plain = documentOf(PRODUCTS['Synapse without an OP'])
const all = Object.keys(PRODUCTS['Synapse and MAS'].asked)
const proxy = documentOf(
  productWith('Synapse and MAS', Object.fromEntries(all.map((name) => [name, answered(502, '<html>Bad Gateway')]))),
)
const oldProxy = documentOf(
  productWith('Synapse and MAS', { login: answered(404, discovered('synapse-404-unrecognized')) }),
)

describe('a round of --watch', () => {
  it('is told by what people can do now, then by each probe that was mended or broken, with its time', () => {
    const lines = watchLine(down, works, { width })
    expect(lines[0]).toMatch(/^03:12:09 UTC {2}people can log in.*: every client$/u)
    expect(lines.join('\n')).toMatch(/03:12:09 UTC {2}TOKENS_CHECKED {2}mended: 503 /u)
    expect(watchLine(works, down, { width })[0]).toMatch(
      /^03:12:04 UTC {2}nobody can log in.* any more: every client$/u,
    )
  })

  it('is told by nothing where nothing changed', () => {
    expect(watchLine(works, works, { width })).toEqual([])
  })

  it('that is the first is told by whether people can log in, then by what fails, each cause once', () => {
    const lines = watchLine(undefined, down, { width })
    expect(lines[0]).toBe('03:12:04 UTC  Nobody can log in')
    expect(lines[1]).toContain('TOKENS_CHECKED  error: 503')
    expect(watchLine(undefined, proxy, { width }).length).toBeLessThanOrEqual(3)
  })

  it.each([
    ['the first', undefined, proxy],
    ['the first of MAS without its proxy', undefined, oldProxy],
    ['MAS that came up', proxy, works],
    ['MAS that stopped', works, down],
    ['a homeserver that got MAS', plain, works],
    ['a homeserver that is gone', works, proxy],
  ])('fits a few lines of the terminal: %s', (_, before, now) => {
    const lines = watchLine(before, now, { width })
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThanOrEqual(8)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
    expect(lines.join('\n')).not.toMatch(/No OP is known|not asked/u)
  })
})

describe('a round of --watch that no terminal shows', () => {
  const whole = { width: Number.POSITIVE_INFINITY }

  it('is told in whole lines', () => {
    const cut = watchLine(undefined, proxy, { width: 40 })
    const lines = watchLine(undefined, proxy, whole)
    expect(cut.join('\n')).toContain('…')
    expect(lines.join('\n')).not.toContain('…')
    expect(lines.map((line) => line.slice(0, 30))).toEqual(cut.map((line) => line.slice(0, 30)))
  })
})

describe('what is open when the watch ends', () => {
  it('is who cannot log in, and which probes fail', () => {
    expect(openLine(oldProxy, { width })).toEqual([
      expect.stringMatching(/^03:12:04 UTC {2}still open: .*LOGIN_FLOWS/u),
    ])
    expect(openLine(down, { width }).join('')).toMatch(/still open: nobody can log in; TOKENS_CHECKED/u)
  })

  it('is nothing where all is well', () => {
    expect(openLine(works, { width })).toEqual([])
  })
})
