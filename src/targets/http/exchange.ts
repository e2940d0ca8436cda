import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { codeOf, type PlainError, plainError } from './plain-error.ts'
import { retryAfterOf } from './retry-after.ts'
import { stoppedBy } from './stopped-by.ts'

export interface Question {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly agent: Agent
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** In bytes: a longer answer is not read to its end. */
  readonly longestAnswer: number
  /** Whether asking twice does no more than asking once; a GET's is so unless it is said. */
  readonly repeatable?: boolean
}

export interface Answered {
  readonly kind: 'answered'
  readonly status: number
  /** Empty where the server names none. */
  readonly contentType: string
  /** Milliseconds, as Retry-After says. */
  readonly retryAfter?: number
  /** By their names in small letters; not those that come several times. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface Lost {
  readonly kind: 'lost'
  /** False: the request has not left as a whole, so that the server has done nothing. */
  readonly sent: boolean
  /** Node's code of the failure, such as ECONNREFUSED. */
  readonly code?: string
  /** In words, without anything that was sent or answered. */
  readonly why: string
  readonly cause?: PlainError
}

/** From so many characters on a body is sent only once the server has said that it wants it: it may refuse it for its length. */
const LARGE = 1_000_000

/** Servers and proxies that do not know the question send no answer to it: then the body is sent all the same. Milliseconds. */
const CONSENT_MS = 2000

/**
 * Asks once, and waits for the whole answer. Follows no redirection. A question that is repeatable is asked once more
 * where a connection that had been used before broke before a word of the answer: the server may just have ended it.
 * @throws the signal's reason, at once when it is aborted
 */
export const exchange = async (question: Question): Promise<Answered | Lost> => {
  const first = await askOnce(question)
  if (!first.stale || !(question.repeatable ?? question.method === 'GET')) return first.outcome
  return (await askOnce(question)).outcome
}

interface Asked {
  readonly outcome: Answered | Lost
  /** It was lost on a connection from before, without a word of an answer. */
  readonly stale: boolean
}

const askOnce = ({ signal, timeoutMs, longestAnswer, ...question }: Question): Promise<Asked> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const secure = question.url.startsWith('https:')
    const large = (question.body?.length ?? 0) >= LARGE
    let connected = false
    let complete = false
    let begun = false
    const outgoing = (secure ? requestHttps : requestHttp)(question.url, {
      method: question.method,
      agent: question.agent,
      headers: {
        ...question.headers,
        ...(question.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(question.body)) }),
        ...(large ? { expect: '100-continue' } : {}),
      },
    })
    const sendBody = (): void => {
      clearTimeout(consent)
      if (complete || outgoing.destroyed) return
      complete = true
      outgoing.end(question.body)
    }
    const consent = large ? setTimeout(sendBody, CONSENT_MS) : undefined
    const rest = (): void => {
      clearTimeout(timer)
      clearTimeout(consent)
      signal.removeEventListener('abort', abort)
      // Whoever answers before the body has come does not want it: the connection is of no more use.
      if (!complete) outgoing.destroy()
    }
    const settle = (outcome: Answered | Lost): void => {
      rest()
      const stale = outcome.kind === 'lost' && !begun && outgoing.reusedSocket && outcome.code !== undefined
      resolve({ outcome, stale })
    }
    const lose = (why: string, cause?: unknown): void => {
      const code = codeOf(cause)
      settle({
        kind: 'lost',
        sent: connected && complete,
        why,
        ...(code === undefined ? {} : { code }),
        ...(cause === undefined ? {} : { cause: plainError(cause) }),
      })
      outgoing.destroy()
    }
    const abort = (): void => {
      rest()
      outgoing.destroy()
      reject(stoppedBy(signal))
    }
    const timer = setTimeout(() => lose(`no answer within ${timeoutMs / 1000} s`), timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    outgoing.on('error', (error) => lose(begun ? 'its answer was cut off' : describe(error, connected), error))
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket) connected = true
      else socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true))
    })
    outgoing.on('continue', sendBody)
    outgoing.on('response', (response) => {
      begun = true
      clearTimeout(consent)
      readText(response, longestAnswer).then(
        (text) =>
          settle({
            kind: 'answered',
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            ...retryAfterOf(response.headers['retry-after']),
            headers: singleHeaders(response),
            text,
          }),
        (error: unknown) =>
          lose(error instanceof RangeError ? `its answer ${error.message}` : 'its answer was cut off', error),
      )
    })
    if (large) outgoing.flushHeaders()
    else sendBody()
  })

const singleHeaders = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === 'string'),
  )

const readText = async (response: IncomingMessage, longest: number): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > longest) throw new RangeError(`is longer than ${longest} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'its host does not answer',
  ECONNRESET: 'the connection was ended',
  EPIPE: 'the connection was ended',
}

const describe = (error: Error, connected: boolean): string => {
  const code = codeOf(error)
  if (code === undefined) return connected ? 'the connection was ended' : 'no connection can be made'
  const words = WORDS[code] ?? (connected ? 'the connection failed' : 'no connection can be made')
  return `${words} (${code})`
}
