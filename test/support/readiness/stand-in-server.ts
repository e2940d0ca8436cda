import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Asked, Product, Reply, StandInOptions } from './stand-in-product.ts'

export interface StandInServer {
  /** Such as `http://localhost:4711`. */
  readonly origin: string
  /** Answers as this product from now on. */
  become(product: Product): void
  stop(): Promise<void>
}

interface ServerOptions extends Pick<StandInOptions, 'faults' | 'tls'> {
  readonly requests: string[]
  readonly violations: string[]
}

export const startServer = async ({ faults, tls, requests, violations }: ServerOptions): Promise<StandInServer> => {
  let product: Product | undefined
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = askedOf(request, await text(request), violations)
    requests.push(`${asked.method} ${asked.path}`)
    checkManners(asked)
    if (product === undefined) return void response.destroy()
    const plain = replyOf(product, asked)
    const reply = { ...plain, headers: { ...product.cors(asked), ...plain.headers } }
    send(response, faults?.({ method: asked.method, path: asked.path }, reply) ?? reply)
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void =>
    void listener(request, response).catch((error: unknown) => {
      violations.push(`the stand-in itself failed: ${String(error)}`)
      response.destroy()
    })
  const server =
    tls === undefined
      ? createServer(answer)
      : createTlsServer({ cert: tls.serverCertificate, key: tls.serverKey }, answer)
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://localhost:${(server.address() as AddressInfo).port}`,
    become: (next) => {
      product = next
    },
    stop: async () => {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const replyOf = (product: Product, asked: Asked): Reply => {
  if (asked.method === 'OPTIONS') return product.preflight(asked)
  const route = product.routes[`${asked.method} ${asked.path}`]
  if (route !== undefined) return route(asked)
  const others = Object.keys(product.routes).filter((key) => key.endsWith(` ${asked.path}`))
  if (others.length > 0) asked.violation(`${asked.path} is not asked by ${asked.method}`)
  return product.otherwise(asked)
}

const askedOf = (request: IncomingMessage, body: string, violations: string[]): Asked => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const type = headers['content-type'] ?? ''
  const method = request.method ?? ''
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    text: body,
    json: type.startsWith('application/json') ? objectOf(body) : undefined,
    form: type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body) : undefined,
    token: /^Bearer (.+)$/u.exec(headers['authorization'] ?? '')?.[1],
    violation: (what) => void violations.push(`${method} ${url.pathname}: ${what}`),
  }
}

const objectOf = (body: string): Asked['json'] => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

/** What holds for whatever is asked, of whomever. */
const checkManners = (asked: Asked): void => {
  if (asked.path.includes('//')) asked.violation('the path has a slash twice')
  if (!/^syn2op\/\d/u.test(asked.headers['user-agent'] ?? '')) asked.violation('User-Agent does not say who asks')
  if (asked.headers['cookie'] !== undefined) asked.violation('a cookie was sent')
  for (const name of ['access_token', 'token', 'client_secret']) {
    if (asked.query.has(name)) asked.violation(`${name} stands in the address`)
  }
  if (asked.text !== '' && asked.json === undefined && asked.form === undefined) {
    asked.violation('the body is neither JSON nor a form, or not said to be')
  }
  if (asked.method === 'GET' && asked.text !== '') asked.violation('a GET has a body')
  if (asked.method === 'OPTIONS') {
    for (const name of ['origin', 'access-control-request-method']) {
      if (asked.headers[name] === undefined) asked.violation(`a preflight has no ${name}`)
    }
  }
}

const send = (response: ServerResponse, { status, headers, body }: Reply): void => {
  if (body === undefined) response.writeHead(status, { ...headers }).end()
  else if (typeof body === 'string') response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body)
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
