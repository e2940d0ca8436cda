import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { type Evidence, QUESTIONS, type QuestionName } from '../../../../src/readiness/evidence.ts'
import { type GatherOptions, gather } from '../../../../src/readiness/gather/gather.ts'
import { leftBehind } from '../../../../src/readiness/gather/left-behind.ts'
import { homeserverProduct, opProduct } from '../../../../src/readiness/gather/products.ts'
import { createAsk } from '../../../../src/readiness/http/ask.ts'
import type { Ask } from '../../../../src/readiness/http/exchange.ts'
import type { Subject } from '../../../../src/readiness/subject.ts'
import { hasOpenssl, makeCertificates } from '../../../support/certificates.ts'
import { STAND_INS, type StandIn, type StandInName, startStandIn } from '../../../support/readiness/stand-in.ts'
import { STAND_IN_SECRET, STAND_IN_TOKEN, type StandInOptions } from '../../../support/readiness/stand-in-product.ts'

const started: StandIn[] = []
afterEach(async () => void (await Promise.all(started.splice(0).map((standIn) => standIn.stop()))))

const start = async (name: StandInName, options: StandInOptions = {}): Promise<StandIn> => {
  const standIn = await startStandIn(name, options)
  started.push(standIn)
  return standIn
}

const plainAsk = (): Ask => createAsk({ signal: new AbortController().signal, timeoutMs: 5000 })

const of = (standIn: StandIn, more: Partial<Subject> = {}): Subject => ({
  ...(standIn.baseUrl === undefined ? { op: standIn.issuer ?? '' } : { baseUrl: standIn.baseUrl }),
  origin: 'https://app.element.io',
  traces: 'none',
  ...more,
})

const gathered = (standIn: StandIn, more: Partial<Subject> = {}, options: GatherOptions = {}): Promise<Evidence> =>
  gather(of(standIn, more), plainAsk(), options)

const SECRETS = {
  masSecret: STAND_IN_SECRET,
  accessToken: STAND_IN_TOKEN,
  applicationServices: [{ id: 'irc', token: STAND_IN_TOKEN, msc4190: true }],
}

const names = (part: object): readonly string[] => Object.keys(part)

const statuses = ({ asked }: Evidence, ...wanted: readonly QuestionName[]): readonly (number | undefined)[] =>
  wanted.map((name) => asked[name]?.answer?.status)

/** What writes: a right answer to any of them leaves something behind. */
const LEAVING = /^(?:POST|PUT|DELETE) .*(?:regist|clients|device)/u

describe.each(STAND_INS)('%s', (name) => {
  it('is asked each question, or it is said why not, and nothing that no right client asks', async () => {
    const standIn = await start(name)
    const evidence = await gathered(standIn, SECRETS)
    expect([...names(evidence.asked), ...names(evidence.notAsked)].toSorted()).toEqual([...QUESTIONS].toSorted())
    expect(Object.values(evidence.notAsked).every((why) => /^[A-Z].{20,}[^.]\.$/u.test(why))).toBe(true)
    expect(Object.values(evidence.asked).filter(({ failure }) => failure !== undefined)).toEqual([])
    expect(standIn.violations).toEqual([])
  })

  it('is asked nothing that leaves a trace unless that is allowed', async () => {
    const standIn = await start(name)
    const evidence = await gathered(standIn, SECRETS)
    expect(standIn.requests.filter((request) => LEAVING.test(request))).toEqual([])
    expect(evidence.notAsked.registration).toMatch(/--register|registration_endpoint|metadata/u)
    expect(leftBehind(evidence)).toEqual([])
  })

  it('is asked with traces where they are allowed, and each question still has its place', async () => {
    const standIn = await start(name)
    const evidence = await gathered(standIn, { ...SECRETS, traces: 'allowed' })
    expect([...names(evidence.asked), ...names(evidence.notAsked)].toSorted()).toEqual([...QUESTIONS].toSorted())
    expect(standIn.violations).toEqual([])
    expect(leftBehind(evidence).filter((left) => left.startsWith('The client'))).toHaveLength(standIn.clients().length)
  })

  it('is known by what it says', async () => {
    const evidence = await gathered(await start(name))
    expect([homeserverProduct(evidence), opProduct(evidence)]).toEqual(PRODUCTS[name])
  })
})

