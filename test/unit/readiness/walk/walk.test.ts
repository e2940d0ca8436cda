import { afterEach, describe, expect, test } from 'vitest'
import { createAsk } from '../../../../src/readiness/http/ask.ts'
import type { Answer } from '../../../../src/readiness/http/exchange.ts'
import type { Visit } from '../../../../src/readiness/walk/pages/pages.ts'
import { type WalkOptions, walk } from '../../../../src/readiness/walk/walk.ts'
import type { ReadinessStep, ReadinessWalk } from '../../../../src/report/readiness-document.ts'
import { startWalkOp, type WalkFault, type WalkOp } from '../../../support/readiness/walk-op.ts'

let op: WalkOp
afterEach(() => op.stop())

const signal = new AbortController().signal

const go = (options: Partial<WalkOptions> = {}): Promise<ReadinessWalk> =>
  walk({
    ask: createAsk({ signal: options.signal ?? signal }),
    baseUrl: op.url,
    scopes: 'unstable',
    signal,
    note: () => undefined,
    wait: async () => undefined,
    ...options,
  })

const inShort = ({ steps }: ReadinessWalk): readonly string[] => steps.map(({ step, outcome }) => `${step}: ${outcome}`)

const named = ({ steps }: ReadinessWalk, name: string): ReadinessStep => {
  const step = steps.find((candidate) => candidate.step === name)
  if (step === undefined) throw new Error(`There is no step ${name} but ${steps.map((one) => one.step).join(', ')}`)
  return step
}

const wellKnown = (baseUrl: string): Answer => {
  const json = { 'm.homeserver': { base_url: baseUrl } }
  const url = 'https://test.example/.well-known/matrix/client'
  return { status: 200, headers: {}, text: JSON.stringify(json), json, url, milliseconds: 0 }
}

const WHOLE = [
  'metadata: ok',
  'registration: ok',
  'authorization, unstable scope: ok',
  'token: ok',
  'whoami: ok',
  'refresh: ok',
  'lost answer: ok',
  'revocation: ok',
]

