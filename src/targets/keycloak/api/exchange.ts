import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

export interface Question {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly agent: Agent
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** In bytes: a longer answer is not read to its end. */
  readonly longestAnswer: number
}

export interface Answered {
  readonly kind: 'answered'
  readonly status: number
  /** Empty where the server names none. */
  readonly contentType: string
  readonly text: string
}

export interface Lost {
  readonly kind: 'lost'
  /** False: no byte of the request has left, so that the server has done nothing. */
  readonly sent: boolean
  /** Node's code of the failure, such as ECONNREFUSED. */
  readonly code?: string
  /** In words, without anything that was sent or answered. */
  readonly why: string
  readonly cause?: unknown
}

/** What asking again changes nothing by: a question, whose connection the server may just have ended for being idle. */
const REPEATABLE: readonly string[] = ['GET']

/**
 * Asks once, and waits for the whole answer. Follows no redirection. A question (GET) is repeated once on a new connection
 * where one that had been used before broke before a word of the answer.
 * @throws the signal's reason, at once when it is aborted
 */
export const exchange = async (question: Question): Promise<Answered | Lost> => {
  const first = await askOnce(question)
  if (!first.stale || !REPEATABLE.includes(question.method)) return first.outcome
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
    let sent = false
    let begun = false
    const outgoing = (secure ? requestHttps : requestHttp)(question.url, {
      method: question.method,
      agent: question.agent,
      headers: {
        ...question.headers,
        ...(question.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(question.body)) }),
      },
    })
    const settle = (outcome: Answered | Lost): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      const stale = outcome.kind === 'lost' && !begun && outgoing.reusedSocket && outcome.code !== undefined
      resolve({ outcome, stale })
    }
    const lose = (why: string, cause?: unknown): void => {
      const code = codeOf(cause)
      settle({
        kind: 'lost',
        sent,
        why,
        ...(code === undefined ? {} : { code }),
        ...(cause === undefined ? {} : { cause }),
      })
      outgoing.destroy()
    }
    const abort = (): void => {
      clearTimeout(timer)
      outgoing.destroy()
      reject(signal.reason)
    }
    const timer = setTimeout(() => lose(`no answer within ${timeoutMs / 1000} s`), timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    outgoing.on('error', (error) => lose(begun ? 'its answer was cut off' : describe(error, sent), error))
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket) sent = true
      else socket.once(secure ? 'secureConnect' : 'connect', () => (sent = true))
    })
    outgoing.on('response', (response) => {
      begun = true
      readText(response, longestAnswer).then(
        (text) =>
          settle({
            kind: 'answered',
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            text,
          }),
        (error: unknown) =>
          lose(error instanceof RangeError ? `its answer ${error.message}` : 'its answer was cut off', error),
      )
    })
    outgoing.end(question.body)
  })

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

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

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

const describe = (error: Error, sent: boolean): string => {
  const code = codeOf(error)
  if (code === undefined) return sent ? 'the connection was ended' : 'no connection can be made'
  const words = WORDS[code] ?? (sent ? 'the connection failed' : 'no connection can be made')
  return `${words} (${code})`
}