const PRODUCTS: Readonly<Record<StandInName, readonly (string | undefined)[]>> = {
  'synapse': ['Synapse 1.163.2', undefined],
  'synapse-mas': ['Synapse 1.163.2', 'MAS'],
  'tuwunel': ['Tuwunel 1.9.0', 'Tuwunel'],
  'dendrite': ['Dendrite 0.15.2', undefined],
  'continuwuity': ['continuwuity 26.8.0-alpha.1', 'continuwuity'],
  'okta': [undefined, 'Okta'],
  'auth0': [undefined, 'Auth0'],
  'keycloak': [undefined, 'Keycloak'],
}

describe('where the homeserver is', () => {
  it('is where it was given, without the slash at its end', async () => {
    const standIn = await start('synapse')
    const evidence = await gathered(standIn, { baseUrl: `${standIn.baseUrl}/` })
    expect(evidence.baseUrl).toBe(standIn.baseUrl)
    expect(evidence.notAsked.wellKnownClient).toContain('Only the URL of the homeserver was given')
  })

  /** Answers each question by its address; 404 where nothing is said. */
  const answering =
    (answers: Readonly<Record<string, unknown>>, asked: string[] = []): Ask =>
    async (question) => {
      asked.push(question.url)
      const json = answers[question.url]
      const status = json === undefined ? 404 : 200
      return { question, answer: { status, headers: {}, text: '', json, url: question.url, milliseconds: 0 } }
    }
  const named: Subject = { serverName: 'example.org', origin: 'https://app.element.io', traces: 'none' }
  const wellKnown = 'https://example.org/.well-known/matrix/client'

  it('is where .well-known of its name says', async () => {
    const asked: string[] = []
    const answers = { [wellKnown]: { 'm.homeserver': { base_url: 'https://matrix.example.org/' } } }
    const evidence = await gather(named, answering(answers, asked))
    expect(evidence).toMatchObject({ serverName: 'example.org', baseUrl: 'https://matrix.example.org' })
    expect(asked[0]).toBe(wellKnown)
    expect(asked).toContain('https://matrix.example.org/_matrix/client/versions')
  })

  it('is at its name where there is no .well-known', async () => {
    expect((await gather(named, answering({}))).baseUrl).toBe('https://example.org')
  })

  it.each([
    [{}],
    [{ 'm.homeserver': null }],
    [{ 'm.homeserver': { base_url: 7 } }],
    [{ 'm.homeserver': { base_url: 'matrix.example.org' } }],
  ])('is nowhere where .well-known says no address: %j', async (document) => {
    const asked: string[] = []
    const evidence = await gather(named, answering({ [wellKnown]: document }, asked))
    expect(evidence).not.toHaveProperty('baseUrl')
    expect(evidence.notAsked.versions).toContain('no m.homeserver.base_url that is an address of the web')
    expect(asked).toEqual([wellKnown])
  })

  it('keeps secrets off an address of plain http that .well-known named', async () => {
    const answers = { [wellKnown]: { 'm.homeserver': { base_url: 'http://matrix.example.org' } } }
    const sent: unknown[] = []
    const inner = answering(answers)
    const evidence = await gather({ ...named, ...SECRETS }, (question) => {
      sent.push(question)
      return inner(question)
    })
    expect(JSON.stringify(sent)).not.toContain('stand-in-')
    expect(evidence.notAsked.masApiSecret).toContain('plain http')
    expect(evidence.applicationServices).toEqual([
      { id: 'irc', msc4190: true, notAsked: expect.stringContaining('plain http') },
    ])
  })

  it('has its application services named all the same where it is not found, and says why they were not asked', async () => {
    const evidence = await gather({ ...named, ...SECRETS }, answering({ [wellKnown]: {} }))
    expect(evidence.applicationServices).toEqual([
      { id: 'irc', msc4190: true, notAsked: expect.stringContaining('no m.homeserver.base_url') },
    ])
  })
})

