import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Evidence, QuestionName } from '../../../src/readiness/evidence.ts'
import { createAsk } from '../../../src/readiness/http/ask.ts'
import type { Exchange } from '../../../src/readiness/http/exchange.ts'
import { inspect } from '../../../src/readiness/inspect.ts'
import { maskedTelling } from '../../../src/readiness/masked-telling.ts'
import type { Subject } from '../../../src/readiness/subject.ts'
import type { ReadinessDocument } from '../../../src/report/readiness-document.ts'
import { documentOf } from '../../support/readiness/documents.ts'
import { answered } from '../../support/readiness/evidence.ts'
import { OPS } from '../../support/readiness/ops.ts'
import { type StandIn, startStandIn } from '../../support/readiness/stand-in.ts'
import { productWith } from '../../support/readiness/whole-products.ts'

/** Around what a server repeats, so that it is found in what is told. */
const [BEFORE, AFTER] = ['⟦', '⟧'] as const

/** Where a server may repeat what it was asked with: each place that is told of, where it is wrong. */
const ECHOES: Readonly<Record<string, (echo: string) => Readonly<Partial<Record<QuestionName, Exchange>>>>> = {
  'the words of an error': (echo) => ({
    masApiSecret: answered(403, { errcode: 'M_FORBIDDEN', error: `not ${echo}` }),
    capabilities: answered(401, { errcode: 'M_UNKNOWN_TOKEN', error: `${echo} has ended` }),
    introspectSecret: answered(401, { error: 'invalid_client', error_description: `who is ${echo}?` }),
  }),
  'the code of an error': (echo) => ({ revokeJunk: answered(400, { error: echo }) }),
  'an answer that is long': (echo) => ({
    masApiSecret: answered(500, { errcode: 'M_UNKNOWN', error: `${'.'.repeat(170)}${echo}${echo}` }),
  }),
  'a header': (echo) => ({ versions: answered(302, '', { location: `https://elsewhere.example.org/?q=${echo}` }) }),
  'the origin that may read': (echo) => ({
    login: answered(200, { flows: [] }, { 'access-control-allow-origin': echo }),
  }),
  'the name of a product': (echo) => ({
    serverVersion: answered(200, { server: { name: `Synapse ${echo}`, version: '1' } }),
  }),
  'the name of a member': (echo) => ({
    versions: answered(200, { versions: ['v1.15'], unstable_features: { [echo]: 'odd' } }),
  }),
  'an address': (echo) => ({
    metadataStable: answered(200, { ...metadata(), issuer: `https://auth.example.org/${echo}/` }),
  }),
  'a list of the metadata': (echo) => ({
    metadataStable: answered(200, { ...metadata(), prompt_values_supported: [echo], response_types_supported: [echo] }),
  }),
}

const metadata = (): Readonly<Record<string, unknown>> =>
  OPS['MAS'].asked.metadataStable?.answer?.json as Readonly<Record<string, unknown>>

const evidenceWith = (answers: Evidence['asked']): Evidence =>
  productWith('Synapse and MAS', { ...OPS['MAS'].asked, ...answers })

const echoing = (secret: string, place: string): Evidence =>
  evidenceWith(ECHOES[place]?.(`${BEFORE}${secret}${AFTER}`) ?? {})

const textsOf = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsOf)
      : []

/** Between the marks nothing stands but masks; where the text was cut, signs that are no letters may be left. */
const isReadable = (text: string): boolean =>
  [...text.matchAll(/⟦([^⟧]*)(⟧?)/gu)].some(([, echo = '', end]) => {
    const left = echo.replaceAll(/‹masked \d+ characters?›/gu, '')
    return (end === '' ? left.replaceAll(/[^\p{L}\p{N}]/gu, '') : left) !== ''
  })

const withoutMasks = (document: ReadinessDocument): string =>
  JSON.stringify(document).replaceAll(/‹masked \d+ characters?›/gu, '*')

