import { describe, expect, it } from 'vitest'
import { abilitiesOf } from '../../../src/readiness/abilities/abilities.ts'
import { acceptWarnings } from '../../../src/readiness/accept-warnings.ts'
import type { Evidence, QuestionName } from '../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../src/readiness/http/exchange.ts'
import { ALL_PROBES, judgeAll } from '../../../src/readiness/probes/all-probes.ts'
import { type Judgement, PROBE_CODES, type Probe } from '../../../src/readiness/probes/probe.ts'
import { silenceOf } from '../../../src/readiness/silence.ts'
import { discovered } from '../../support/readiness/discovery.ts'
import { answered, evidenceOf, failed } from '../../support/readiness/evidence.ts'
import { probe } from '../../support/readiness/readiness-document.ts'
import { PRODUCTS, productWith } from '../../support/readiness/whole-products.ts'

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

const everything = (exchange: Exchange, others: Readonly<Partial<Record<QuestionName, Exchange>>> = {}): Evidence => {
  const { asked } = PRODUCTS['Synapse and MAS']
  const all = Object.fromEntries(Object.keys(asked).map((name) => [name, exchange]))
  return evidenceOf({ ...all, ...others })
}

const failing = (evidence: Evidence): readonly string[] =>
  judgeAll(evidence).flatMap(({ code, result, seen }) => (result === 'fail' ? [`${code}: ${seen}`] : []))

const logins = (evidence: Evidence): readonly (readonly [string, string | undefined])[] =>
  abilitiesOf(evidence, judgeAll(evidence))
    .filter(({ deed }) => deed === 'log in')
    .map(({ can, because }) => [can, because[0]?.probe])

describe('one cause', () => {
  const wellKnownClient = answered(200, discovered('synapse-well-known-client'))

  it('is told once of a homeserver that does not answer at all', () => {
    const evidence = everything(failed(), { wellKnownClient })
    expect(failing(evidence)).toEqual(['VERSIONS: no answer: the connection was refused'])
    expect(judgeAll(evidence).find(({ code }) => code === 'LOGIN_FLOWS')).toMatchObject({
      result: 'not asked',
      seen: 'The homeserver does not answer: VERSIONS says why.',
      remedy: [],
    })
    expect(new Set(logins(evidence).map(String))).toEqual(new Set(['no,VERSIONS']))
  })

  it('is told once where .well-known fails in the same way, and twice where it fails in its own', () => {
    expect(failing(everything(failed()))).toEqual(['VERSIONS: no answer: the connection was refused'])
    const own = everything(failed(), { wellKnownClient: answered(500, 'oh') })
    expect(failing(own).map((line) => line.split(':')[0])).toEqual(['WELL_KNOWN', 'VERSIONS'])
  })

  it.each([
    [502, 'every path answers 502 with a page of HTML: the proxy does not reach the homeserver'],
    [200, 'every path answers 200 with a page of HTML'],
  ])('is told once where every path has the same page of %i', (status, seen) => {
    const evidence = everything(answered(status, '<!doctype html><p>Sign in to this network'), { wellKnownClient })
    expect(failing(evidence)).toEqual([`VERSIONS: ${seen}`])
    expect(new Set(logins(evidence).map(String))).toEqual(new Set(['no,VERSIONS']))
  })

  it('is not seen where one path answers as Matrix does', () => {
    const evidence = everything(answered(502, '<html>'), {
      wellKnownClient,
      versions: answered(200, discovered('synapse-1.163-versions')),
    })
    expect(failing(evidence).length).toBeGreaterThan(2)
  })

  it('is told once of an OP that does not answer at all, and keeps people from logging in there', () => {
    const { asked } = PRODUCTS['Synapse and MAS']
    const ofHomeserver = [
      'wellKnownClient',
      'versions',
      'metadataStable',
      'metadataUnstable',
      'login',
      'whoami',
    ] as const
    const ofTheOp = ['opConfiguration', 'opOauthMetadata', 'jwks', 'authorizePage', 'accountPage', 'tokenJunk'] as const
    const about = { issuer: 'https://auth.example.org/', issuerFrom: 'homeserver' } as const
    const others = Object.fromEntries(ofHomeserver.map((name) => [name, asked[name]]))
    const dead = Object.fromEntries(ofTheOp.map((name) => [name, failed()]))
    const evidence = evidenceOf({ ...others, ...dead }, about)
    const ofOp = judgeAll(evidence).filter(({ part, result }) => part !== 'homeserver' && result === 'fail')
    expect(ofOp.map(({ code }) => code)).toEqual(['OP_DISCOVERY'])
    expect(logins(evidence).slice(0, 1)).toEqual([['no', 'OP_DISCOVERY']])
    const unasked = { ...others, ...dead, whoami: answered(503, discovered('synapse-503-mas-down')) }
    expect(failing(evidenceOf(unasked, about)).join()).toContain('TOKENS_CHECKED: ')
  })
})

