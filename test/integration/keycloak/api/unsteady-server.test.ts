import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createRawServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { isUnclear } from '../../../../src/targets/http/unclear.ts'
import { type AdminApi, type AdminRequest, openAdminApi } from '../../../../src/targets/keycloak/api/admin-api.ts'
import { countUsers, importUsers, userById } from '../../../../src/targets/keycloak/api/users-api.ts'
import { askAsAllowed } from '../../../../src/targets/keycloak/check/ask-as-allowed.ts'
import type { KeycloakConfig } from '../../../../src/targets/keycloak/config/keycloak-config.ts'
import { openUnsteadyNetwork } from '../../../support/unsteady-network.ts'

const { signal } = new AbortController()
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const portOf = (server: { address(): unknown }): number => {
  const address = server.address()
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('No port')
  return Number(address.port)
}

const listen = async (listener: RequestListener): Promise<Server> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return server
}

const apiAt = (url: string): AdminApi => {
  const config: KeycloakConfig = {
    files: [],
    url,
    realm: 'people',
    client: { id: 'syn2op', secret: 'hidden secret', realm: 'people' },
    providers: [],
    roles: [],
    groups: [],
    admins: { roles: [], groups: [] },
    requiredActions: [],
    attributes: { emails: 'emails', phones: 'phones' },
  }
  const api = openAdminApi(config)
  closing.push(api.close)
  return api
}

const isForToken = (url = ''): boolean => url.endsWith('/token')
const TOKEN = JSON.stringify({ access_token: 'hidden token', expires_in: 300 })

/** A server that gives tokens, and answers everything else as it is told to. */
const serverThat = async (answer: RequestListener, token = { status: 200, body: TOKEN }): Promise<number> =>
  portOf(
    await listen((request, response) => {
      if (!isForToken(request.url)) return answer(request, response)
      request.resume()
      return void response.writeHead(token.status, { 'content-type': 'application/json' }).end(token.body)
    }),
  )

const apiOf = async (...given: Parameters<typeof serverThat>): Promise<AdminApi> =>
  apiAt(`http://127.0.0.1:${await serverThat(...given)}`)

const WRITE: AdminRequest = { method: 'PUT', path: 'users/1', body: { username: 'ann' }, signal }
const READ: AdminRequest = { method: 'GET', path: 'users', signal }

const errorOf = async (promise: Promise<unknown>): Promise<Syn2opError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Syn2opError)) throw new Error('It did not fail as it should', { cause: error })
  expect(JSON.stringify([error.message, error.next, error.problems])).not.toContain('hidden')
  return error
}

