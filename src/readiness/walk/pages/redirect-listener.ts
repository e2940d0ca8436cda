import { once } from 'node:events'
import { createServer } from 'node:http'

/** Waits at a port of 127.0.0.1 for browsers that are led back. */
export interface RedirectListener {
  readonly redirectUri: string
  readonly port: number
  /** The next address that a browser comes to, without its fragment, which browsers keep to themselves. @throws the signal's reason */
  next(signal: AbortSignal): Promise<string>
  stop(): Promise<void>
}

const PATH = '/callback'

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

const PAGE =
  '<!doctype html><html lang="en"><title>syn2op</title><p>You are back at syn2op. You may close this window.</p></html>'

export const listenForRedirect = async (): Promise<RedirectListener> => {
  const landed: string[] = []
  let tell: (() => void) | undefined
  const server = createServer((request, response) => {
    request.resume()
    const url = URL.parse(request.url ?? '', 'http://127.0.0.1')
    if (request.method !== 'GET' || url?.pathname !== PATH) {
      response.writeHead(404, HEADERS).end()
      return
    }
    response.writeHead(200, HEADERS).end(PAGE)
    landed.push(url.search)
    tell?.()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The listener for the redirect has no port')
  const redirectUri = `http://127.0.0.1:${address.port}${PATH}`
  return {
    redirectUri,
    port: address.port,
    next: async (signal) => {
      for (;;) {
        signal.throwIfAborted()
        const search = landed.shift()
        if (search !== undefined) return `${redirectUri}${search}`
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
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
