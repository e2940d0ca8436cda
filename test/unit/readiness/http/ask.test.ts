import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { createAsk } from '../../../../src/readiness/http/ask.ts'
import type { Question } from '../../../../src/readiness/http/exchange.ts'
import { hasOpenssl, makeCertificates } from '../../../support/certificates.ts'

const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = []

const listening = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  servers.push({ server, sockets })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const serving = async (listener: RequestListener): Promise<string> =>
  `http://localhost:${await listening(createServer(listener))}`

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
})

const ask = createAsk({ signal: new AbortController().signal, timeoutMs: 5000 })
const get = (url: string, more: Partial<Question> = {}): Question => ({ method: 'GET', url, ...more })

describe('what is asked', () => {
  it('says who asks, and sends headers, JSON and forms as they were given', async () => {
    const seen: { readonly headers: unknown; readonly body: string }[] = []
    const url = await serving(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      seen.push({ headers: request.headers, body })
      response.writeHead(200).end()
    })
    await ask(get(url, { headers: { origin: 'https://app.element.io', authorization: 'Bearer x' } }))
    await ask({ method: 'POST', url, body: { json: { one: 1 } } })
    await ask({ method: 'POST', url, body: { form: { scope: 'a b', token: 'ü&=' } } })
    expect(seen[0]?.headers).toMatchObject({
      'user-agent': expect.stringMatching(/^syn2op\/\d/u),
      'origin': 'https://app.element.io',
      'authorization': 'Bearer x',
    })
    expect(seen[1]).toMatchObject({ body: '{"one":1}', headers: { 'content-type': 'application/json' } })
    expect(seen[2]).toMatchObject({
      body: 'scope=a+b&token=%C3%BC%26%3D',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  })
})

describe('an answer', () => {
  it('has its status, its headers, its text, and what that is as JSON', async () => {
    const url = await serving((_, response) =>
      response.writeHead(404, { 'X-One': '1', 'set-cookie': ['a=1', 'b=2'] }).end('{"errcode":"M_UNRECOGNIZED"}'),
    )
    expect((await ask(get(url))).answer).toMatchObject({
      status: 404,
      headers: { 'x-one': '1', 'set-cookie': 'a=1, b=2' },
      text: '{"errcode":"M_UNRECOGNIZED"}',
      json: { errcode: 'M_UNRECOGNIZED' },
      url: `${url}/`,
    })
  })

  it('has no JSON where the text is none', async () => {
    const url = await serving((_, response) => response.end('<html>'))
    expect((await ask(get(url))).answer).not.toHaveProperty('json')
  })

  it('keeps the byte order mark before its text, which some clients refuse, and is JSON all the same', async () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf])
    const url = await serving((_, response) => response.end(Buffer.concat([mark, Buffer.from('{"one":1}')])))
    expect((await ask(get(url))).answer).toMatchObject({ text: '\uFEFF{"one":1}', json: { one: 1 } })
  })

  it('is no JSON with a second byte order mark', async () => {
    const url = await serving((_, response) => response.end('\uFEFF\uFEFF{"one":1}'))
    expect((await ask(get(url))).answer).not.toHaveProperty('json')
  })

  it('is cut after a megabyte, however long it is', async () => {
    const url = await serving((_, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more)
      }
      more()
    })
    expect((await ask(get(url))).answer?.text).toHaveLength(1_000_000)
  })
})

describe('redirections', () => {
  const turning = (location: string, status = 302): Promise<string> =>
    serving((request, response) => {
      if (request.url === '/end') response.end(JSON.stringify(request.headers))
      else response.writeHead(status, { location }).end('turned')
    })

  it('that were followed are kept, each with its headers: a browser looks at all of them', async () => {
    const url = await serving((request, response) =>
      request.url === '/there'
        ? response.writeHead(200, { 'access-control-allow-origin': '*' }).end('{}')
        : response.writeHead(301, { location: '/there', server: 'nginx' }).end(),
    )
    const { answer } = await ask(get(`${url}/here?secret=1`, { redirects: 'followed' }))
    expect(answer?.redirections).toMatchObject([{ status: 301, url: `${url}/here`, headers: { server: 'nginx' } }])
    expect((await ask(get(`${url}/there`, { redirects: 'followed' }))).answer).not.toHaveProperty('redirections')
  })

  it('are shown as they are, unless they are to be followed', async () => {
    const url = await turning('/end')
    expect((await ask(get(url))).answer).toMatchObject({ status: 302, headers: { location: '/end' }, text: 'turned' })
    expect((await ask(get(url, { redirects: 'followed' }))).answer).toMatchObject({ status: 200, url: `${url}/end` })
  })

  it('are not followed with a body', async () => {
    const url = await turning('/end', 307)
    const exchange = await ask({ method: 'POST', url, body: { json: {} }, redirects: 'followed' })
    expect(exchange.answer?.status).toBe(307)
  })

  it('take an authorization to nobody else', async () => {
    const other = await serving((request, response) => response.end(JSON.stringify(request.headers)))
    const own = await turning('/end')
    const away = await turning(other)
    const asked = { redirects: 'followed', headers: { authorization: 'Bearer secret', cookie: 'a=b' } } as const
    expect((await ask(get(own, asked))).answer?.json).toMatchObject({ authorization: 'Bearer secret' })
    const elsewhere = (await ask(get(away, asked))).answer
    expect(elsewhere?.url).toBe(`${other}/`)
    expect(elsewhere?.text).not.toContain('secret')
    expect(elsewhere?.json).not.toHaveProperty('cookie')
  })

  it('in a circle end', async () => {
    const url = await turning('/again')
    expect((await ask(get(url, { redirects: 'followed' }))).failure?.why).toBe(
      `it redirects more than 5 times, at last from ${url}/again`,
    )
  })

  it.each([
    ['file:///etc/passwd', 'redirects to nowhere: this is no address of the web: it begins with file:'],
    ['https://u:p@localhost/', 'redirects to nowhere: this URL has a user name or a password in it'],
    ['http://[', 'redirects to nowhere: this is no URL'],
  ])('to %s lead nowhere', async (location, words) => {
    const url = await turning(location)
    expect((await ask(get(url, { redirects: 'followed' }))).failure?.why).toContain(words)
  })
})

