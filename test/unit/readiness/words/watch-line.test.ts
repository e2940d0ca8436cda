import { describe, expect, it } from 'vitest'
import { watchLine } from '../../../../src/readiness/words/watch-line.ts'
import { discovered } from '../../../support/readiness/discovery.ts'
import { documentOf } from '../../../support/readiness/documents.ts'
import { answered } from '../../../support/readiness/evidence.ts'
import { PRODUCTS, productWith } from '../../../support/readiness/whole-products.ts'

const works = documentOf(PRODUCTS['Synapse and MAS'], { at: '2026-11-23T03:12:09.000Z' })
const down = documentOf(productWith('Synapse and MAS', { whoami: answered(503, discovered('synapse-503-mas-down')) }))

describe('a round of --watch', () => {
  it('is told by a line for each change, with its time', () => {
    const lines = watchLine(down, works)
    expect(lines[0]).toMatch(
      /^03:12:09 UTC {2}TOKENS_CHECKED {2}mended: 503 .* → a token that nobody has is refused: 401/u,
    )
    expect(lines).toContain('03:12:09 UTC  Element X: people can log in')
    expect(watchLine(works, down)).toContain('03:12:04 UTC  Element X: nobody can log in any more')
  })

  it('is told by nothing where nothing changed', () => {
    expect(watchLine(works, works)).toEqual([])
  })

  it('that is the first is told by what fails, worst first', () => {
    const lines = watchLine(undefined, down)
    expect(lines[0]).toBe('03:12:04 UTC  1 probe fails with an error')
    expect(lines[1]).toContain('TOKENS_CHECKED  error: 503')
  })
})