describe('an OP as Matrix asks for', () => {
  test('passes every step, and nothing is left', async () => {
    op = await startWalkOp()
    const walked = await go()
    expect(inShort(walked)).toEqual([...WHOLE, 'clean-up: ok'])
    expect(walked.outcome).toBe('passed')
    expect(op.left()).toEqual({ sessions: 0, clients: 0 })
    expect(op.violations).toEqual([])
  })

  test('with both spellings of the scopes is gone through twice, the second time in short', async () => {
    op = await startWalkOp()
    expect(inShort(await go({ scopes: 'both' }))).toEqual([
      ...WHOLE,
      'authorization, stable scope: ok',
      'token, stable scope: ok',
      'whoami, stable scope: ok',
      'revocation, stable scope: ok',
      'clean-up: ok',
    ])
    expect(op.left()).toEqual({ sessions: 0, clients: 0 })
  })

  test('no secret is in what is shown, each message is', async () => {
    op = await startWalkOp()
    const walked = await go({ scopes: 'both' })
    const shown = JSON.stringify(walked)
    expect(op.secrets.length).toBeGreaterThan(10)
    for (const secret of op.secrets) expect(shown.includes(secret)).toBe(false)
    expect(named(walked, 'token').messages.map(({ request, answer }) => [request.line, answer?.line])).toEqual([
      [`POST ${op.url}/token`, '200 OK'],
    ])
    expect(named(walked, 'token').messages[0]?.answer?.body).toContain('"access_token": "‹masked 32 characters›"')
  })

  test('without a homeserver is gone through to the log-out, but for whoami', async () => {
    op = await startWalkOp()
    const { baseUrl: _, ...options } = { baseUrl: undefined, issuer: `${op.url}/` }
    const walked = await walk({
      ask: createAsk({ signal }),
      scopes: 'unstable',
      signal,
      note: () => undefined,
      ...options,
    })
    expect(inShort(walked)).toEqual([
      ...WHOLE.map((line) => line.replace('whoami: ok', 'whoami: skipped')),
      'clean-up: ok',
    ])
    expect(walked.outcome).toBe('passed')
  })

  test('a client that was registered before is taken, and stays', async () => {
    op = await startWalkOp()
    const registered = await fetch(`${op.url}/register`, { method: 'POST', body: '{}' })
    const { client_id: clientId } = (await registered.json()) as { client_id: string }
    const walked = await go({ clientId })
    expect(inShort(walked)).toEqual([...WHOLE.with(1, 'registration: skipped'), 'clean-up: ok'])
    expect(op.left()).toEqual({ sessions: 0, clients: 1 })
  })

  test('where a page comes, the person is told the address, and comes back to where the client listens', async () => {
    op = await startWalkOp({ page: true })
    const notes: string[] = []
    const note = (words: string): void => {
      notes.push(words)
      const address = /https?:\S+authorize\S+/u.exec(words)?.[0]
      if (address !== undefined) void fetch(`${address}&logged_in=yes`).then((response) => response.text())
    }
    const walked = await go({ note })
    expect(inShort(walked)).toEqual([...WHOLE, 'clean-up: ok'])
    expect(notes[1]).toMatch(/ssh -L (\d+):127\.0\.0\.1:\1/u)
  })

  test('a person is told how many logins there are, as whom, and for how long', async () => {
    op = await startWalkOp({ page: true })
    const [notes, shown]: [string[], string[]] = [[], []]
    const come = async (address: string): Promise<void> => {
      const back = (await fetch(`${address}&logged_in=yes`, { redirect: 'manual' })).headers.get('location') ?? ''
      // A browser may come twice, and some other program of this machine without any answer.
      await fetch(back.split('?')[0] ?? '')
      shown.push(await (await fetch(back)).text())
      await fetch(back).catch(() => undefined)
    }
    const coming: Promise<void>[] = []
    const note = (words: string): void => {
      notes.push(words)
      const address = /https?:\S+authorize\S+/u.exec(words)?.[0]
      if (address !== undefined) coming.push(come(address))
    }
    const walked = await go({ note, scopes: 'both' })
    await Promise.all(coming)
    expect(walked.outcome).toBe('passed')
    expect(notes).toEqual([
      expect.stringMatching(/^Login 1 of 2 \(as Element X\).*within 10 minutes.*:\n {2}http/u),
      expect.stringContaining('ssh -L'),
      expect.stringMatching(/^Login 2 of 2 \(as Element Web\).*within 10 minutes.*:\n {2}http/u),
    ])
    expect(shown[0]).toContain('One more login')
    expect(shown[1]).toContain('You may close this window')
  })

  test('the way begins with .well-known where the server’s name is known, though the address is too', async () => {
    op = await startWalkOp()
    const asked: string[] = []
    const real = createAsk({ signal })
    const ask: WalkOptions['ask'] = async (question) => {
      asked.push(question.url.replace(op.url, ''))
      return question.url.startsWith('https://test.example/') ? { question, answer: wellKnown(op.url) } : real(question)
    }
    expect((await go({ ask, serverName: 'test.example' })).outcome).toBe('passed')
    expect(asked.slice(0, 4)).toEqual([
      'https://test.example/.well-known/matrix/client',
      '/_matrix/client/versions',
      '/_matrix/client/v1/auth_metadata',
      '/_matrix/client/v3/login',
    ])
    const other = await go({
      ask: (question) => ask(question),
      serverName: 'test.example',
      baseUrl: op.url.replace('127.0.0.1', 'localhost'),
    })
    expect(named(other, 'metadata')).toMatchObject({
      outcome: 'differs',
      words: expect.stringContaining('.well-known'),
    })
  })
})