describe('a question without an answer', () => {
  it.each([
    ['', 'this is no URL'],
    ['/relative', 'this is no URL'],
    ['ftp://example.org/', 'this is no address of the web: it begins with ftp:'],
    ['https://user:secret@example.org/', 'this URL has a user name or a password in it, which no client takes'],
  ])('to %j is asked of nobody', async (url, why) => {
    expect((await ask(get(url))).failure).toEqual({ code: 'ERR_INVALID_URL', why })
  })

  it('is said of a header that HTTP does not carry, without what it holds', async () => {
    const exchange = await ask(get('http://localhost:9/', { headers: { authorization: 'Bearer sec\nret' } }))
    expect(exchange.failure).toEqual({ why: 'a header of the question cannot be sent over HTTP' })
  })

  it('is said of a port where nobody listens', async () => {
    const server = createPlainServer()
    const port = await listening(server)
    server.close()
    expect((await ask(get(`http://localhost:${port}/`))).failure).toEqual({
      code: 'ECONNREFUSED',
      why: 'the connection was refused: nothing listens there',
    })
  })

  it('is said of a name that nobody has', async () => {
    const { failure } = await ask(get('http://nobody.invalid/'))
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(failure?.code)
    expect(failure?.why).toContain('DNS')
  })

  it('is said of a connection that is cut, and of one that speaks something else', async () => {
    const cut = await listening(createPlainServer((socket) => socket.destroy()))
    expect((await ask(get(`http://localhost:${cut}/`))).failure?.why).toBe(
      'the connection was cut before an answer came',
    )
    const mail = await listening(createPlainServer((socket) => socket.end('220 mail.example.org ESMTP\r\n')))
    expect((await ask(get(`http://localhost:${mail}/`))).failure?.why).toContain('speaks no HTTP')
    expect((await ask(get(`https://localhost:${mail}/`))).failure?.why).toContain('speaks no TLS')
  })

  it('is given up after its time, also where every byte comes late', async () => {
    const silent = await listening(createPlainServer(() => undefined))
    const slow = await serving((_, response) => {
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const impatient = createAsk({ signal: new AbortController().signal, timeoutMs: 200 })
    for (const url of [`http://localhost:${silent}/`, slow]) {
      expect((await impatient(get(url))).failure).toEqual({
        code: 'ETIMEDOUT',
        why: 'no whole answer came within 0.2 s',
      })
    }
  })

  it('throws the reason of the signal, before and while it is asked', async () => {
    const silent = await listening(createPlainServer(() => undefined))
    const stop = new AbortController()
    const reason = new Error('enough')
    const stoppable = createAsk({ signal: stop.signal })
    setTimeout(() => stop.abort(reason), 50)
    await expect(stoppable(get(`http://localhost:${silent}/`))).rejects.toBe(reason)
    await expect(stoppable(get('no URL'))).rejects.toBe(reason)
  })
})

describe.runIf(hasOpenssl())('TLS', () => {
  const certificates = makeCertificates('nobody')

  const secure = async (): Promise<number> =>
    listening(
      createTlsServer({ cert: certificates.serverCertificate, key: certificates.serverKey }, (_, response) =>
        response.end(),
      ),
    )

  it('says of a certificate that is not trusted how to trust it', async () => {
    const port = await secure()
    const { failure } = await ask(get(`https://localhost:${port}/`))
    expect(failure?.code).toMatch(/SELF_SIGNED|UNABLE_TO/u)
    expect(failure?.why).toMatch(/^TLS: .*NODE_EXTRA_CA_CERTS$/u)
  })

  it('is not left for plain http', async () => {
    const port = await listening(
      createTlsServer({ cert: certificates.serverCertificate, key: certificates.serverKey }, (_, response) =>
        response.writeHead(301, { location: 'http://localhost:9/?code=secret' }).end(),
      ),
    )
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, readFileSync(certificates.authority, 'utf8')])
    try {
      const { failure } = await ask(get(`https://localhost:${port}/`, { redirects: 'followed' }))
      expect(failure?.why).toBe(`https://localhost:${port}/ redirects from https to plain http, to http://localhost:9/`)
      const byNumber = await ask(get(`https://127.0.0.1:${port}/`))
      expect(byNumber.failure?.why ?? '').toMatch(/another name|refused/u)
    } finally {
      setDefaultCACertificates(before)
    }
  })
})