describe.runIf(hasOpenssl())('a homeserver by its name, over TLS', () => {
  it('is found by .well-known, and asked with its OP as clients of the web would', async () => {
    const certificates = makeCertificates('nobody')
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, readFileSync(certificates.authority, 'utf8')])
    try {
      const standIn = await start('synapse-mas', { tls: certificates })
      const subject = {
        serverName: standIn.serverName ?? '',
        origin: 'https://app.element.io',
        traces: 'allowed',
      } as const
      const evidence = await gather({ ...subject, ...SECRETS }, plainAsk())
      expect(evidence).toMatchObject({ baseUrl: standIn.baseUrl, issuer: standIn.issuer })
      expect(names(evidence.notAsked)).toEqual(['registrationDeleted', 'registrationNativeDeleted'])
      // MAS takes no client whose site is localhost.
      expect(statuses(evidence, 'wellKnownClient', 'metadataStable', 'registration')).toEqual([200, 200, 201])
      expect(standIn.violations).toEqual([])
    } finally {
      setDefaultCACertificates(before)
    }
  })
})

describe('a homeserver that answers nothing in its time', () => {
  it('is waited for less once that is seen, and as long as ever when it has answered anything', async () => {
    const late = { code: 'ETIMEDOUT', why: 'no whole answer came' }
    const patience = async (isLate: (url: string) => boolean): Promise<readonly (number | undefined)[]> => {
      const seen: (number | undefined)[] = []
      const ask: Ask = async (question) => {
        seen.push(question.timeoutMs)
        if (isLate(question.url)) {
          await setImmediate()
          return { question, failure: late }
        }
        return { question, answer: { status: 404, headers: {}, text: '', url: question.url, milliseconds: 1 } }
      }
      await gather({ baseUrl: 'https://matrix.example.org', origin: 'https://app.element.io', traces: 'none' }, ask)
      return seen
    }
    expect((await patience(() => true)).at(-1)).toBe(3000)
    expect(await patience((url) => url.endsWith('/versions'))).not.toContain(3000)
  })
})

describe('which OP is asked', () => {
  it('is the one that the homeserver names', async () => {
    const standIn = await start('synapse-mas')
    const evidence = await gathered(standIn)
    expect(evidence).toMatchObject({ issuer: standIn.issuer, issuerFrom: 'homeserver' })
    expect(statuses(evidence, 'opConfiguration', 'opOauthMetadata', 'jwks', 'tokenJunk', 'revokeJunk')).toEqual([
      200, 404, 200, 401, 400,
    ])
  })

  it('is the given one, byte by byte, of a homeserver without any', async () => {
    const [homeserver, op] = [await start('dendrite'), await start('keycloak')]
    const evidence = await gathered(homeserver, { op: op.issuer ?? '' })
    expect(evidence).toMatchObject({ issuer: op.issuer, issuerFrom: 'given' })
    expect(statuses(evidence, 'metadataStable', 'opConfiguration', 'revokeJunk')).toEqual([404, 200, 401])
  })

  /** Where each question of the OP went, by the origin. */
  const askedAt = ({ asked }: Evidence): readonly string[] => {
    const ofOp = QUESTIONS.slice(QUESTIONS.indexOf('opConfiguration'))
    return [...new Set(ofOp.flatMap((name) => asked[name]?.question.url ?? []).map((url) => new URL(url).origin))]
  }

  it('is the given one alone where the homeserver works with another, which is told no secret and keeps no client', async () => {
    const [homeserver, op] = [await start('synapse-mas'), await start('keycloak')]
    const evidence = await gathered(homeserver, { ...SECRETS, op: op.issuer ?? '', traces: 'allowed' })
    expect(askedAt(evidence)).toEqual([new URL(op.issuer ?? '').origin])
    expect(homeserver.requests.filter((request) => /oauth2|regist/u.test(request))).toEqual([
      'GET /_matrix/client/v3/register/available',
    ])
    expect(homeserver.clients()).toEqual([])
    expect(names(evidence.asked)).toContain('registration')
    expect(evidence.notAsked.introspectSecret).toContain('are not as those of MAS')
  })

  it('is asked nothing more where the given one describes itself nowhere: the homeserver’s documents are of another', async () => {
    const [homeserver, op] = [await start('synapse-mas'), await start('dendrite')]
    const evidence = await gathered(homeserver, { ...SECRETS, op: `${op.baseUrl}/`, traces: 'allowed' })
    expect(askedAt(evidence)).toEqual([op.baseUrl])
    expect(homeserver.clients()).toEqual([])
    expect([evidence.notAsked.jwks, evidence.notAsked.registration, evidence.notAsked.introspectSecret]).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/no metadata of an OP/iu)),
    )
  })

  it('is asked nothing more where what the given one serves is of the homeserver’s', async () => {
    const homeserver = await start('synapse-mas')
    // The same server by another name.
    const op = (homeserver.issuer ?? '').replace('localhost', '127.0.0.1')
    const evidence = await gathered(homeserver, { ...SECRETS, op, traces: 'allowed' })
    expect(evidence.asked.opConfiguration?.answer?.status).toBe(200)
    expect(askedAt(evidence)).toEqual([new URL(op).origin])
    expect(homeserver.clients()).toEqual([])
  })

  it('is the homeserver’s where the given one differs by the slash at the end alone', async () => {
    const standIn = await start('synapse-mas')
    const evidence = await gathered(standIn, { op: (standIn.issuer ?? '').replace(/\/$/u, '') })
    expect(statuses(evidence, 'jwks', 'tokenJunk', 'revokeJunk')).toEqual([200, 401, 400])
  })

  it('is none of a homeserver without any', async () => {
    const evidence = await gathered(await start('synapse'))
    expect(evidence).not.toHaveProperty('issuer')
    expect(evidence.notAsked.opConfiguration).toContain('--op')
    expect(evidence.notAsked.jwks).toContain('No metadata of an OP')
  })

  it.each([
    [undefined, 'The metadata has no jwks_uri.'],
    [null, "The metadata's jwks_uri is no text."],
    ['/relative', "The metadata's jwks_uri is no address of the web."],
    ['mailto:a@b', "The metadata's jwks_uri is no address of the web."],
  ])('is not asked where its metadata has no address: %j', async (value, why) => {
    const standIn = await start('synapse-mas', {
      faults: ({ path }, reply) =>
        path.endsWith('/auth_metadata') ? { ...reply, body: { ...(reply.body as object), jwks_uri: value } } : reply,
    })
    expect((await gathered(standIn)).notAsked.jwks).toBe(why)
  })
})

