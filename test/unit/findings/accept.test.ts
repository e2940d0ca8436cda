import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALL_WARNINGS, acceptFindings, unknownCodes, verdictOf } from '../../../src/findings/accept.ts'
import { FINDINGS, type FindingCode, finding } from '../../../src/findings/catalogue.ts'
import type { Finding } from '../../../src/findings/finding.ts'

const CODES = Object.keys(FINDINGS) as FindingCode[]
const seen = (code: FindingCode): Finding => finding(code, { message: 'seen', remedy: [] })

/** By flags alone. */
const by = (...flags: readonly string[]) => ({ flags, asOf: 0, now: 0 })

const findings = fc.subarray(CODES).map((codes) => codes.map(seen))
const acceptances = fc.subarray([...CODES, ALL_WARNINGS])

describe('accepting findings', () => {
  test('marks a warning with the code that was given', () => {
    expect(acceptFindings([seen('GUESTS')], by('GUESTS'))).toEqual([{ ...seen('GUESTS'), accepted: 'GUESTS' }])
  })

  test('as a whole marks what is known of the data, and leaves what the moment brings', () => {
    const found = [seen('GUESTS'), seen('SYNAPSE_RUNNING'), seen('SYNAPSE_BACKGROUND_UPDATES')]
    expect(acceptFindings(found, by(ALL_WARNINGS)).map(({ accepted }) => accepted)).toEqual([
      ALL_WARNINGS,
      undefined,
      undefined,
    ])
    expect(verdictOf(acceptFindings(found, by(ALL_WARNINGS)))).toBe('warnings')
    const moment = ['SYNAPSE_RUNNING', 'SYNAPSE_BACKGROUND_UPDATES']
    expect(verdictOf(acceptFindings(found, by(ALL_WARNINGS, ...moment)))).toBe('clear')
  })

  test('keeps every finding as it was, but for the mark', () => {
    fc.assert(
      fc.property(findings, acceptances, (found, accepted) => {
        const marked = acceptFindings(found, by(...accepted))
        expect(marked.map((one) => ({ ...one, accepted: undefined }))).toEqual(found)
      }),
    )
  })

  test('never marks an error or a notice, nor a warning that nobody meant', () => {
    fc.assert(
      fc.property(findings, acceptances, (found, accepted) => {
        for (const one of acceptFindings(found, by(...accepted))) {
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
        const marked = acceptFindings(found, by(...accepted))
        const open = marked.filter((one) => one.severity === 'warning' && one.accepted === undefined)
        const isWrong = found.some(({ severity }) => severity === 'error')
        expect(verdictOf(marked)).toBe(isWrong ? 'errors' : open.length > 0 ? 'warnings' : 'clear')
      }),
    )
  })

  describe('by a rule', () => {
    const until = Date.parse('2026-09-01T00:00:00Z')
    const rules = [{ code: 'GUESTS', reason: 'they are bots of ours', until }]
    const said = { acceptedBecause: 'they are bots of ours', acceptedUntil: '2026-09-01T00:00:00.000Z' }

    test('counts to the millisecond before its end, and stays in the report with its reason and end', () => {
      expect(acceptFindings([seen('GUESTS')], { flags: [], rules, asOf: until - 1, now: until - 1 })).toEqual([
        { ...seen('GUESTS'), accepted: 'GUESTS', ...said },
      ])
    })

    test('that has ended is told, and the warning is open again', () => {
      const ended = acceptFindings([seen('GUESTS')], { flags: [], rules, asOf: until, now: 0 })
      expect(ended).toEqual([{ ...seen('GUESTS'), ...said }])
      expect(verdictOf(ended)).toBe('warnings')
    })

    test('has ended by the clock too, where a run goes by an as-of time long past', () => {
      const [ended] = acceptFindings([seen('GUESTS')], { flags: [], rules, asOf: until - 1, now: until })
      expect(ended).toEqual({ ...seen('GUESTS'), ...said })
    })

    test('that has ended does not stand against a flag, and gives no reason for it', () => {
      const flagged = acceptFindings([seen('GUESTS')], { flags: [ALL_WARNINGS], rules, asOf: until, now: until })
      expect(flagged).toEqual([{ ...seen('GUESTS'), accepted: ALL_WARNINGS }])
    })

    test('without an end counts always, and never for an error', () => {
      const error = CODES.find((code) => FINDINGS[code].severity === 'error') ?? 'GUESTS'
      const found = [seen('GUESTS'), seen(error)]
      const marked = acceptFindings(found, {
        flags: [],
        rules: [{ code: 'GUESTS' }, { code: error }],
        asOf: until,
        now: until,
      })
      expect(marked).toEqual([{ ...seen('GUESTS'), accepted: 'GUESTS' }, seen(error)])
    })
  })

  test('of codes that no finding has is noticed', () => {
    expect(unknownCodes(['GUESTS', ALL_WARNINGS, 'GUEST', 'toString'])).toEqual(['GUEST', 'toString'])
    expect(unknownCodes(CODES)).toEqual([])
  })
})