describe('a Keycloak that does not answer', () => {
  it('has certainly done nothing where nobody listens, or the name leads nowhere', async () => {
    const server = await listen(() => {})
    const port = portOf(server)
    server.close()
    for (const url of [`http://127.0.0.1:${port}`, 'http://nowhere.invalid']) {
      const error = await errorOf(apiAt(url).send(WRITE))

      expect(error).toMatchObject({ code: 'server.unreachable', exitCode: 5 })
      expect(isUnclear(error)).toBe(false)
    }
  })

  it('has certainly done nothing where it speaks no TLS', async () => {
    const port = await serverThat((_, response) => void response.end())
    const error = await errorOf(apiAt(`https://127.0.0.1:${port}`).send(WRITE))

    expect(error.code).toBe('server.unreachable')
    expect(isUnclear(error)).toBe(false)
  })

  it('may have done what it was asked to, where the connection ends before the answer', async () => {
    const api = await apiOf((request) => void request.resume().on('end', () => request.socket.destroy()))
    const error = await errorOf(api.send(WRITE))

    expect(error.code).toBe('server.unreachable')
    expect(isUnclear(error)).toBe(true)
  })

  it('may have done it where the answer is cut off in its middle', async () => {
    const api = await apiOf((request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"added":1,')
      setTimeout(() => response.destroy(), 50)
    })
    const error = await errorOf(api.send(WRITE))

    expect(error.message).toContain('cut off')
    expect(isUnclear(error)).toBe(true)
  })

  it('may have done it where it is too slow, and the time is that of the whole answer', async () => {
    const api = await apiOf((request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json' })
      const drops = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drops))
    })
    const error = await errorOf(api.send({ ...WRITE, timeoutMs: 300 }))

    expect(error.message).toContain('no answer within 0.3 s')
    expect(isUnclear(error)).toBe(true)
  })

  it.each([
    [429, false],
    [502, true],
    [503, true],
    [504, true],
  ])('is unavailable where %i comes from it or its proxy (unclear: %s)', async (status, unclear) => {
    const error = await errorOf((await apiOf((_, response) => void response.writeHead(status).end())).send(WRITE))

    expect(error).toMatchObject({ code: 'server.unreachable', exitCode: 5 })
    expect(isUnclear(error)).toBe(unclear)
  })

  it('is not followed where it leads elsewhere: the token would go there', async () => {
    let asked = 0
    const elsewhere = portOf(await listen((_, response) => void response.end(String(asked++))))
    const api = await apiOf(
      (_, response) => void response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/` }).end(),
    )

    expect((await errorOf(api.send(WRITE))).message).toContain('leads elsewhere')
    expect(asked).toBe(0)
  })

  it('is asked a question once more where it has just ended an idle connection, but nothing that writes', async () => {
    const sockets = new Set<Socket>()
    let questions = 0
    const raw = createRawServer((socket) => {
      let answered = 0
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('data', (chunk: Buffer) => {
          questions++
          const body = chunk.toString().includes('/token ') ? TOKEN : '[]'
          // It takes one request a connection more than it answers, as one that was about to end it.
          if (answered++ > 1) return socket.destroy()
          return socket.write(
            `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
          )
        })
    }).listen(0, '127.0.0.1')
    await once(raw, 'listening')
    closing.push(() => {
      raw.close()
      for (const socket of sockets) socket.destroy()
    })
    const api = apiAt(`http://127.0.0.1:${portOf(raw)}`)
    await api.send(READ)
    expect(await api.send(READ)).toMatchObject({ status: 200 })
    expect([questions, sockets.size]).toEqual([4, 2])

    await api.send(READ)
    expect(isUnclear(await errorOf(api.send(WRITE)))).toBe(true)
    expect([questions, sockets.size]).toEqual([6, 2])
  })

  it('is let go of at once when the work is stopped, while the token is waited for and while the answer is', async () => {
    const silent = await apiOf(() => {})
    const port = portOf(await listen(() => {}))
    for (const api of [silent, apiAt(`http://127.0.0.1:${port}`)]) {
      const stop = new AbortController()
      const asked = Promise.allSettled([api, api].map((one) => one.send({ ...WRITE, signal: stop.signal })))
      await sleep(200)
      const since = performance.now()
      stop.abort(new Error('stopped'))

      expect(await asked).toMatchObject([{ reason: { message: 'stopped' } }, { reason: { message: 'stopped' } }])
      // Left alone it waits half a minute for a token, a whole one for an answer.
      expect(performance.now() - since).toBeLessThan(10_000)
    }
  })

  it('gives one token to all who ask at once, and another to those who come after one of them gave up', async () => {
    let tokens = 0
    const server = await listen((request, response) => {
      request.resume()
      response.setHeader('content-type', 'application/json')
      if (!isForToken(request.url)) return void response.end('[]')
      tokens++
      return void setTimeout(() => response.end(TOKEN), 200)
    })
    const api = apiAt(`http://127.0.0.1:${portOf(server)}`)
    const stop = new AbortController()
    const stopped = api.send({ ...READ, signal: stop.signal })
    const others = Promise.all([api.send(READ), api.send(READ)])
    stop.abort(new Error('stopped'))

    await expect(stopped).rejects.toThrow('stopped')
    expect(await others).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(tokens).toBe(1)
  })

  it('may be far away and unsteady: what comes slowly comes, and a cut is told', async () => {
    const port = await serverThat((request, response) => {
      request.resume()
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(Array.from({ length: 40_000 }, () => 'filling')))
    })
    const network = await openUnsteadyNetwork(port)
    closing.push(network.close)
    const api = apiAt(`http://127.0.0.1:${network.port}`)
    network.slowDown(800_000)
    expect(await api.send(READ)).toMatchObject({ status: 200 })
    network.cutAfter(200_000)
    expect((await errorOf(api.send(READ))).message).toContain('cut off')
    network.heal()
    expect(await api.send(READ)).toMatchObject({ status: 200 })
  })
})