describe('secrets', () => {
  it('are asked with where they are known, and named as such', async () => {
    const evidence = await gathered(await start('synapse-mas'), SECRETS)
    expect(statuses(evidence, 'masApi', 'masApiSecret', 'introspectSecret', 'capabilities')).toEqual([
      401, 400, 200, 200,
    ])
    expect(evidence.applicationServices.map(({ exchange }) => exchange?.answer?.status)).toEqual([200])
    for (const exchange of [
      ...Object.values(evidence.asked),
      ...evidence.applicationServices.flatMap((one) => one.exchange ?? []),
    ]) {
      const { secrets = [], ...open } = exchange.question
      const held = [STAND_IN_SECRET, STAND_IN_TOKEN].filter((secret) => JSON.stringify(open).includes(secret))
      expect(secrets).toEqual(held)
    }
  })

  it.each(['okta', 'keycloak'] as const)('of MAS are not sent to %s', async (name) => {
    const sent: unknown[] = []
    const ask = plainAsk()
    const evidence = await gather(of(await start(name), { ...SECRETS, traces: 'allowed' }), (question) => {
      sent.push(question)
      return ask(question)
    })
    expect(JSON.stringify(sent)).not.toContain(STAND_IN_SECRET)
    expect(evidence.notAsked.introspectSecret).toContain('sent to MAS only')
  })

  it('that are unknown are said to be, with how to name them', async () => {
    const { notAsked } = await gathered(await start('synapse-mas'))
    expect(notAsked.masApiSecret).toContain('--synapse-config')
    expect(notAsked.introspectSecret).toContain('--synapse-config')
    expect(notAsked.capabilities).toContain('--token-file')
  })

  it('show that Synapse cannot reach MAS', async () => {
    const evidence = await gathered(await start('synapse-mas', { off: ['mas'] }), SECRETS)
    expect(statuses(evidence, 'metadataStable', 'whoami', 'masApiSecret', 'login')).toEqual([200, 503, 400, 502])
    expect(evidence.asked.opConfiguration?.failure?.code).toBe('ECONNREFUSED')
  })
})