/** A thing that is wrong, the step that says so, and how. */
const FAULTS: readonly (readonly [WalkFault, string, ReadinessStep['outcome'], RegExp])[] = [
  ['no OAuth', 'metadata', 'failed', /no OAuth/u],
  ['endpoint in clear text', 'metadata', 'failed', /authorization_endpoint is http/u],
  ['no revocation endpoint', 'metadata', 'differs', /revocation_endpoint is missing/u],
  ['registration refused', 'registration', 'failed', /invalid_redirect_uri.*not here/u],
  ['registration 200', 'registration', 'differs', /200, not 201/u],
  ['registration without client_uri', 'registration', 'differs', /FluffyChat/u],
  ['registration as a secret client', 'registration', 'failed', /secret/u],
  ['other client on deletion', 'clean-up', 'differs', /could not be deleted/u],
  ['authorization error page', 'authorization, unstable scope', 'failed', /error page: 400/u],
  ['authorization refused', 'authorization, unstable scope', 'failed', /access_denied/u],
  ['other state', 'authorization, unstable scope', 'failed', /another state/u],
  ['no state', 'authorization, unstable scope', 'failed', /without the state/u],
  ['fragment', 'authorization, unstable scope', 'failed', /fragment.*Element X/u],
  ['redirect elsewhere', 'authorization, unstable scope', 'failed', /\/elsewhere, not to/u],
  ['redirect to a file', 'authorization, unstable scope', 'failed', /an address of file:, not to/u],
  ['short code', 'whoami', 'ok', /^The homeserver takes the access token/u],
  ['other iss', 'authorization, unstable scope', 'failed', /RFC 9207/u],
  ['token 201', 'token', 'failed', /201: Element X takes 200 only/u],
  ['token as text', 'token', 'failed', /JSON/u],
  ['token refused', 'token', 'failed', /invalid_grant/u],
  ['no access token', 'token', 'failed', /no access_token/u],
  ['token type mac', 'token', 'failed', /token_type/u],
  ['no refresh token', 'token', 'failed', /no refresh_token/u],
  ['expires_in text', 'token', 'failed', /expires_in is not a number: Element Web/u],
  ['no expires_in', 'token', 'differs', /expires_in is missing/u],
  ['long-lived', 'token', 'differs', /31536000 s/u],
  ['no device scope', 'token', 'failed', /dropped urn:matrix:org.matrix.msc2967.client:device/u],
  ['whoami other device', 'whoami', 'failed', /OTHERDEVICE, not [A-Z]{10}/u],
  ['whoami long device', 'whoami', 'failed', /the device X{200}…, not/u],
  ['whoami 503', 'whoami', 'failed', /cannot ask the OP/u],
  ['no rotation', 'refresh', 'differs', /same refresh token again/u],
  ['refresh without refresh token', 'refresh', 'differs', /no new refresh_token/u],
  ['new token unknown', 'refresh', 'failed', /does not take the new access token/u],
  ['no grace', 'lost answer', 'differs', /logged out/u],
  ['revocation 204', 'revocation', 'failed', /204: Element X takes 200 only/u],
  ['revocation 503', 'revocation', 'failed', /temporarily_unavailable/u],
  ['revocation of nothing', 'revocation', 'failed', /works 130 s after the log-out/u],
  ['revocation of access alone', 'revocation', 'differs', /refresh token outlives/u],
  ['revocation of refresh 503', 'revocation', 'differs', /refresh token outlives/u],
  ['unknown token without code', 'revocation', 'failed', /not 401 M_UNKNOWN_TOKEN/u],
]

/** Where the OP lets no session end. */
const CANNOT_END = new Set<WalkFault>([
  'no revocation endpoint',
  'revocation 503',
  'revocation of nothing',
  'revocation of refresh 503',
])

