import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { agentFor } from '../../http/agent.ts'
import { bodyOf } from '../../http/body.ts'
import { type Clock, systemClock } from '../../http/clock.ts'
import { type Answered, exchange } from '../../http/exchange.ts'
import { type Query, queryOf } from '../../http/query.ts'
import { shareToken } from '../../http/tokens.ts'
import { asUnclear } from '../../http/unclear.ts'
import { waitingClock } from '../../http/waiting-clock.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { lostError, serverFailed, tooMany } from './failures.ts'
import { judgeAnswer } from './judge-answer.ts'
import type { QuotaClass } from './limits.ts'
import { type Method, purposeOf } from './purposes.ts'
import { openQuota } from './quota.ts'
import { isRateLimited, pauseOf, rateLimitOf } from './rate-limit.ts'
import { wordsWithout } from './redact.ts'
import { signIn } from './sign-in.ts'

export interface ManagementRequest {
  readonly method: Method
  /**
   * Below /api/v2/, without a slash before it; or from the root of the tenant when it begins with two, such as
   * `//scim/v2/connections/con_…/Users`. Put values into it by `encodedPath` only.
   */
  readonly path: string
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, in place of JSON. */
  readonly form?: { readonly contentType: string; readonly bytes: Buffer }
  /** A token of SCIM's in place of the client's: a secret. */
  readonly token?: string
  readonly signal: AbortSignal
  /** For the whole answer, without the wait for one's turn; a minute unless it is said. */
  readonly timeoutMs?: number
}

export interface ManagementAnswer {
  readonly status: number
  /** JSON where it is some, else the text; undefined where there is none. */
  readonly body: unknown
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>
}

/** Milliseconds, on the clock that the API was given. */
export interface ApiWaits {
  /** In which at least one answer was waited for. */
  readonly network: number
  /** In which at least one request waited for its turn. */
  readonly quota: number
}

/** Auth0's Management API, as the configured client. */
export interface ManagementApi {
  readonly clock: Clock
  /**
   * Waits for its turn, and as long as Auth0 asks for patience. Answers of every other status than those named below are returned,
   * the 429 of import jobs among them.
   * @throws the signal's reason, at once when it is aborted
   * @throws Syn2opError `server.unreachable` where no answer comes, or one that is not Auth0's own, or 5xx: `isUnclear` says whether a
   * write may have been done all the same (reads are asked several times before); `target.not-allowed` for a client that is not let
   * in, or lacks a scope (401 after a new token, 403)
   */
  send(request: ManagementRequest): Promise<ManagementAnswer>
  /** What the client may do; undefined where Auth0 does not tell. @throws as `send` does */
  scopes(signal: AbortSignal): Promise<readonly string[] | undefined>
  waited(): ApiWaits
  /** Ends the connections. What is on its way is lost: abort it before. */
  close(): Promise<void>
}

const TIMEOUT_MS = 60_000

/** In bytes. The errors of a full import job repeat its whole file, 500,000 bytes, and more. */
const LONGEST_ANSWER = 64 * 1024 * 1024

/** A connection that was idle for so long is ended, before a proxy between does it in the middle of a request. */
const IDLE_MS = 15_000

/**
 * A read that is not heard is asked again, after each of these. Whoever reads a hundred thousand users meets some whom Auth0 fails over
 * more than once.
 */
const READ_PAUSES_MS: readonly number[] = [0, 1000, 2000]

/** So many tokens are tried: one may be withdrawn while somebody waits for their turn with it. */
const TOKENS = 3

/** How often one request may be refused by the rate limit before it is given up. */
const PATIENCE = 10

/** Milliseconds, where a refusal names no time. */
const PAUSE_MS = 5000

export interface ApiOptions {
  /** This machine's unless it is said. */
  readonly clock?: Clock
  /** What is sent and must not come back in Auth0's words, such as the pepper: secrets. */
  readonly secrets?: readonly string[]
}

