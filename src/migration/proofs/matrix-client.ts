import { setTimeout as sleep } from 'node:timers/promises'
import { Syn2opError } from '../../errors/syn2op-error.ts'

/** What a server of the Matrix client-server API answered. */
export interface MatrixAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface MatrixCall {
  readonly method: 'GET' | 'POST'
  /** Such as `/_matrix/client/v3/login`. */
  readonly path: string
  /** A secret. */
  readonly token?: string
  readonly body?: Readonly<Record<string, unknown>>
}

/** How often a call is made again that the server asks to make later, or that a proxy could not pass on. */
const ATTEMPTS = 8

/** A server that asks for more patience than this, in milliseconds, is not waited for. */
const LONGEST_WAIT = 120_000

/** No call takes longer than this, in milliseconds. */
const TIMEOUT = 60_000

/** In bytes: what is asked here is answered in a few hundred. */
const LONGEST_ANSWER = 1_000_000

/** What a proxy says while the server behind it does not answer. */
const PASSING: readonly number[] = [502, 503, 504]

/**
 * Calls a server, as slowly as it asks for: 429 with Retry-After, or retry_after_ms in the body of older servers.
 * Source: Matrix specification, client-server API, rate limiting.
 * @throws Syn2opError server.unreachable when it does not answer, or keeps saying that it is too busy.
 */
export const callMatrix = async (baseUrl: string, call: MatrixCall, signal: AbortSignal): Promise<MatrixAnswer> => {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    const { answer, wait } = await send(baseUrl, call, signal)
    if (wait === undefined) return answer
    if (attempt === ATTEMPTS || wait > LONGEST_WAIT) throw unreachable(baseUrl, `it answers ${answer.status}`)
    await sleep(wait, undefined, { signal })
  }
}

const send = async (
  baseUrl: string,
  { method, path, token, body }: MatrixCall,
  signal: AbortSignal,
): Promise<{ readonly answer: MatrixAnswer; readonly wait?: number }> => {
  const response = await fetch(new URL(path, withSlash(baseUrl)), {
    method,
    // A secret goes nowhere but to the server that was named.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw unreachable(baseUrl, 'it does not answer', cause)
  })
  const { status } = response
  if (status >= 300 && status < 400) throw unreachable(baseUrl, `it answers ${status}, and leads elsewhere`)
  const text = await readAnswer(response).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw unreachable(baseUrl, 'its answer does not end well', cause)
  })
  const answer = { status, body: asObject(text) }
  if (status === 429) return { answer, wait: askedWait(response.headers.get('retry-after'), answer) }
  return PASSING.includes(status) ? { answer, wait: 1000 } : { answer }
}

const readAnswer = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > LONGEST_ANSWER) throw new RangeError(`more than ${LONGEST_ANSWER} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Milliseconds. Retry-After is in seconds, or a date. */
const askedWait = (header: string | null, { body }: MatrixAnswer): number => {
  const seconds = header === null ? Number.NaN : Number(header)
  if (Number.isFinite(seconds)) return Math.max(seconds * 1000, 0)
  const date = header === null ? Number.NaN : Date.parse(header)
  if (Number.isFinite(date)) return Math.max(date - Date.now(), 0)
  return typeof body['retry_after_ms'] === 'number' ? Math.max(body['retry_after_ms'], 0) : 1000
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`)

const asObject = (text: string): MatrixAnswer['body'] => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const unreachable = (baseUrl: string, what: string, cause?: unknown): Syn2opError =>
  new Syn2opError('server.unreachable', `${new URL(baseUrl).origin} cannot be asked: ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    next: ['See that it runs and that the address is its own, then try again.'],
  })

/** The refusal in a few words: its status and error code, nothing that could repeat what was sent. */
export const refusal = ({ status, body }: MatrixAnswer): string => {
  const code = body['errcode']
  return typeof code === 'string' && /^[A-Z][A-Z0-9_.]{1,80}$/u.test(code) ? `${status} ${code}` : String(status)
}