describe('each thing that is wrong is named by its step, and no session is left', () => {
  test.each(FAULTS)('%s', async (fault, name, outcome, words) => {
    op = await startWalkOp({ fault })
    const walked = await go()
    const step = named(walked, name)
    expect([step.outcome, step.words]).toEqual([outcome, expect.stringMatching(words)])
    expect(walked.outcome).toEqual(outcome === 'ok' ? 'passed' : expect.stringMatching(/failed|differs/u))
    if (CANNOT_END.has(fault)) {
      expect(named(walked, 'clean-up')).toMatchObject({
        outcome: 'failed',
        words: expect.stringMatching(/^A session of the test account could not be ended/u),
      })
    } else expect(op.left().sessions).toBe(0)
    if (fault !== 'other client on deletion') expect(op.left().clients).toBe(0)
    const shown = JSON.stringify(walked)
    for (const secret of op.secrets) expect(shown.includes(secret)).toBe(false)
  })

  test('where a session cannot be ended, it is said, with what to do', async () => {
    op = await startWalkOp({ fault: 'revocation 503' })
    const { outcome, words, remedy } = named(await go(), 'clean-up')
    expect([outcome, words]).toEqual(['failed', 'A session of the test account could not be ended'])
    expect(remedy).toEqual(['Sign the device out, or end the session in the OP’s administration.'])
  })

  test.each(['other iss', 'fragment', 'redirect elsewhere', 'other state'] as const)(
    'a code that is not redeemed may have made one already: %s',
    async (fault) => {
      op = await startWalkOp({ fault })
      const { outcome, words, remedy } = named(await go(), 'clean-up')
      expect([outcome, words]).toEqual([
        'differs',
        'A session of the test account may be left: the OP gave a code that no client would redeem',
      ])
      expect(remedy).toEqual([expect.stringContaining('OP’s administration')])
    },
  )

  test('a token answer that never came may have left one', async () => {
    op = await startWalkOp({ fault: 'token late' })
    const walked = await go({ askToEnd: createAsk({ signal, timeoutMs: 300 }) })
    expect(op.left().sessions).toBe(1)
    expect(named(walked, 'clean-up')).toMatchObject({
      outcome: 'differs',
      words: 'A session of the test account may be left: the answer with its tokens never came',
    })
  })

  test('a client whose deletion lies on another server stays, and it is said why', async () => {
    op = await startWalkOp({ fault: 'deletion elsewhere' })
    expect(named(await go(), 'clean-up').words).toMatch(
      /^No session is left; the client \w+ stays, as .* another server/u,
    )
  })

  test('an OP’s own error page tells its error, and unknown scopes are gone around', async () => {
    op = await startWalkOp({ fault: 'own error page' })
    const walked = await go()
    const { words } = named(walked, 'authorization, unstable scope')
    expect(words).toMatch(/\/fallbacks\/error, not to .*`invalid_scope` \(“unknown scope”\)/u)
    expect(walked.steps.map(({ step }) => step)).toContain('authorization, plain scope')
  })

  test('a short password is not looked for in our own words', async () => {
    op = await startWalkOp()
    const walked = await go({
      account: { username: 'walker', password: 'the log' },
      openPages: noPages(),
      scopes: 'unstable',
    })
    expect(JSON.stringify(walked)).toContain('The homeserver takes the access token')
    expect(JSON.stringify(walked)).not.toContain('masked 7')
  })

  test('another person’s token is refused', async () => {
    op = await startWalkOp({ fault: 'whoami other user' })
    const walked = await go({ account: { username: op.user, password: 'never typed here' }, openPages: noPages() })
    expect(named(walked, 'whoami')).toMatchObject({ outcome: 'failed', words: expect.stringContaining('@other:') })
  })
})

/** For an OP that shows none; or whose pages end so. */
const noPages =
  (visit: Partial<Visit & { readonly landed: undefined }> = {}): NonNullable<WalkOptions['openPages']> =>
  async () => ({
    redirectUri: 'http://127.0.0.1:1/callback',
    visit: async () => ({ why: 'there are no pages', remedy: [], passed: [], ...visit }),
    close: async () => undefined,
  })

