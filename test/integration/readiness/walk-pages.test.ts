import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { choosePages } from '../../../src/readiness/walk/pages/choose-pages.ts'
import type { Visit } from '../../../src/readiness/walk/pages/pages.ts'
import type { Surroundings } from '../../../src/readiness/walk/walk-step.ts'
import { whyNoChromium } from '../../support/browser/chromium.ts'

const missing = whyNoChromium()
const ACCOUNT = { username: '@joe:test.example', password: 'one foot before the other' }

/** What a page of the OP is, by its path; `back` is where the client waits. */
type Pages = Readonly<Record<string, (at: { readonly port: number; readonly back: string }) => Page>>
type Page = string | { readonly location: string } | { readonly html: string; readonly milliseconds: number }

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Goes through the pages from `/authorize` on. */
const through = async (pages: Pages): Promise<{ readonly visit: Visit; readonly posts: readonly string[] }> => {
  const posts: string[] = []
  const opened = await choosePages({ account: ACCOUNT })()
  const listening = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://op.example')
    const body = await text(request)
    if (request.method === 'POST') posts.push(`${url.pathname} ${body}`)
    const { port } = listening.address() as AddressInfo
    const page = pages[url.pathname]?.({ port, back: `${opened.redirectUri}?code=abcdefghij&state=klmnopqrst` }) ?? ''
    if (typeof page === 'object' && 'location' in page) return response.writeHead(303, page).end()
    const { html, milliseconds } = typeof page === 'string' ? { html: page, milliseconds: 0 } : page
    return setTimeout(() => response.writeHead(200, { 'content-type': 'text/html' }).end(html), milliseconds)
  }).listen(0, '127.0.0.1')
  server = listening
  await once(listening, 'listening')
  const surroundings = { signal: new AbortController().signal, note: () => undefined } as unknown as Surroundings
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/authorize?state=klmnopqrst`
  try {
    return { visit: await opened.visit(url, surroundings, { as: 'Element X', number: 1, of: 1 }), posts }
  } finally {
    await opened.close()
  }
}

const login = (inside = '', action = '/login'): string =>
  `<form method=post action="${action}">${inside}<input name=username><input type=password name=password><button type=submit>Log in</button></form>`

const why = ({ visit }: { readonly visit: Visit }): string => (visit.landed === undefined ? visit.why : 'landed')

describe.skipIf(missing)(`pages of an OP in a browser${missing ? ` (${missing})` : ''}`, () => {
  test('a login and a consent lead back', async () => {
    const { visit, posts } = await through({
      '/authorize': () => login(),
      '/login': () => '<form method=post action=/consent><button>Continue</button></form>',
      '/consent': ({ back }) => ({ location: back }),
    })
    expect(visit.landed).toMatch(/\?code=abcdefghij/u)
    expect(posts).toEqual(['/login username=joe&password=one+foot+before+the+other', '/consent '])
  })

  test.each([
    [
      'a page',
      { '/authorize': ({ port }) => ({ location: `http://op.localhost:${port}/page` }), '/page': () => login() },
    ],
    ['a form that is sent', { '/authorize': ({ port }) => login('', `http://op.localhost:${port}/login`) }],
  ] as const satisfies readonly (readonly [string, Pages])[])(
    'to %s in clear text no password goes',
    async (_, pages) => {
      const went = await through(pages)
      expect(went.posts).toEqual([])
      expect(why(went)).toMatch(/clear text to http:\/\/op\.localhost:\d+\/\w+/u)
    },
  )

  test('a login by script that takes its time is waited for', async () => {
    const script = (back: string): string =>
      `event.preventDefault();b.textContent='Signing in…';fetch('/slow',{method:'POST'}).then(()=>{location='${back}'})`
    const went = await through({
      '/authorize': ({ back }) =>
        `<form onsubmit="${script(back)}"><input name=username><input type=password name=p><button id=b type=submit>Log in</button></form>`,
      '/slow': () => ({ html: 'ok', milliseconds: 2000 }),
    })
    expect([why(went), went.posts]).toEqual(['landed', ['/slow ']])
  })

  test.each([
    ['a new page', { '/authorize': () => login(), '/login': () => `Wrong password${login()}` }],
    [
      'the same page',
      {
        '/authorize': () =>
          `<p id=e role=alert></p><form onsubmit="event.preventDefault();e.textContent='Wrong password'"><input name=username><input type=password name=p><button>Log in</button></form>`,
      },
    ],
  ] as const satisfies readonly (readonly [string, Pages])[])(
    'a wrong password is seen by %s, and not tried again',
    async (_, pages) => {
      const { visit, posts } = await through(pages)
      expect(visit).toMatchObject({ end: 'refused', why: expect.stringContaining('does not take the password') })
      expect(posts.length).toBeLessThan(2)
    },
  )

  test.each([
    ['signs out', '<form method=post action=/x><button type=submit>Sign out everywhere</button></form>'],
    ['deletes', '<form method=post action=/x><button type=submit>Delete the account</button></form>'],
    ['wants a number', '<form method=post action=/x><input type=number name=otp><button>Continue</button></form>'],
    [
      'makes an account',
      '<form method=post action=/x><input name=username><input type=password autocomplete=new-password><button>Create account</button></form>',
    ],
  ])('a page that %s is left alone', async (_, html) => {
    const went = await through({ '/authorize': () => html })
    expect(went.posts).toEqual([])
    expect(why(went)).toContain('nobody knows a way on from')
  })

  test('the account at hand is taken, and no other provider', async () => {
    const { posts } = await through({
      '/authorize': () =>
        '<form method=post action=/google><button>Continue with Google</button></form><form method=post action=/joe><button>Continue as joe</button></form>',
      '/joe': ({ back }) => ({ location: back }),
    })
    expect(posts).toEqual(['/joe '])
  })

  test('a login is sent, not cancelled, whatever button stands first', async () => {
    const { posts } = await through({
      '/authorize': () => login('<button type=submit name=action value=cancel>Back</button>'),
      '/login': ({ back }) => ({ location: back }),
    })
    expect(posts).toEqual(['/login username=joe&password=one+foot+before+the+other'])
  })

  test('a page that repeats the password is not repeated', async () => {
    const went = await through({ '/authorize': () => login(), '/login': () => `Is it ${ACCOUNT.password}?` })
    expect(why(went)).not.toContain('one foot')
  })
})
