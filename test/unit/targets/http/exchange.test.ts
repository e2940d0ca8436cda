import { once } from 'node:events'
import { Agent, createServer, type RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
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