describe('one cause of an OP behind a proxy', () => {
  const ofTheOp = [
    'opConfiguration',
    'opOauthMetadata',
    'jwks',
    'authorizePage',
    'accountPage',
    'tokenJunk',
    'revokeJunk',
    'registrationPreflight',
    'introspectSecret',
  ] as const
  const stopped = (exchange: Exchange, others: Evidence['asked'] = {}): Evidence =>
    productWith('Synapse and MAS', {
      ...Object.fromEntries(ofTheOp.map((name) => [name, exchange])),
      registration: undefined,
      registrationNative: undefined,
      deviceAuthorization: undefined,
      revokeRegistered: undefined,
      whoami: answered(503, discovered('synapse-503-mas-down')),
      ...others,
    })

  it.each([
    [502, '<html>Bad Gateway'],
    [503, 'Service Unavailable'],
    [504, { error: 'timeout' }],
  ])('is told once where every path of it answers %i, and the step is to start it', (status, body) => {
    const evidence = stopped(answered(status, body))
    const weighty = judgeAll(evidence).filter(({ result, level }) => result === 'fail' && level !== 'info')
    expect(weighty.map(({ code }) => code)).toEqual(['TOKENS_CHECKED', 'OP_DISCOVERY'])
    expect(weighty[1]?.seen).toContain(`every path of the OP answers ${status}`)
    expect(weighty[1]?.remedy.join(' ')).toMatch(/^Start the OP/u)
    expect(new Set(logins(evidence).map(([can]) => can))).toEqual(new Set(['no']))
  })

  it('is not seen where the OP itself refuses one path', () => {
    const { opConfiguration } = PRODUCTS['Synapse and MAS'].asked
    const one = stopped(answered(502, '<html>'), opConfiguration === undefined ? {} : { opConfiguration })
    expect(failing(one).map((line) => line.split(':')[0])).toContain('OP_ROUTES')
  })
})

describe('one cause of a homeserver behind a proxy', () => {
  it('is told once though the OP is known by its name', () => {
    const { asked } = PRODUCTS['Synapse and MAS']
    const bad = answered(502, '<html>Bad Gateway')
    const ofHomeserver = [
      'wellKnownClient',
      'versions',
      'serverVersion',
      'metadataStable',
      'metadataUnstable',
      'authIssuer',
      'login',
      'logout',
      'refresh',
      'registerAvailable',
      'whoami',
      'masApi',
      'rendezvous',
      'preflight',
    ]
    const evidence = evidenceOf(
      { ...asked, ...Object.fromEntries(ofHomeserver.map((name) => [name, bad])) },
      { issuer: 'https://auth.example.org/', issuerFrom: 'given' },
    )
    const weighty = judgeAll(evidence).filter(({ result, level }) => result === 'fail' && level !== 'info')
    expect(weighty.map(({ code }) => code)).toEqual(['VERSIONS'])
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

describe('application services whose tokens were kept back', () => {
  const why = 'A secret is not sent over plain http to an address that nobody gave.'
  const kept = (msc4190: boolean) =>
    judgeAll(
      productWith('Synapse and MAS', {}, { applicationServices: [{ id: 'irc', msc4190, notAsked: why }] }),
    ).filter(({ code }) => code === 'BRIDGES' || code === 'BRIDGE_DEVICES')

  it('are not said to be unknown, and what needs no token is judged', () => {
    expect(kept(false)).toMatchObject([
      { result: 'not asked', seen: why, remedy: [] },
      { result: 'fail', seen: expect.stringContaining('irc has no io.element.msc4190') },
    ])
    expect(kept(true)).toMatchObject([{ result: 'not asked' }, { result: 'pass' }])
  })
})