describe('an account or a person that does not get through', () => {
  test.each(['refused', 'nobody'] as const)('is not asked again for the other scopes: %s', async (end) => {
    op = await startWalkOp({ page: true })
    const walked = await go({ scopes: 'both', openPages: noPages({ why: 'The password is wrong', end }) })
    expect(inShort(walked).slice(2)).toEqual([
      'authorization, unstable scope: failed',
      'authorization, stable scope: skipped',
      'clean-up: ok',
    ])
    expect(op.requests.filter((route) => route === 'GET /authorize')).toHaveLength(1)
  })
})

describe('a homeserver in clear text', () => {
  test('gets no access token', async () => {
    op = await startWalkOp()
    const plain = 'http://homeserver.test.example'
    const sent: string[] = []
    const real = createAsk({ signal })
    const ask: WalkOptions['ask'] = (question) => {
      if (question.headers?.['authorization'] !== undefined) sent.push(question.url)
      return real({ ...question, url: question.url.replace(plain, op.url) })
    }
    const walked = await go({ baseUrl: plain, ask })
    expect(sent).toEqual([])
    expect(named(walked, 'whoami')).toMatchObject({ outcome: 'skipped', words: expect.stringContaining('clear text') })
    expect(op.left()).toEqual({ sessions: 0, clients: 0 })
  })
})

describe('an OP without the scopes of Matrix', () => {
  test('differs, and is gone through with the scope openid', async () => {
    op = await startWalkOp({ fault: 'no Matrix scopes' })
    const walked = await go({ scopes: 'both' })
    expect(inShort(walked)).toEqual([
      'metadata: ok',
      'registration: ok',
      'authorization, unstable scope: differs',
      'authorization, stable scope: differs',
      'authorization, plain scope: ok',
      'token, plain scope: ok',
      'whoami, plain scope: skipped',
      'refresh, plain scope: ok',
      'lost answer, plain scope: ok',
      'revocation, plain scope: ok',
      'clean-up: ok',
    ])
    expect(walked.outcome).toBe('differs')
    expect(named(walked, 'authorization, stable scope').remedy[0]).toContain('MAS')
    expect(op.left()).toEqual({ sessions: 0, clients: 0 })
  })

  test('fails where it has one spelling only', async () => {
    op = await startWalkOp({ fault: 'no unstable scope' })
    const walked = await go({ scopes: 'both' })
    expect(named(walked, 'authorization, unstable scope').outcome).toBe('failed')
    expect(named(walked, 'revocation').outcome).toBe('ok')
    expect(op.left()).toEqual({ sessions: 0, clients: 0 })
  })
})

describe('a walk that is stopped', () => {
  test.each([
    'POST /register',
    'GET /authorize',
    'POST /token',
    'GET /_matrix/client/v3/account/whoami',
    'POST /revoke',
  ])('at %s leaves no session and no client', async (route) => {
    const stop = new AbortController()
    const reason = new Error('stopped')
    op = await startWalkOp({ onRequest: (at) => at === route && stop.abort(reason) })
    await expect(go({ signal: stop.signal })).rejects.toBe(reason)
    expect(op.requests).toContain(route)
    expect(op.left()).toEqual({ sessions: 0, clients: 0 })
  })

  test('tells what stays', async () => {
    const stop = new AbortController()
    const notes: string[] = []
    const onRequest = (at: string): void => {
      if (at === 'POST /token') stop.abort(new Error('stopped'))
    }
    op = await startWalkOp({ fault: 'other client on deletion', onRequest })
    await expect(go({ signal: stop.signal, note: (words) => notes.push(words) })).rejects.toThrow('stopped')
    expect(op.left().clients).toBe(1)
    expect(notes).toEqual([expect.stringMatching(/^The client \w+ could not be deleted: .*Delete the client/su)])
  })
})
