import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'

/** What a stand-in knows. */
export interface MatrixWorld {
  /** Who an access token belongs to. */
  readonly tokens: Map<string, { readonly user: string; readonly device?: string }>
  readonly passwords: ReadonlyMap<string, string>
  /** How many of the next requests are refused as too many, and how the server says when to come again. */
  limited?: { left: number; readonly say: 'Retry-After in seconds' | 'Retry-After as a date' | 'retry_after_ms' }
}

export interface MatrixStandIn {
  readonly url: string
  /** Method and path of every request, in order. */
  readonly requests: readonly string[]
  stop(): Promise<void>
}

const answer = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

const limit = (response: ServerResponse, say: NonNullable<MatrixWorld['limited']>['say']): void => {
  const error = { errcode: 'M_LIMIT_EXCEEDED', error: 'Too many requests' }
  if (say === 'retry_after_ms') answer(response, 429, { ...error, retry_after_ms: 20 })
  else {
    const when = say === 'Retry-After in seconds' ? '0' : new Date(Date.now() - 1000).toUTCString()
    answer(response, 429, error, { 'retry-after': when })
  }
}

const bearer = (request: IncomingMessage): string =>
  /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? ''

/**
 * A server of the Matrix client-server API (v1.15): login with a password, logout, whoami, rate limits. Written from
 * the specification, for what no test can make a real homeserver do at will.
 */
export const startMatrixStandIn = async (world: MatrixWorld): Promise<MatrixStandIn> => {
  const requests: string[] = []
  let made = 0
  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    'GET /_matrix/client/v3/account/whoami': async (request, response) => {
      const known = world.tokens.get(bearer(request))
      if (known === undefined) return answer(response, 401, { errcode: 'M_UNKNOWN_TOKEN', error: bearer(request) })
      answer(response, 200, { user_id: known.user, ...(known.device && { device_id: known.device }), is_guest: false })
    },
    'POST /_matrix/client/v3/login': async (request, response) => {
      const body = (await json(request)) as {
        type?: string
        password?: string
        identifier?: { type?: string; user?: string }
      }
      const user = body.identifier?.user ?? ''
      if (body.type !== 'm.login.password' || body.identifier?.type !== 'm.id.user') {
        return answer(response, 400, { errcode: 'M_UNKNOWN', error: 'Bad login type' })
      }
      if (world.passwords.get(user) !== body.password) {
        return answer(response, 403, { errcode: 'M_FORBIDDEN', error: `Invalid password ${body.password}` })
      }
      const [token, device] = [`mct_${++made}`, `DEVICE${made}`]
      world.tokens.set(token, { user, device })
      answer(response, 200, { user_id: user, access_token: token, device_id: device })
    },
    'POST /_matrix/client/v3/logout': async (request, response) => {
      await json(request)
      const known = world.tokens.delete(bearer(request))
      answer(response, known ? 200 : 401, known ? {} : { errcode: 'M_UNKNOWN_TOKEN', error: 'Unknown' })
    },
  }
  const server = createServer((request, response) => {
    const what = `${request.method} ${request.url}`
    requests.push(what)
    if (world.limited !== undefined && world.limited.left > 0) {
      world.limited.left--
      request.resume()
      limit(response, world.limited.say)
      return
    }
    const route = routes[what]
    if (route === undefined) answer(response, 404, { errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' })
    else void route(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