describe('a client that is registered', () => {
  it.each([
    ['https://app.element.io', 'https://app.element.io'],
    // MAS takes none of http, nor of this machine.
    ['http://localhost:8080', 'https://matrix.example.org'],
    ['https://localhost:8080', 'https://matrix.example.org'],
  ])('is of the site of --origin, as those apps are that an OP may not trust: %s', async (origin, site) => {
    const bodies: unknown[] = []
    const metadata = { issuer: 'https://auth.example.org/', registration_endpoint: 'https://auth.example.org/register' }
    const ask: Ask = async (question) => {
      if (question.url === metadata.registration_endpoint && question.method === 'POST') bodies.push(question.body)
      const isMetadata = question.url.endsWith('/auth_metadata')
      const json = isMetadata ? metadata : undefined
      const answer = { status: isMetadata ? 200 : 404, headers: {}, text: '', json, url: question.url, milliseconds: 0 }
      return { question, answer }
    }
    await gather({ baseUrl: 'https://matrix.example.org', origin, traces: 'allowed' }, ask)
    expect(bodies).toMatchObject([
      { json: { client_uri: `${site}/`, redirect_uris: [`${site}/syn2op-readiness`] } },
      { json: { client_uri: `${site}/`, redirect_uris: ['http://127.0.0.1/callback'] } },
    ])
  })

  it('is asked as with both spellings of the scope, and for a device', async () => {
    const evidence = await gathered(await start('synapse-mas'), { traces: 'allowed' })
    expect(
      statuses(
        evidence,
        'registration',
        'registrationNative',
        'authorizeStable',
        'authorizeUnstable',
        'revokeRegistered',
        'deviceAuthorization',
      ),
    ).toEqual([201, 201, 303, 303, 200, 200])
    const stable = new URL(evidence.asked.authorizeStable?.question.url ?? '').searchParams
    expect(Object.fromEntries(stable)).toMatchObject({
      response_type: 'code',
      response_mode: 'fragment',
      scope: 'urn:matrix:client:api:* urn:matrix:client:device:SYN2OPTEST',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/u),
      code_challenge_method: 'S256',
      redirect_uri: 'https://app.element.io/syn2op-readiness',
    })
    const unstable = new URL(evidence.asked.authorizeUnstable?.question.url ?? '').searchParams
    expect(unstable.get('scope')).toMatch(/^urn:matrix:org\.matrix\.msc2967\.client:api:\* urn:matrix:org/u)
    expect(unstable.has('response_mode')).toBe(false)
  })

  it('is asked as with what Element X sends beyond: a consent each time, and a device that is a key in base64', async () => {
    const { asked } = await gathered(await start('synapse-mas'), { traces: 'allowed' })
    const prompt = (name: QuestionName): string | null | undefined =>
      new URL(asked[name]?.question.url ?? '').searchParams.get('prompt')
    expect([prompt('authorizeUnstable'), prompt('authorizeStable')]).toEqual(['consent', null])
    const body = asked.deviceAuthorization?.question.body ?? { form: {} }
    const device = 'form' in body ? body.form['scope']?.split(':device:')[1] : undefined
    expect(device).toHaveLength(43)
    expect(device).toMatch(/\+.*\/|\/.*\+/u)
  })

  it('asks as the one that was registered: an app that is no web page has no origin that could be refused', async () => {
    const asked = async (name: StandInName): Promise<readonly unknown[]> => {
      const evidence = await gathered(await start(name), { traces: 'allowed' })
      return [evidence.asked.revokeRegistered, evidence.asked.deviceAuthorization].map(
        (exchange) => exchange?.question.headers?.['origin'],
      )
    }
    expect(await asked('synapse-mas')).toEqual(['https://app.element.io', 'https://app.element.io'])
    // It registers no web client here.
    expect(await asked('keycloak')).toEqual([undefined, undefined])
  })

  it('is the same at MAS when it is registered again, and is said to stay there', async () => {
    const standIn = await start('synapse-mas')
    await gathered(standIn, { traces: 'allowed' })
    const evidence = await gathered(standIn, { traces: 'allowed' })
    expect(standIn.clients()).toHaveLength(2)
    // The two are registered at once: either may arrive first.
    const left = standIn
      .clients()
      .map((id) => expect.stringContaining(`(${id}) at MAS. MAS has no way to take a client away`))
    expect(leftBehind(evidence).slice(0, 2)).toEqual(expect.arrayContaining(left))
    expect(leftBehind(evidence).slice(2)).toEqual([
      'A login by device code that nobody confirmed, at the OP. It ends by itself within 20 minutes: nothing has to be done.',
    ])
  })

  it('is taken away again where the OP has a way', async () => {
    const standIn = await start('keycloak')
    const evidence = await gathered(standIn, { traces: 'allowed' })
    expect(statuses(evidence, 'registration', 'registrationNative', 'registrationNativeDeleted')).toEqual([
      403, 201, 204,
    ])
    expect(evidence.asked.authorizeStable?.answer?.headers['location']).toContain('error=invalid_scope')
    expect(standIn.clients()).toEqual([])
    expect(leftBehind(evidence)).toEqual([
      'A login by device code that nobody confirmed, at the OP. It ends by itself within 10 minutes: nothing has to be done.',
    ])
  })

  it('is said to be there still where it could not be taken away', async () => {
    const standIn = await start('keycloak', {
      faults: ({ method }, reply) => (method === 'DELETE' ? { status: 500 } : reply),
    })
    const evidence = await gathered(standIn, { traces: 'allowed' })
    expect(leftBehind(evidence)).toEqual([
      'The client “syn2op readiness” (stand-in-0) at Keycloak. Delete it in the admin console of Keycloak, under Clients of the realm.',
      'A login by device code that nobody confirmed, at the OP. It ends by itself within 10 minutes: nothing has to be done.',
    ])
  })

  it('is not taken away by an address of another server, to which its token would go', async () => {
    const other = await start('synapse')
    const standIn = await start('keycloak', {
      faults: (_, reply) =>
        reply.status === 201
          ? { ...reply, body: { ...(reply.body as object), registration_client_uri: `${other.baseUrl}/take` } }
          : reply,
    })
    const evidence = await gathered(standIn, { traces: 'allowed' })
    expect(other.requests).toEqual([])
    expect(evidence.notAsked.registrationNativeDeleted).toContain('RFC 7592')
  })

  it('is none where the OP refuses, and what needs one is not asked', async () => {
    const standIn = await start('okta')
    const evidence = await gathered(standIn, { traces: 'allowed' })
    expect(statuses(evidence, 'registration')).toEqual([403])
    expect(evidence.notAsked.authorizeStable).toBe('It needs a registered client, and the OP registered none.')
    expect(leftBehind(evidence)).toEqual([])
  })
})

