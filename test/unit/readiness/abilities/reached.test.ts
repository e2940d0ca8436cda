import { describe, expect, it } from 'vitest'
import { abilitiesOf } from '../../../../src/readiness/abilities/abilities.ts'
import type { Evidence, QuestionName } from '../../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../../src/readiness/http/exchange.ts'
import { judgeAll } from '../../../../src/readiness/probes/all-probes.ts'
import type { ClientId } from '../../../../src/readiness/probes/probe.ts'
import { answered, failed, writtenAnswer } from '../../../support/readiness/evidence.ts'
import { PRODUCTS, productWith } from '../../../support/readiness/whole-products.ts'

const page = (status: number) => answered(status, '<html>nginx</html>', { 'content-type': 'text/html' })

const abilities = (evidence: Evidence) => abilitiesOf(evidence, judgeAll(evidence))

const canLogIn = (evidence: Evidence): readonly ClientId[] =>
  abilities(evidence).flatMap(({ client, deed, can }) =>
    deed === 'log in' && can === 'yes' ? [client as ClientId] : [],
  )

describe('/versions, which every client reads first', () => {
  it.each([
    ['a proxy’s error', page(502)],
    ['no answer', failed()],
    ['a page', page(200)],
    ['an error of the homeserver', answered(500, { errcode: 'M_UNKNOWN' })],
  ])('lets nobody further where it alone has %s', (_name, versions) => {
    for (const product of ['Synapse and MAS', 'Synapse without an OP', 'Tuwunel'] as const) {
      const others = abilities(productWith(product, { versions })).filter(({ deed }) => deed !== 'log out')
      expect(new Set(others.map(({ can }) => can))).toEqual(new Set(['no', 'never']))
      const reasons = others.flatMap(({ can, because }) => (can === 'no' ? [because[0]] : []))
      expect(reasons.filter((reason) => reason?.probe !== 'VERSIONS')).toEqual([])
    }
  })

  it.each([
    ['a feature that is no boolean', { versions: ['v1.15'], unstable_features: { x: 'true' } }],
    ['a version that is no text', { versions: ['v1.15', 15] }],
    ['features that are no object', { versions: ['v1.15'], unstable_features: [] }],
  ])('keeps out Element X, which takes it strictly, with %s', (_name, document) => {
    const evidence = productWith('Synapse and MAS', { versions: answered(200, document) })
    const probe = judgeAll(evidence).find(({ code }) => code === 'VERSIONS')
    expect(probe).toMatchObject({ result: 'fail', faults: [{ breaks: ['element-x'] }] })
    expect(canLogIn(evidence)).not.toContain('element-x')
    expect(canLogIn(evidence)).toContain('element-web')
  })
})

describe('answers that a browser keeps from the page for a redirection on the way', () => {
  const redirected = (question: QuestionName): Exchange => {
    const exchange = PRODUCTS['Synapse and MAS'].asked[question]
    if (exchange?.answer === undefined) throw new Error(`${question} was answered`)
    const hop = { status: 301, url: 'https://matrix.example.org/before', headers: {} }
    return { question: exchange.question, answer: { ...exchange.answer, redirections: [hop] } }
  }
  const elementWeb = (...questions: readonly QuestionName[]) => {
    const asked = Object.fromEntries(questions.map((question) => [question, redirected(question)]))
    const evidence = productWith('Synapse and MAS', asked)
    return { log: abilities(evidence).find((one) => one.client === 'element-web' && one.deed === 'log in'), evidence }
  }

  it('keep Element Web out, and nobody else, where they are what it reads first', () => {
    const { log, evidence } = elementWeb('versions', 'login')
    expect(log).toMatchObject({ can: 'no', because: [{ probe: 'HOMESERVER_CORS' }] })
    expect(canLogIn(evidence)).toContain('element-x')
  })

  it('send Element Web to what /login has where they are the metadata', () => {
    const { log, evidence } = elementWeb('metadataStable', 'metadataUnstable')
    expect(log?.by).not.toBe('by the OP')
    expect(log?.because).toContainEqual(expect.objectContaining({ probe: 'HOMESERVER_CORS' }))
    expect(canLogIn(evidence)).toContain('element-x')
  })
})

describe('a preflight that keeps access tokens in the browser', () => {
  it.each([
    ['allows no Authorization', answered(200, {}, { 'access-control-allow-origin': '*' })],
    ['is refused', answered(405, 'Not Allowed', { 'access-control-allow-origin': '*' })],
  ])('keeps Element Web out, and nobody else, where it %s', (_name, preflight) => {
    const evidence = productWith('Synapse and MAS', { preflight })
    const log = abilities(evidence).find((one) => one.client === 'element-web' && one.deed === 'log in')
    expect(log).toMatchObject({ can: 'no', because: [{ probe: 'HOMESERVER_CORS' }] })
    expect(canLogIn(evidence)).toContain('element-x')
  })
})

