import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Incoming } from './answer.ts'

/** A request as it came, before anybody looked at who sends it. */
export interface Received {
  readonly method: string
  /** From the root, as it came, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** No body may be longer: more than any limit of the API. */
const MOST_BYTES = 4_000_000

/** Reads a request to its end; what is too long is cut, which every operation refuses. */
export const receive = async (message: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message) {
    const part = Buffer.from(chunk)
    bytes += part.byteLength
    if (bytes <= MOST_BYTES) chunks.push(part)
  }
  const url = new URL(message.url ?? '/', 'http://tenant')
  const headers = Object.entries(message.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  }
}

const jsonOf = (body: Buffer, contentType: string): unknown => {
  if (!contentType.includes('json') || body.byteLength === 0) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The request as the operations of an API get it; `root` is that API's, without a slash at its end. */
export const incomingOf = (received: Received, root: string, scopes: ReadonlySet<string>): Incoming => ({
  method: received.method,
  segments: received.path
    .slice(root.length + 1)
    .split('/')
    .map(decoded),
  query: received.query,
  headers: received.headers,
  body: received.body,
  json: jsonOf(received.body, received.headers['content-type'] ?? ''),
  scopes,
})

const bytesOf = (body: unknown): Buffer => {
  if (body === undefined) return Buffer.alloc(0)
  if (body instanceof Uint8Array) return Buffer.from(body)
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Sends an answer; `date` is the tenant's time, milliseconds. Gives the bytes of the body. */
export const send = (response: ServerResponse, answer: Answer, date: number): number => {
  const bytes = bytesOf(answer.body)
  const type = typeof answer.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  response.writeHead(answer.status, {
    date: new Date(date).toUTCString(),
    ...(answer.body === undefined ? {} : { 'content-type': type }),
    'content-length': String(bytes.byteLength),
    ...answer.headers,
  })
  response.end(bytes)
  return bytes.byteLength
}
