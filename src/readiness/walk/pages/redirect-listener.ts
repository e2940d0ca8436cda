import { once } from 'node:events'
import { createServer } from 'node:http'

/** Waits at a port of 127.0.0.1 for browsers that are led back. */
export interface RedirectListener {
  readonly redirectUri: string
  readonly port: number
  /**
   * The next address that a browser comes to with an answer, without its fragment, which browsers keep to themselves; not with the
   * answer of an earlier login, which a browser may send once more.
   * @throws the signal's reason
   */
  next(signal: AbortSignal, login: AwaitedLogin): Promise<string>
  /** Whether somebody came without an answer while the last was waited for: it may be in the fragment. */
  cameWithout(): boolean
  stop(): Promise<void>
}

interface AwaitedLogin {
  /** A secret. */
  readonly state: string
  /** What follows, for the person who comes back. */
  readonly next: 'another login' | 'nothing'
}

/** In milliseconds: for the last page to reach its browser. */
const LAST_PAGE = 1000

const PATH = '/callback'

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'connection': 'close',
}

const PAGES = {
  'nothing': 'You may close this window.',
  'another login': 'One more login is needed: go on at the address that syn2op shows next.',
} as const satisfies Record<AwaitedLogin['next'], string>

const pageOf = (next: AwaitedLogin['next']): string =>
  `<!doctype html><html lang="en"><title>syn2op</title><p>You are back at syn2op. ${PAGES[next]}</p></html>`

export const listenForRedirect = async (): Promise<RedirectListener> => {
  const landed: string[] = []
  const earlier = new Set<string>()
  let tell: (() => void) | undefined
  let follows: AwaitedLogin['next'] = 'nothing'
  let isWithout = false
  const server = createServer((request, response) => {
    request.resume()
    const url = URL.parse(request.url ?? '', 'http://127.0.0.1')
    if (request.method !== 'GET' || url?.pathname !== PATH) {
      response.writeHead(404, HEADERS).end()
      return
    }
    response.writeHead(200, HEADERS).end(pageOf(follows))
    const { searchParams } = url
    if (!['code', 'error', 'state'].some((name) => searchParams.has(name))) isWithout = true
    else if (!earlier.has(searchParams.get('state') ?? '')) landed.push(url.search)
    tell?.()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The listener for the redirect has no port')
  const redirectUri = `http://127.0.0.1:${address.port}${PATH}`
  return {
    redirectUri,
    port: address.port,
    cameWithout: () => isWithout,
    next: async (signal, { state, next }) => {
      landed.length = 0
      isWithout = false
      follows = next
      for (;;) {
        signal.throwIfAborted()
        const search = landed.shift()
        if (search !== undefined) {
          earlier.add(state)
          return `${redirectUri}${search}`
        }
        await new Promise<void>((resolve) => {
          const go = (): void => {
            signal.removeEventListener('abort', go)
            tell = undefined
            resolve()
          }
          tell = go
          signal.addEventListener('abort', go, { once: true })
        })
      }
    },
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      const late = setTimeout(() => server.closeAllConnections(), LAST_PAGE)
      await closed
      clearTimeout(late)
    },
  }
}
