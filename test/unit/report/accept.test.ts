import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALL_WARNINGS, acceptFindings, unknownCodes, verdictOf } from '../../../src/report/accept.ts'
import type { Finding } from '../../../src/report/finding.ts'
import { FINDINGS, type FindingCode, finding } from '../../../src/report/findings/catalogue.ts'

const CODES = Object.keys(FINDINGS) as FindingCode[]
const seen = (code: FindingCode): Finding => finding(code, { message: 'seen', remedy: [] })

const findings = fc.subarray(CODES).map((codes) => codes.map(seen))
const acceptances = fc.subarray([...CODES, ALL_WARNINGS])

describe('accepting findings', () => {
  test('marks a warning with the code that was given', () => {
    expect(acceptFindings([seen('GUESTS')], ['GUESTS'])).toEqual([{ ...seen('GUESTS'), accepted: 'GUESTS' }])
  })

  test('as a whole marks what is known of the data, and leaves what the moment brings', () => {
    const found = [seen('GUESTS'), seen('SYNAPSE_RUNNING'), seen('SYNAPSE_BACKGROUND_UPDATES')]
    expect(acceptFindings(found, [ALL_WARNINGS]).map(({ accepted }) => accepted)).toEqual([
      ALL_WARNINGS,
      undefined,
      undefined,
    ])
    expect(verdictOf(acceptFindings(found, [ALL_WARNINGS]))).toBe('warnings')
    const moment = ['SYNAPSE_RUNNING', 'SYNAPSE_BACKGROUND_UPDATES']
    expect(verdictOf(acceptFindings(found, [ALL_WARNINGS, ...moment]))).toBe('clear')
  })

  test('keeps every finding as it was, but for the mark', () => {
    fc.assert(
      fc.property(findings, acceptances, (found, accepted) => {
        const marked = acceptFindings(found, accepted)
        expect(marked.map((one) => ({ ...one, accepted: undefined }))).toEqual(found)
      }),
    )
  })

  test('never marks an error or a notice, nor a warning that nobody meant', () => {
    fc.assert(
      fc.property(findings, acceptances, (found, accepted) => {
        for (const one of acceptFindings(found, accepted)) {
          const { severity, kind } = FINDINGS[one.code as FindingCode]
          const meant = accepted.includes(one.code) || (accepted.includes(ALL_WARNINGS) && kind === 'data')
          expect(one.accepted !== undefined).toBe(severity === 'warning' && meant)
        }
      }),
    )
  })

  test('lets a migration go on only without errors and without open warnings', () => {
    fc.assert(
      fc.property(findings, acceptances, (found, accepted) => {
        const marked = acceptFindings(found, accepted)
        const open = marked.filter((one) => one.severity === 'warning' && one.accepted === undefined)
        const isWrong = found.some(({ severity }) => severity === 'error')
        expect(verdictOf(marked)).toBe(isWrong ? 'errors' : open.length > 0 ? 'warnings' : 'clear')
      }),
    )
  })

  test('of codes that no finding has is noticed', () => {
    expect(unknownCodes(['GUESTS', ALL_WARNINGS, 'GUEST', 'toString'])).toEqual(['GUEST', 'toString'])
    expect(unknownCodes(CODES)).toEqual([])
  })
})
