import { once } from 'node:events'
import { Agent, createServer, type RequestListener } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { download } from '../../../../src/targets/http/download.ts'
import { exchange } from '../../../../src/targets/http/exchange.ts'

const started: { stop(): void }[] = []
afterEach(() => {
  for (const { stop } of started.splice(0)) stop()
})

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  started.push({
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  return `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`
}

const question = { headers: {}, agent: new Agent(), timeoutMs: 10_000, longestAnswer: 1000 }
const { signal } = new AbortController()

it('sends bytes as they are', async () => {
  const sent: Buffer[] = []
  const url = await serve(async (request, response) => {
    sent.push(await buffer(request))
    response.end(request.headers['content-length'])
  })
  const body = Buffer.from([0, 255, 128, 10])

  const answer = await exchange({ ...question, method: 'POST', url, body, signal })

  expect(sent).toEqual([body])
  expect(answer).toMatchObject({ kind: 'answered', text: '4' })
})

it('tells the headers of the answer that come once, by their names in small letters', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(429, { 'X-RateLimit-Reset': '1800000000', 'Set-Cookie': ['a=1', 'b=2'] }).end()
  })

  const answer = await exchange({ ...question, method: 'GET', url, signal })

  if (answer.kind !== 'answered') throw new Error(answer.why)
  expect(answer.headers).toMatchObject({ 'x-ratelimit-reset': '1800000000' })
  expect(answer.headers).not.toHaveProperty('set-cookie')
})

it('tells of an answer that is none what befell it, and nothing of what was in it', async () => {
  const sockets = createSocketServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nbad header\0 {"access_token":"SECRET-TOKEN"}\r\n\r\n'))
  })
  await once(sockets.listen(0, '127.0.0.1'), 'listening')
  started.push({ stop: () => sockets.close() })
  const url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(sockets.address()).port}`

  const answer = await exchange({ ...question, method: 'GET', url, signal })
  const file = await download({ url, idleMs: 10_000, signal }).catch((error: unknown) => error)

  expect(answer).toMatchObject({ kind: 'lost', cause: { code: 'HPE_INVALID_HEADER_TOKEN' } })
  expect(file).toMatchObject({ code: 'HPE_INVALID_HEADER_TOKEN' })
  const cause = answer.kind === 'lost' ? answer.cause : undefined
  for (const error of [cause, file]) {
    expect(Object.getOwnPropertyNames(error).toSorted()).toEqual(['code', 'message', 'stack'])
    expect(inspect(error)).not.toContain('SECRET-TOKEN')
  }
})