describe('.well-known that only its text shows to be wrong', () => {
  const HOMESERVER = '"m.homeserver":{"base_url":"https://matrix.example.org"}'
  const written = (text: string, about = {}) => {
    const evidence = productWith('Synapse and MAS', { wellKnownClient: writtenAnswer(text) }, about)
    const probe = judgeAll(evidence).find(({ code }) => code === 'WELL_KNOWN')
    return { probe, clients: canLogIn(evidence) }
  }
  const EVERYBODY = canLogIn(productWith('Synapse and MAS', { wellKnownClient: writtenAnswer(`{${HOMESERVER}}`) }))
  const OTHERS = EVERYBODY.filter((client) => client !== 'element-x')

  it.each([
    ['a byte order mark', `\uFEFF{${HOMESERVER}}`, '/.well-known/matrix/client', /UTF-8 without/u],
    ['the homeserver twice', `{${HOMESERVER},${HOMESERVER}}`, 'm.homeserver', /each name once/u],
    [
      'its address twice',
      '{"m.homeserver":{"base_url":"https://old.example.org","base_url":"https://matrix.example.org"}}',
      'm.homeserver.base_url',
      /each name once/u,
    ],
    [
      'the identity server twice',
      `{${HOMESERVER},"m.identity_server":{"base_url":"https://vector.im"},"m.identity_server":{"base_url":"https://vector.im"}}`,
      'm.identity_server',
      /each name once/u,
    ],
    [
      'the servers of calls by both of their names',
      `{${HOMESERVER},"m.rtc_foci":[],"org.matrix.msc4143.rtc_foci":[]}`,
      'm.rtc_foci',
      /each name once/u,
    ],
  ])('keeps out Element X alone, which reads nothing of it: %s', (_name, text, field, remedy) => {
    const { probe, clients } = written(text)
    expect(probe).toMatchObject({
      result: 'fail',
      level: 'error',
      seen: expect.stringContaining(field),
      faults: [{ field, breaks: ['element-x'] }],
      remedy: [expect.stringMatching(remedy)],
    })
    expect(EVERYBODY).toContain('element-x')
    expect(clients).toEqual(OTHERS)
  })

  it('keeps nobody out where the homeserver is at the server name itself, at which Element X looks then', () => {
    const text = '\uFEFF{"m.homeserver":{"base_url":"https://example.org"}}'
    const { probe, clients } = written(text, { baseUrl: 'https://example.org' })
    expect(probe).toMatchObject({ result: 'fail', level: 'warning', faults: [{ breaks: [] }] })
    expect(clients).toEqual(EVERYBODY)
  })

  it.each([
    ['a name that Element X does not read', `{${HOMESERVER},"more":1,"more":2}`],
    ['a name that it does not read where it stands', `{${HOMESERVER},"more":{"m.homeserver":1,"m.homeserver":2}}`],
    ['one of the two names of the servers of calls', `{${HOMESERVER},"org.matrix.msc4143.rtc_foci":[]}`],
  ])('says nothing of %s', (_name, text) => {
    expect(written(text).probe).toMatchObject({ result: 'pass' })
  })

  it('is told beside the header that it lacks', () => {
    const { answer, question } = writtenAnswer(`\uFEFF{${HOMESERVER}}`)
    const wellKnownClient = answer === undefined ? failed() : { question, answer: { ...answer, headers: {} } }
    const probe = judgeAll(productWith('Synapse and MAS', { wellKnownClient })).find(
      ({ code }) => code === 'WELL_KNOWN',
    )
    expect(probe?.faults?.map(({ breaks }) => breaks)).toEqual([['element-x'], ['element-web']])
    expect(probe?.remedy).toHaveLength(2)
  })
})

describe('.well-known that fails where the homeserver is at the server name itself', () => {
  const AT_NAME = { baseUrl: 'https://example.org' }
  it.each([
    ['500', page(500)],
    ['403', page(403)],
    ['a page', page(200)],
    ['no answer', failed()],
    ['no base_url', answered(200, {})],
  ])('keeps out those alone that do not try the name: %s', (_name, wellKnownClient) => {
    const evidence = productWith('Synapse and MAS', { wellKnownClient }, AT_NAME)
    expect(canLogIn(evidence)).toEqual(['element-x', 'fluffychat'])
    const probe = judgeAll(evidence).find(({ code }) => code === 'WELL_KNOWN')
    expect(probe).toMatchObject({ result: 'fail', seen: expect.not.stringContaining('nobody finds') })
    expect(canLogIn(productWith('Synapse and MAS', { wellKnownClient }))).toEqual([])
  })
})
