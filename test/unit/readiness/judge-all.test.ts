import { describe, expect, it } from 'vitest'
import { acceptWarnings } from '../../../src/readiness/accept-warnings.ts'
import { ALL_PROBES, judgeAll } from '../../../src/readiness/probes/all-probes.ts'
import { type Judgement, PROBE_CODES, type Probe } from '../../../src/readiness/probes/probe.ts'
import { silenceOf } from '../../../src/readiness/silence.ts'
import { answered, evidenceOf, failed } from '../../support/readiness/evidence.ts'
import { probe } from '../../support/readiness/readiness-document.ts'

const judging = (judge: () => Judgement): Probe => ({
  code: 'VERSIONS',
  part: 'homeserver',
  title: 'It answers',
  spec: 'Matrix 1.0',
  stability: 'stable',
  level: 'error',
  why: 'Nobody gets in.',
  judge,
})

describe('all probes', () => {
  it('are there once each, in the order in which they are shown', () => {
    expect(ALL_PROBES.map(({ code }) => code)).toEqual([...PROBE_CODES])
  })

  it('judge where nothing was asked, and pass nothing', () => {
    const judged = judgeAll(evidenceOf({}))
    expect(judged.filter(({ result }) => result === 'pass')).toEqual([])
    expect(judged.filter(({ seen }) => seen === '')).toEqual([])
  })

  it('weigh what they fail on as they say, else as they are', () => {
    const fails: Judgement = { result: 'fail', seen: '404', remedy: ['line'] }
    expect(judgeAll(evidenceOf({}), [judging(() => fails)])).toMatchObject([{ level: 'error', remedy: ['line'] }])
    const lighter = judging(() => ({ ...fails, level: 'warning' }))
    expect(judgeAll(evidenceOf({}), [lighter])).toMatchObject([{ level: 'warning' }])
  })

  it('that cannot judge are our fault, and say which', () => {
    const broken = judging(() => {
      throw new TypeError('x is undefined')
    })
    expect(() => judgeAll(evidenceOf({}), [broken])).toThrow(
      expect.objectContaining({ code: 'internal', message: expect.stringContaining('VERSIONS') }),
    )
  })
})

describe('warnings', () => {
  const warning = probe({ code: 'SIGN_UP', level: 'warning', result: 'fail' })

  it('are acknowledged by their code, or all at once', () => {
    expect(acceptWarnings([warning], ['SIGN_UP'])).toEqual([{ ...warning, accepted: 'SIGN_UP' }])
    expect(acceptWarnings([warning], ['all-warnings'])).toEqual([{ ...warning, accepted: 'all-warnings' }])
    expect(acceptWarnings([warning], ['VERSIONS'])).toEqual([warning])
  })

  it('alone are: no error, and nothing that passes', () => {
    const others = [probe({ result: 'fail' }), probe({ level: 'warning' })]
    expect(acceptWarnings(others, ['VERSIONS', 'all-warnings'])).toEqual(others)
  })
})

describe('silence', () => {
  it('is where a homeserver answers nothing, though .well-known does', () => {
    const evidence = evidenceOf({ wellKnownClient: answered(200, {}), versions: failed(), login: failed() })
    expect(silenceOf(evidence)).toEqual({
      who: 'homeserver',
      url: 'https://matrix.example.org',
      why: 'the connection was refused',
    })
  })

  it('is not where it answers something, or nobody asked', () => {
    expect(silenceOf(evidenceOf({ versions: failed(), login: answered(502) }))).toBeUndefined()
    expect(silenceOf(evidenceOf({}))).toBeUndefined()
  })

  it('is of the OP only where that is asked alone', () => {
    const asked = { opConfiguration: failed(), opOauthMetadata: failed() }
    const { baseUrl: _, serverName: __, ...alone } = evidenceOf(asked)
    expect(silenceOf(alone)).toMatchObject({ who: 'OP' })
    expect(silenceOf(evidenceOf({ ...asked, versions: answered(200, {}) }))).toBeUndefined()
  })
})