describe('stopping', () => {
  it.each(['versions', 'jwks'])('while %s is asked throws the reason, and asks nothing more', async (at) => {
    const stop = new AbortController()
    const reason = new Error('Ctrl-C')
    const standIn = await start('tuwunel', {
      faults: ({ path }, reply) => {
        if (path.endsWith(at)) stop.abort(reason)
        return reply
      },
    })
    await expect(gather(of(standIn, { traces: 'allowed' }), createAsk({ signal: stop.signal }))).rejects.toBe(reason)
    expect(standIn.requests.some((request) => LEAVING.test(request))).toBe(false)
  })

  it('takes away what was registered before', async () => {
    const stop = new AbortController()
    const reason = new Error('Ctrl-C')
    const standIn = await start('keycloak', {
      faults: ({ path }, reply) => {
        if (path.endsWith('/auth')) stop.abort(reason)
        return reply
      },
    })
    const options = { cleanUp: plainAsk() }
    // The page for people is asked before, without a client.
    const ask = createAsk({ signal: stop.signal })
    const patient: Ask = (question) =>
      question.url.endsWith('/auth') ? plainAsk()({ ...question, url: `${question.url}x` }) : ask(question)
    await expect(gather(of(standIn, { traces: 'allowed' }), patient, options)).rejects.toBe(reason)
    expect(standIn.requests.filter((request) => request.startsWith('DELETE'))).toHaveLength(1)
    expect(standIn.clients()).toEqual([])
  })

  it('tells of what could not be taken away', async () => {
    const stop = new AbortController()
    const standIn = await start('synapse-mas', {
      faults: ({ path }, reply) => {
        if (path === '/oauth2/device') stop.abort(new Error('Ctrl-C'))
        return reply
      },
    })
    const notes: string[] = []
    const note = (words: string): void => void notes.push(words)
    await expect(
      gather(of(standIn, { traces: 'allowed' }), createAsk({ signal: stop.signal }), { note, cleanUp: plainAsk() }),
    ).rejects.toThrow('Ctrl-C')
    expect(notes.filter((words) => words.includes('nothing has to be done'))).toHaveLength(2)
    expect(notes.slice(0, 3)).toEqual([
      'Asking the homeserver',
      'Asking the OP',
      'Registering a client at the OP, and asking as that',
    ])
  })
})
