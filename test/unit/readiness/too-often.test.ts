import { describe, expect, it } from 'vitest'
import { abilitiesOf } from '../../../src/readiness/abilities/abilities.ts'
import type { Evidence, QuestionName } from '../../../src/readiness/evidence.ts'
import { judgeAll } from '../../../src/readiness/probes/all-probes.ts'
import type { ProbeCode } from '../../../src/readiness/probes/probe.ts'
import { discoveredDocument } from '../../support/readiness/discovery.ts'
import { answered } from '../../support/readiness/evidence.ts'
import { changed, OPS } from '../../support/readiness/ops.ts'
import { productWith } from '../../support/readiness/whole-products.ts'

const TOO_MANY = answered(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 5000 })
// As a proxy says it: nobody's header, no JSON.
const TOO_MANY_PAGE = answered(429, '<html>429 Too Many Requests</html>', { 'content-type': 'text/html' })

const HEALTHY = productWith('Synapse and MAS', OPS['MAS'].asked)

const failing = (evidence: Evidence): readonly string[] =>
  judgeAll(evidence).flatMap(({ code, result, level }) => (result === 'fail' && level !== 'info' ? [code] : []))

const noes = (evidence: Evidence): readonly string[] =>
  abilitiesOf(evidence, judgeAll(evidence)).flatMap(({ client, deed, can }) =>
    can === 'no' ? [`${client} ${deed}`] : [],
  )

const seenOf = (code: ProbeCode, asked: Evidence['asked']): string | undefined => {
  const probe = judgeAll(changed('MAS', asked)).find((each) => each.code === code)
  return probe && `${probe.result}: ${probe.seen}`
}

describe('a server that is asked too often says nothing of what was asked', () => {
  const questions = Object.keys(HEALTHY.asked) as readonly QuestionName[]
  const ways = questions.flatMap((question) => [
    [question, 'in its own words', TOO_MANY] as const,
    [question, 'by a page of its proxy', TOO_MANY_PAGE] as const,
  ])

  it.each(ways)('%s, %s', (question, _way, exchange) => {
    const limited = productWith('Synapse and MAS', { ...OPS['MAS'].asked, [question]: exchange })
    expect(failing(limited)).toEqual(failing(HEALTHY).filter((code) => failing(limited).includes(code)))
    expect(noes(limited).filter((deed) => !noes(HEALTHY).includes(deed))).toEqual([])
  })

  it('of one route leaves the others', () => {
    expect(seenOf('OP_ROUTES', { tokenJunk: TOO_MANY_PAGE })).toBe(
      'pass: authorization_endpoint and revocation_endpoint answer as an OP does. Not asked: token_endpoint.',
    )
  })

  it('of the first document of the OP leaves the second, which need not be the only one', () => {
    const opOauthMetadata = answered(200, discoveredDocument('mas-openid-configuration'))
    expect(seenOf('OP_DISCOVERY', { opConfiguration: TOO_MANY_PAGE, opOauthMetadata })).toBe(
      'pass: oauth-authorization-server, issuer https://auth.example.org/.',
    )
  })

  it.each([
    [{}, { retry_after_ms: 5000 }, '5 seconds, as it says'],
    [{ 'retry-after': '1' }, {}, '1 second, as it says'],
    [{ 'retry-after': '3600' }, {}, '60 minutes, as it says'],
    [{ 'retry-after': 'soon' }, {}, 'a minute'],
  ])('is said to be asked again when it says: %j %j', (headers, json, when) => {
    const limited = productWith('Synapse and MAS', {
      capabilities: answered(429, json, headers),
    })
    expect(judgeAll(limited).find(({ code }) => code === 'CAPABILITIES')?.seen).toContain(`ask again in ${when}.`)
  })

  it.each(ways)(
    '%s, %s: what is not asked for that reason names no option that would have it asked',
    (question, _way, exchange) => {
      const limited = judgeAll(productWith('Synapse and MAS', { ...OPS['MAS'].asked, [question]: exchange }))
      expect(limited.filter(({ seen, remedy }) => seen.includes('(429)') && remedy.length > 0)).toEqual([])
    },
  )

  it('nor does what needs the client that the OP had no time to register', () => {
    const limited = productWith('Synapse and MAS', {
      ...OPS['MAS'].asked,
      revokeRegistered: undefined,
      registration: TOO_MANY,
      registrationNative: TOO_MANY,
    })
    expect(judgeAll(limited).find(({ code }) => code === 'REVOCATION')).toMatchObject({
      result: 'not asked',
      remedy: [],
    })
  })

  it('nor does what was seen of the preflight alone, which the registration would prove', () => {
    const limited = productWith('Synapse and MAS', { ...OPS['MAS'].asked, registration: TOO_MANY })
    const seen = judgeAll(limited).find(({ code }) => code === 'OP_CORS')?.seen
    expect(seen).toContain('Of the registration the preflight alone was asked, which is no proof.')
    expect(seen).not.toContain('--register')
  })

  it('and of everything at once nothing is known', () => {
    const all = Object.fromEntries(questions.map((question) => [question, TOO_MANY_PAGE]))
    const limited = productWith('Synapse and MAS', all)
    expect(judgeAll(limited).filter(({ result }) => result !== 'not asked')).toEqual([])
    const cans = new Set(abilitiesOf(limited, judgeAll(limited)).map(({ can }) => can))
    expect([...cans].toSorted()).toEqual(['never', 'unknown'])
  })

  it('nor of a bridge; one that is refused is told all the same', () => {
    const service = (id: string, exchange: typeof TOO_MANY) => ({ id, msc4190: true, exchange })
    const bridges = (...applicationServices: Evidence['applicationServices']) =>
      judgeAll(productWith('Synapse and MAS', {}, { applicationServices })).find(({ code }) => code === 'BRIDGES')
    expect(bridges(service('irc', TOO_MANY))).toMatchObject({
      result: 'not asked',
      seen: expect.stringContaining('429'),
    })
    const refused = answered(401, { errcode: 'M_UNKNOWN_TOKEN' })
    const both = bridges(service('irc', TOO_MANY), service('xmpp', refused))
    expect(both).toMatchObject({ result: 'fail', faults: [{ field: 'xmpp' }] })
  })
})
