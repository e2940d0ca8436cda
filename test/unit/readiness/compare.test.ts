import { describe, expect, it } from 'vitest'
import { type Compared, checkComparable } from '../../../src/readiness/comparable.ts'
import { compareReadiness, isWorse } from '../../../src/readiness/compare.ts'
import { readinessExit } from '../../../src/readiness/words/exit.ts'
import { readinessPage } from '../../../src/readiness/words/page.ts'
import type { ReadinessDocument, ReadinessProbe } from '../../../src/report/readiness-document.ts'
import { discovered } from '../../support/readiness/discovery.ts'
import { documentOf } from '../../support/readiness/documents.ts'
import { answered } from '../../support/readiness/evidence.ts'
import { PRODUCTS, productWith } from '../../support/readiness/whole-products.ts'

const works = documentOf(PRODUCTS['Synapse and MAS'])
const masDown = documentOf(
  productWith('Synapse and MAS', { whoami: answered(503, discovered('synapse-503-mas-down')) }),
  { at: '2026-11-23T03:20:00.000Z' },
)

const probe = (result: ReadinessProbe['result'], more: Partial<ReadinessProbe> = {}): ReadinessProbe => ({
  code: 'VERSIONS',
  part: 'homeserver',
  title: 'It is so',
  spec: 'Matrix 1.1',
  stability: 'stable',
  level: 'error',
  result,
  seen: 'seen',
  remedy: [],
  ...more,
})

const withProbes = (...probes: readonly ReadinessProbe[]): ReadinessDocument => ({ ...works, probes })

describe('what is other than before', () => {
  it('is nothing where nothing changed', () => {
    expect(compareReadiness(works, works)).toEqual({ before: works.at, probes: [], abilities: [] })
  })

  it('is what broke, and what people lost by it', () => {
    const comparison = compareReadiness(works, masDown)
    expect(comparison.probes.map(({ code, change }) => [code, change])).toContainEqual(['TOKENS_CHECKED', 'broken'])
    expect(comparison.abilities).toContainEqual({
      client: 'element-x',
      deed: 'log in',
      before: 'yes',
      now: 'no',
      change: 'lost',
    })
    expect(isWorse(comparison)).toBe(true)
  })

  it('is what was mended, and what people have again', () => {
    const comparison = compareReadiness(masDown, works)
    expect(comparison.probes.map(({ code, change }) => [code, change])).toContainEqual(['TOKENS_CHECKED', 'mended'])
    expect(comparison.abilities.map(({ change }) => change)).toContain('gained')
    expect(isWorse(comparison)).toBe(false)
  })

  describe('where MAS got the logins', () => {
    const plain = documentOf(PRODUCTS['Synapse without an OP'])
    const moved = (now: ReadinessDocument): readonly string[] =>
      compareReadiness(plain, now)
        .abilities.filter(({ change }) => change === 'moved')
        .map(({ client, deed }) => `${client}: ${deed}`)

    it('is no loss that apps without OAuth leave accounts and devices to the page of the OP', () => {
      expect(moved(works)).toEqual([
        'legacy-password: manage account',
        'legacy-password: manage devices',
        'legacy-sso: manage account',
        'legacy-sso: manage devices',
      ])
      expect(isWorse(compareReadiness(plain, works))).toBe(false)
      expect(readinessExit({ ...works, comparison: compareReadiness(plain, works) })).toBe('clear')
    })

    it('is one where the OP has no such page', () => {
      const without = productWith('Synapse and MAS', { accountPage: answered(404) })
      expect(moved(documentOf(without))).toEqual([])
      expect(isWorse(compareReadiness(plain, documentOf(without)))).toBe(true)
    })

    it('is one of a client that opens that page itself, and of every other deed', () => {
      const no = (client: string, deed: string): ReadinessDocument => ({
        ...works,
        abilities: works.abilities.map((one) =>
          one.client === client && one.deed === deed ? { ...one, can: 'no' as const } : one,
        ),
      })
      expect(isWorse(compareReadiness(plain, no('element-web', 'manage account')))).toBe(true)
      expect(isWorse(compareReadiness(plain, no('legacy-password', 'log in')))).toBe(true)
    })

    it('is told with what people do in place of it', () => {
      const { next } = readinessPage({ ...works, comparison: compareReadiness(plain, works) }, { detail: 'short' })
      expect(next.map(({ text }) => text).join(' ')).toContain(
        'manage account and manage devices on the OP’s account page, https://auth.example.org/account/',
      )
    })
  })

  it.each([
    ['a failure that is seen in another way', probe('fail'), probe('fail', { seen: 'another' }), ['other']],
    ['a failure that weighs more', probe('fail', { level: 'warning' }), probe('fail'), ['other']],
    ['a failure of what was not asked', probe('not asked'), probe('fail'), ['other']],
    ['what is not asked any more', probe('pass'), probe('not asked'), ['other']],
    ['a pass that is seen in another way', probe('pass'), probe('pass', { seen: '8 ms' }), []],
  ] as const)('of one probe: %s', (_, before, now, changes) => {
    expect(compareReadiness(withProbes(before), withProbes(now)).probes.map(({ change }) => change)).toEqual(changes)
  })

  it('is no probe that only one version of syn2op knows', () => {
    const [old, current] = [withProbes(probe('fail', { code: 'OLD' })), withProbes(probe('pass', { code: 'NEW' }))]
    expect(compareReadiness(old, current).probes).toEqual([])
  })

  it('says nothing of people where one of the two asked no homeserver', () => {
    expect(compareReadiness({ ...works, abilities: [] }, works).abilities).toEqual([])
  })

  it('is not worse where it is not known what was known', () => {
    const unknown = works.abilities.map((one) => ({ ...one, can: 'unknown' as const }))
    const comparison = compareReadiness(works, { ...works, abilities: unknown })
    expect(comparison.abilities.length).toBeGreaterThan(0)
    expect(isWorse(comparison)).toBe(false)
  })
})

