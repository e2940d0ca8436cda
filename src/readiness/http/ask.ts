import { syn2opVersion } from '../../version.ts'
import type { Answer, Ask, Exchange, Question, Redirection } from './exchange.ts'
import { type Failure, failureOf } from './failures.ts'
import { BYTE_ORDER_MARK, headersOf, textOf } from './reading.ts'

export interface AskOptions {
  readonly signal: AbortSignal
  /** For one question with all its redirections and its whole answer; 10 seconds unless it is said. */
  readonly timeoutMs?: number
}

const MOST_REDIRECTIONS = 5
const REDIRECTIONS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Sent to nobody but whom the question was for. */
const PRIVATE_HEADERS: readonly string[] = ['authorization', 'cookie', 'proxy-authorization']

/**
 * Asks over the network, each question on a connection of its own, so that none fails for what became of another's. Only a GET
 * whose redirections are `followed` follows any, and never from https to http.
 */
export const createAsk = ({ signal, timeoutMs: longest = 10_000 }: AskOptions): Ask => {
  const agent = `syn2op/${syn2opVersion()}`
  return async (question) => {
    signal.throwIfAborted()
    const address = addressOf(question.url)
    if ('why' in address) return { question, failure: address }
    const headers = sendable({
      ...bodyType(question),
      ...question.headers,
      'user-agent': agent,
      'connection': 'close',
    })
    if (headers === undefined)
      return { question, failure: { why: 'a header of the question cannot be sent over HTTP' } }
    const timeoutMs = Math.min(longest, question.timeoutMs ?? longest)
    const timeout = AbortSignal.timeout(timeoutMs)
    const started = performance.now()
    try {
      return await follow({ question, address, headers, signal: AbortSignal.any([signal, timeout]), started })
    } catch (error) {
      signal.throwIfAborted()
      if (timeout.aborted) return { question, failure: tooSlow(timeoutMs) }
      return { question, failure: failureOf(error) }
    }
  }
}

const tooSlow = (timeoutMs: number): Failure => ({
  code: 'ETIMEDOUT',
  why: `no whole answer came within ${timeoutMs / 1000} s`,
})

const addressOf = (text: string): URL | Failure => {
  const url = URL.parse(text)
  if (url === null) return { code: 'ERR_INVALID_URL', why: 'this is no URL' }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { code: 'ERR_INVALID_URL', why: `this is no address of the web: it begins with ${url.protocol}` }
  }
  if (url.username !== '' || url.password !== '') {
    return { code: 'ERR_INVALID_URL', why: 'this URL has a user name or a password in it, which no client takes' }
  }
  return url
}

const sendable = (headers: Readonly<Record<string, string>>): Headers | undefined => {
  try {
    return new Headers(headers)
  } catch {
    return undefined
  }
}

const bodyType = ({ body }: Question): Readonly<Record<string, string>> => {
  if (body === undefined) return {}
  return { 'content-type': 'json' in body ? 'application/json' : 'application/x-www-form-urlencoded' }
}

const bodyText = ({ body }: Question): string | undefined => {
  if (body === undefined) return undefined
  return 'json' in body ? JSON.stringify(body.json) : new URLSearchParams(body.form).toString()
}

interface Journey {
  readonly question: Question
  readonly address: URL
  readonly headers: Headers
  readonly signal: AbortSignal
  /** By performance.now(). */
  readonly started: number
}

const follow = async ({ question, address, headers, signal, started }: Journey): Promise<Exchange> => {
  const follows = question.redirects === 'followed' && question.method === 'GET'
  const redirections: Redirection[] = []
  let at = address
  for (;;) {
    const body = bodyText(question)
    const response = await fetch(at, {
      method: question.method,
      headers,
      signal,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    })
    const location = response.headers.get('location')
    if (!follows || location === null || !REDIRECTIONS.has(response.status)) {
      const answer = await answerOf(response, at, started)
      return { question, answer: redirections.length === 0 ? answer : { ...answer, redirections } }
    }
    await response.body?.cancel()
    if (redirections.length === MOST_REDIRECTIONS) {
      return {
        question,
        failure: { why: `it redirects more than ${MOST_REDIRECTIONS} times, at last from ${shown(at)}` },
      }
    }
    const next = destinationOf(location, at)
    if ('why' in next) return { question, failure: next }
    if (next.origin !== at.origin) for (const name of PRIVATE_HEADERS) headers.delete(name)
    redirections.push({ status: response.status, url: shown(at), headers: headersOf(response.headers) })
    at = next
  }
}

const destinationOf = (location: string, from: URL): URL | Failure => {
  const whole = URL.parse(location, from.href)
  const next = whole === null ? { why: 'this is no URL' } : addressOf(whole.href)
  if ('why' in next) return { why: `${shown(from)} redirects to nowhere: ${next.why}` }
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    return { why: `${shown(from)} redirects from https to plain http, to ${shown(next)}` }
  }
  return next
}

/** What may be in a query is said to nobody. */
const shown = (url: URL): string => `${url.origin}${url.pathname}`

const answerOf = async (response: Response, url: URL, started: number): Promise<Answer> => {
  const text = await textOf(response)
  const json = jsonOf(text)
  return {
    status: response.status,
    headers: headersOf(response.headers),
    text,
    ...(json === undefined ? {} : { json }),
    url: url.href,
    milliseconds: Math.round(performance.now() - started),
  }
}

/** As browsers read it: without the byte order mark. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text)
  } catch {
    return undefined
  }
}