const OUR_WORDS = ['secret', 'token', 'homeserver', 'the', 'fail', 'error', 'Synapse', 'refused', 'a token that', 'not']
const THEIR_WORDS = ['code', 'issuer', 'https', 'M_UNKNOWN_TOKEN', 'example.org', 'client_secret_basic', 'MAS', '1']

const places = fc.constantFrom(...Object.keys(ECHOES))
const drawn = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~+= ü€/&"'), minLength: 0, maxLength: 39 })
const secrets = fc.oneof(
  { arbitrary: drawn.map((rest) => `k${rest}`), weight: 6 },
  { arbitrary: fc.constantFrom(...OUR_WORDS, ...THEIR_WORDS), weight: 6 },
  // What is judged by holds them everywhere: each takes a second.
  { arbitrary: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABC0123456789'), weight: 1 },
)

describe('a secret that a server repeats', () => {
  it('stands in nothing that is told, however short, and wherever it was repeated', () => {
    fc.assert(
      fc.property(secrets, places, (secret, place) => {
        const texts = textsOf(maskedTelling(echoing(secret, place), [secret], documentOf))
        expect(texts.filter(isReadable)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it.each(Object.keys(ECHOES))('leaves our own words as they are with any other: %s', (place) => {
    const other = `${'k'.repeat(3)}-another`
    const told = maskedTelling(echoing(other, place), [other], documentOf)
    for (const secret of ['secret', 'homeserver', 'the', 'fail', 'refused', 'a token that']) {
      const same = maskedTelling(echoing(secret, place), [secret], documentOf)
      expect(same.probes.map(({ result, level }) => [result, level])).toEqual(
        told.probes.map(({ result, level }) => [result, level]),
      )
      if (place !== 'an answer that is long') expect(withoutMasks(same)).toBe(withoutMasks(told))
    }
  })

  it('is nothing that a document is judged by: no letter of that changes', () => {
    const plain = documentOf(evidenceWith({}))
    for (const secret of [...OUR_WORDS, ...THEIR_WORDS]) {
      const told = maskedTelling(evidenceWith({}), [secret], documentOf)
      const own = (document: ReadinessDocument) =>
        document.probes.map(({ code, title, spec, level, result }) => [code, title, spec, level, result])
      expect(own(told)).toEqual(own(plain))
      expect(told.abilities.map(({ can }) => can)).toEqual(plain.abilities.map(({ can }) => can))
    }
  })
})

describe('what is found by a homeserver that repeats its secrets', () => {
  const started: StandIn[] = []
  afterEach(async () => void (await Promise.all(started.splice(0).map((standIn) => standIn.stop()))))

  it('is judged and told as with secrets of any length', async () => {
    const standIn = await startStandIn('synapse-mas', {
      faults: ({ path }, reply) =>
        path.endsWith('/is_localpart_available')
          ? { status: 403, body: { errcode: 'M_FORBIDDEN', error: 'secret is no secret of ours' } }
          : reply,
    })
    started.push(standIn)
    const subject: Subject = {
      baseUrl: standIn.baseUrl ?? '',
      origin: 'https://app.element.io',
      traces: 'none',
      masSecret: 'secret',
      accessToken: 'r',
    }
    const ask = createAsk({ signal: new AbortController().signal, timeoutMs: 5000 })
    const { document } = await inspect({ asking: { subject, ask, cleanUp: ask }, accept: [], now: 0 })
    const probe = document.probes.find(({ code }) => code === 'MAS_API')
    expect(document.kind).toBe('readiness')
    expect(probe).toMatchObject({ result: 'fail', level: 'error' })
    expect(probe?.seen).toContain('‹masked 6 characters› is no ‹masked 6 characters› of ou‹masked 1 character›s')
    expect(probe?.seen).toContain('this secret is not the one that the homeserver runs with')
    expect(probe?.remedy[1]).toBe("Then write the same secret into matrix.secret of MAS's configuration.")
  })
})