describe('what may be compared', () => {
  const of = (homeserver: ReadinessDocument['homeserver'], issuer?: string): Compared => ({
    ...(homeserver === undefined ? {} : { homeserver }),
    ...(issuer === undefined ? {} : { op: { issuer } }),
  })
  const URL_ONLY = { baseUrl: 'https://matrix.example.org' }
  const NAMED = { serverName: 'example.org', ...URL_ONLY }
  const ISSUER = 'https://auth.example.org/'

  it.each([
    ['the same homeserver', of(NAMED), of(NAMED)],
    ['the same by its URL alone', of(NAMED), of(URL_ONLY)],
    ['the same at another address', of(NAMED), of({ serverName: 'example.org', baseUrl: 'https://new.example.org' })],
    ['a homeserver that got an OP', of(NAMED), of(NAMED, ISSUER)],
    ['the same OP alone', of(undefined, ISSUER), of(undefined, 'https://auth.example.org')],
    ['a name before anybody was asked, and a URL', of({ serverName: 'example.org' }), of(URL_ONLY)],
  ])('is %s', (_, before, now) => {
    expect(() => checkComparable(before, now)).not.toThrow()
  })

  it.each([
    ['another homeserver', of(NAMED), of({ serverName: 'other.net' }), 'example.org, and not of other.net'],
    ['another by its URL', of(URL_ONLY), of({ baseUrl: 'https://matrix.other.net' }), 'matrix.other.net'],
    ['another OP', of(undefined, ISSUER), of(undefined, 'https://sso.example.org/'), 'sso.example.org'],
    ['an OP alone', of(undefined, ISSUER), of(NAMED), 'of the OP https://auth.example.org/, and not of example.org'],
    ['no server', of(undefined), of(NAMED), 'of no server'],
  ])('is not %s', (_, before, now, words) => {
    expect(() => checkComparable(before, now)).toThrow(words)
  })
})