describe('an answer that is none of Keycloak', () => {
  const saying =
    (status: number, contentType: string, body: string): RequestListener =>
    (request, response) => {
      request.resume()
      response.writeHead(status, { 'content-type': contentType }).end(body)
    }

  it('tells which request got what kind of answer, and nothing of it', async () => {
    const page = await apiOf(saying(200, 'text/html', '<h1>hidden</h1>'))
    expect((await errorOf(countUsers(page, {}, signal))).message).toBe(
      'Keycloak answers GET users/count with 200 and a text that is no JSON',
    )
    const broken = await apiOf(saying(200, 'application/json', '{"hidden": '))
    expect((await errorOf(countUsers(broken, {}, signal))).message).toContain('broken JSON')
    const other = await apiOf(saying(200, 'application/json', '{"hidden": 1}'))
    expect((await errorOf(countUsers(other, {}, signal))).message).toContain('JSON of another form')
  })

  it('is no proof that a user is not there', async () => {
    const api = await apiOf(saying(404, 'text/html', 'Not found'))

    expect((await errorOf(userById(api, '1', signal))).code).toBe('server.unreachable')
  })

  it('leaves an import unclear', async () => {
    const api = await apiOf(saying(200, 'application/json', '{"added":0}'))
    const users = [
      { id: '1', username: 'ann', emailVerified: false, enabled: true, attributes: {}, requiredActions: [] },
    ]
    const imports = users.map((user) => ({
      ...user,
      createdTimestamp: 0,
      federatedIdentities: [],
      realmRoles: [],
      groups: [],
    }))

    expect(isUnclear(await errorOf(importUsers(api, imports, signal)))).toBe(true)
  })

  it('is not read without an end', async () => {
    let sent = 0
    const api = await apiOf((request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json' })
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1_000_000, ' '))) sent++
      }
      response.on('drain', pour)
      pour()
    })

    expect((await errorOf(api.send(READ))).message).toContain('longer than')
    expect(sent).toBeLessThan(200)
  })

  it.each([
    [200, '<h1>hidden</h1>', 'without a token'],
    [401, '{"error":"invalid_client","error_description":"hidden secret"}', 'gives the client syn2op'],
    [500, '{"error":"unknown_error"}', 'cannot be asked: it answers 500'],
  ])('is told apart where the token is asked for: %i %s', async (status, body, words) => {
    const api = await apiOf(saying(200, 'application/json', '[]'), { status, body })

    expect((await errorOf(api.send(READ))).message).toContain(words)
  })
})

describe('a proxy before Keycloak that refuses', () => {
  const refusing = (contentType: string, body: string): Promise<AdminApi> =>
    apiOf((request, response) => {
      request.resume()
      response.writeHead(403, { 'content-type': contentType }).end(body)
    })

  it('is told as one, and no role is asked for', async () => {
    const api = await refusing('text/html', '<h1>403 Forbidden</h1>')
    const error = await errorOf(api.send(READ))
    expect(error).toMatchObject({ code: 'target.not-allowed', exitCode: 4 })
    expect(error.message).toContain('A proxy before Keycloak')
    expect(error.next.join(' ')).not.toContain('kcadm')
    await expect(askAsAllowed(api).may(READ)).rejects.toThrow('A proxy before Keycloak')
    expect(await askAsAllowed(api).ask(() => api.send(READ))).toBeUndefined()
  })

  it('is not taken for one where Keycloak itself refuses', async () => {
    for (const api of [await refusing('application/json', '{"error":"HTTP 403 Forbidden"}'), await refusing('', '')]) {
      expect((await errorOf(api.send(READ))).message).toContain('lacks the role view-users')
      expect(await askAsAllowed(api).may(READ)).toBe(false)
    }
  })
})

describe('questions that are asked alone', () => {
  it('go over a connection each, where others share one', async () => {
    const ports = new Set<number | undefined>()
    const api = await apiOf((request, response) => {
      ports.add(request.socket.remotePort)
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
    })
    for (const _ of [1, 2, 3]) await api.send(READ)
    expect(ports.size).toBe(1)
    for (const _ of [1, 2, 3]) await api.send({ ...READ, alone: true })
    expect(ports.size).toBe(4)
  })
})
