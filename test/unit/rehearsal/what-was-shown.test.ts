import { describe, expect, it } from 'vitest'
import { shownByNobody } from '../../../src/rehearsal/what-was-shown.ts'
import type { ProofResult } from '../../../src/report/proof-parts.ts'

const result = (what: ProofResult['what'], expected: boolean, worked: boolean): ProofResult => ({
  what,
  mxid: '@anna:story.example',
  expected,
  worked,
})

const named = (...results: readonly ProofResult[]): readonly string[] => shownByNobody(results).map(({ what }) => what)

describe('what was tried after a rehearsal’s migration', () => {
  it('proves nothing where it was only expected to fail, and failed', () => {
    expect(named(result('password', false, false))).toEqual(['logins'])
    expect(named(result('token', false, false))).toEqual(['tokens'])
  })

  it('proves nothing where it was expected to fail, and worked', () => {
    expect(named(result('password', false, true), result('token', false, true))).toEqual(['logins', 'tokens'])
  })

  it('proves its own kind by one that was expected to work, and did', () => {
    expect(named(result('password', false, false), result('password', true, true))).toEqual([])
    expect(named(result('password', true, true), result('token', true, false))).toEqual(['tokens'])
  })

  it('is not named here where none of its kind was tried', () => {
    expect(named()).toEqual([])
  })
})
