import { describe, expect, it } from 'vitest'
import { abilitiesOf } from '../../../../src/readiness/abilities/abilities.ts'
import type { Evidence, QuestionName } from '../../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../../src/readiness/http/exchange.ts'
import { judgeAll } from '../../../../src/readiness/probes/all-probes.ts'
import type { ProbeCode } from '../../../../src/readiness/probes/probe.ts'
import type { ReadinessProbe } from '../../../../src/report/readiness-document.ts'
import { discovered, discoveredDocument } from '../../../support/readiness/discovery.ts'
import { answered } from '../../../support/readiness/evidence.ts'
import { HOMESERVERS } from '../../../support/readiness/homeservers.ts'
import { productWith } from '../../../support/readiness/whole-products.ts'

type Asked = Readonly<Partial<Record<QuestionName, Exchange>>>

const but = (evidence: Evidence, asked: Asked): Evidence => ({ ...evidence, asked: { ...evidence.asked, ...asked } })

const probeOf = (evidence: Evidence, code: ProbeCode): ReadinessProbe => {
  const found = judgeAll(evidence).find((probe) => probe.code === code)
  if (found === undefined) throw new Error(`there is no probe ${code}`)
  return found
}

const signUps = (evidence: Evidence): readonly string[] => [
  ...new Set(
    abilitiesOf(evidence, judgeAll(evidence))
      .filter(({ client, deed }) => client === 'legacy-password' && deed === 'sign up')
      .map(({ can }) => can),
  ),
]

const WELL_KNOWN = answered(200, discovered('synapse-well-known-client'))
const FREE = answered(200, { available: true })
const IN_USE = answered(400, { errcode: 'M_USER_IN_USE', error: 'User ID already taken' })

describe('whether the homeserver makes accounts by /register', () => {
  it.each([
    ['Dendrite, which says of a name that it is free though nobody may take it', HOMESERVERS.Dendrite],
    ['Dendrite, of a name that is taken', but(HOMESERVERS.Dendrite, { registerAvailable: IN_USE })],
    ['Tuwunel', but(HOMESERVERS['Tuwunel without OAuth'], { registerAvailable: FREE, wellKnownClient: WELL_KNOWN })],
    ['continuwuity', but(HOMESERVERS.continuwuity, { registerAvailable: FREE })],
    [
      'a homeserver that does not say what it is',
      productWith('Synapse without an OP', {
        registerAvailable: FREE,
        serverVersion: undefined,
        versions: answered(200, { versions: ['v1.15'] }),
      }),
    ],
    [
      'a page in its place',
      productWith('Synapse without an OP', {
        registerAvailable: answered(200, '<!doctype html>', { 'content-type': 'text/html' }),
      }),
    ],
    [
      'JSON of another kind in its place',
      productWith('Synapse without an OP', { registerAvailable: answered(200, []) }),
    ],
  ])('is not told by %s', (_name, evidence) => {
    expect(signUps(evidence)).toEqual(['unknown'])
    expect(probeOf(evidence, 'LEGACY_SIGN_UP').result).not.toBe('pass')
  })

  it('is told by Synapse', () => {
    const open = productWith('Synapse without an OP', { registerAvailable: FREE })
    expect(signUps(open)).toEqual(['yes'])
    expect(probeOf(open, 'LEGACY_SIGN_UP').result).toBe('pass')
    expect(signUps(productWith('Synapse without an OP', { registerAvailable: IN_USE }))).toEqual(['yes'])
    expect(signUps(productWith('Synapse without an OP', {}))).toEqual(['no'])
  })
})

describe('a homeserver with an OP of its own that syn2op does not know', () => {
  const server = answered(200, { server: { name: 'Palpo', version: '0.3' } })
  const versions = answered(200, { versions: ['v1.15'], server: { name: 'Palpo', version: '0.3' } })
  const document = answered(200, {
    ...discoveredDocument('tuwunel-auth-metadata'),
    token_endpoint: 'https://matrix.example.org/oauth/token',
  })
  const unrecognized = answered(404, discovered('synapse-404-unrecognized'))
  const PALPO = productWith('Tuwunel', {
    versions,
    serverVersion: server,
    metadataStable: document,
    metadataUnstable: document,
    masApi: unrecognized,
    refresh: unrecognized,
    registerAvailable: FREE,
    login: answered(200, { flows: [{ type: 'm.login.password' }] }),
  })

  it('is told nothing of Synapse and of MAS', () => {
    const words = judgeAll(PALPO)
      .filter(({ part, result }) => part !== 'op' && result === 'fail')
      .flatMap(({ code, seen, remedy }) => [seen, ...remedy].map((line) => `${code}: ${line}`))
    expect(words.filter((line) => /\b(MAS|Synapse)\b|homeserver\.yaml|localhost:8080/u.test(line))).toEqual([])
    expect(probeOf(PALPO, 'MAS_API')).toMatchObject({ result: 'not asked', seen: expect.stringContaining('Palpo') })
  })

  it.each([
    ['Tuwunel', HOMESERVERS.Tuwunel],
    ['another', PALPO],
  ])('nor where its metadata fail: %s', (_name, evidence) => {
    const broken = answered(500, { errcode: 'M_UNKNOWN', error: 'Internal server error' })
    const { seen, remedy } = probeOf(
      but(evidence, { metadataStable: broken, metadataUnstable: broken }),
      'METADATA_STABLE',
    )
    expect([seen, ...remedy].join('\n')).not.toMatch(/MAS|Synapse/u)
  })

  it.each([
    ['Tuwunel', HOMESERVERS.Tuwunel],
    ['another', PALPO],
  ])('nor where its issuer is another by a slash: %s', (_name, evidence) => {
    const own = answered(200, { ...discoveredDocument('tuwunel-auth-metadata'), issuer: 'https://matrix.example.org' })
    const named = {
      ...but(evidence, { opConfiguration: own }),
      issuer: 'https://matrix.example.org/',
      issuerFrom: 'homeserver' as const,
    }
    const { result, remedy } = probeOf(named, 'OP_DISCOVERY')
    expect(result).toBe('fail')
    expect(remedy.join('\n')).not.toMatch(/MAS|Synapse/u)
  })
})

describe('a proxy that says in JSON that nobody is behind it', () => {
  const down = answered(503, { errcode: 'M_UNKNOWN', error: 'Service unavailable' })
  const { asked } = HOMESERVERS['Synapse 1.163 with passwords']
  const evidence = productWith('Synapse without an OP', {
    ...Object.fromEntries(Object.keys(asked).map((name) => [name, down])),
    wellKnownClient: asked.wellKnownClient,
  })

  it('is no sign of MAS', () => {
    const words = judgeAll(evidence).flatMap(({ code, seen, remedy, result }) =>
      result === 'fail' ? [seen, ...remedy].map((line) => `${code}: ${line}`) : [],
    )
    expect(words.filter((line) => /\bMAS\b/u.test(line))).toEqual([])
    expect(probeOf(evidence, 'LEGACY_SIGN_UP').result).not.toBe('pass')
  })

  it('is told once', () => {
    const failing = judgeAll(evidence).filter(({ result }) => result === 'fail')
    expect(failing.map(({ code, seen }) => `${code}: ${seen}`)).toEqual([
      'VERSIONS: every path answers 503 M_UNKNOWN: Service unavailable',
    ])
  })

  it('which a homeserver that answers itself is by 503 at whoami', () => {
    const alone = productWith('Synapse without an OP', { whoami: down })
    expect(probeOf(alone, 'TOKENS_CHECKED').seen).toContain('Synapse cannot ask MAS')
  })
})