/** Opens no connection yet: the first request does. */
export const openManagementApi = (
  config: Auth0Config,
  { clock = systemClock, secrets = [] }: ApiOptions = {},
): ManagementApi => {
  const { url } = config
  const agent = agentFor(url, { keepAlive: true, timeout: IDLE_MS })
  let scopes: readonly string[] | undefined
  const tokens = shareToken({
    signIn: async (signal) => {
      const token = await signIn(config, agent, signal)
      scopes = token.scopes
      return token
    },
    now: () => clock.now(),
  })
  const quota = openQuota(config, clock)
  const network = waitingClock(() => clock.now())
  const urlOf = ({ path, query }: ManagementRequest): string =>
    `${path.startsWith('//') ? url + path.slice(1) : `${url}/api/v2/${path}`}${queryOf(query)}`

  /** Once it is our turn. */
  const ask = async (request: ManagementRequest, of: QuotaClass): Promise<Answered> => {
    const { body, form, signal, timeoutMs = TIMEOUT_MS } = request
    const turn = await quota.turn(of, signal)
    network.begin()
    let told: Answered | undefined
    try {
      const token = request.token ?? (await tokens.current(signal))
      const answer = await exchange({
        method: request.method,
        url: urlOf(request),
        headers: { accept: 'application/json', authorization: `Bearer ${token}`, ...typeOf(request) },
        ...(form === undefined ? {} : { body: form.bytes }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        agent,
        signal,
        timeoutMs,
        longestAnswer: LONGEST_ANSWER,
      })
      if (answer.kind === 'lost') throw lostError(config, answer)
      if (answer.status === 401 && request.token === undefined) tokens.discard(token)
      if (answer.status >= 500) throw asUnclear(serverFailed(config, answer.status, answer.retryAfter))
      told = answer
      return answer
    } finally {
      network.end()
      turn.end(told === undefined ? undefined : rateLimitOf(told.headers))
    }
  }

  const askUntilHeard = async (request: ManagementRequest, of: QuotaClass): Promise<Answered> => {
    for (const pause of request.method === 'GET' ? READ_PAUSES_MS : []) {
      try {
        return await ask(request, of)
      } catch (error) {
        if (!isPassing(error)) throw error
        if (pause > 0) await clock.sleep(pause, request.signal)
      }
    }
    return ask(request, of)
  }

  const askAsClient = async (request: ManagementRequest, of: QuotaClass): Promise<Answered> => {
    for (let tokensRefused = 1; ; tokensRefused++) {
      const answer = await askUntilHeard(request, of)
      if (answer.status !== 401 || request.token !== undefined || tokensRefused === TOKENS) return answer
    }
  }

  const askPatiently = async (request: ManagementRequest, of: QuotaClass): Promise<Answered> => {
    for (let refused = 1; ; refused++) {
      const answer = await askAsClient(request, of)
      if (!isRateLimited(answer)) return answer
      const pause = pauseOf(answer.headers, answer.retryAfter) ?? PAUSE_MS
      if (refused === PATIENCE) throw tooMany(config, pause)
      quota.pause(of, pause)
    }
  }

  return {
    clock,
    send: async (request) => {
      const answer = await askPatiently(request, purposeOf(request.method, request.path).counts)
      return judgeAnswer(config, request, { ...answer, body: wordsWithout(bodyOf(answer), secrets) })
    },
    scopes: async (signal) => {
      await tokens.current(signal)
      return scopes
    },
    waited: () => ({ network: network.milliseconds(), quota: quota.waited() }),
    close: async () => agent.destroy(),
  }
}

const isPassing = (error: unknown): boolean => error instanceof Syn2opError && error.code === 'server.unreachable'

const typeOf = ({ path, body, form }: ManagementRequest): Readonly<Record<string, string>> => {
  if (form !== undefined) return { 'content-type': form.contentType }
  if (body === undefined) return {}
  return { 'content-type': path.startsWith('//scim/') ? 'application/scim+json' : 'application/json' }
}
