import { agentFor } from '../../http/agent.ts'
import { bodyOf, isJson } from '../../http/body.ts'
import { type Answered, exchange } from '../../http/exchange.ts'
import { type Query, queryOf } from '../../http/query.ts'
import { shareToken } from '../../http/tokens.ts'
import { waitingClock } from '../../http/waiting-clock.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { adminPath } from './admin-path.ts'
import {
  heldBackByProxy,
  lostError,
  noSuchRealm,
  passingError,
  roleMissing,
  strangeAnswer,
  tokenRefused,
} from './failures.ts'
import { signIn } from './sign-in.ts'

export interface AdminAnswer {
  readonly status: number
  /** JSON where it is some, else the text; undefined where there is none. */
  readonly body: unknown
}

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /**
   * Below /admin/realms/<realm>, without a slash before it (`''` is the realm itself); or from the root of Keycloak when it begins
   * with two, such as `//admin/serverinfo`. Put values into it by `adminPath` only.
   */
  readonly path: string
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal: AbortSignal
  /** On a connection that nobody else uses: behind a balancer it may be answered by another node. */
  readonly alone?: true
  /** For the whole answer; a minute unless it is said. */
  readonly timeoutMs?: number
}

/** Keycloak's Admin API, as the service account of the configured client. */
export interface AdminApi {
  readonly realm: string
  /**
   * Answers of every other status than those named below are returned.
   * @throws the signal's reason, at once when it is aborted
   * @throws Syn2opError `server.unreachable` where no answer comes, or one that is not Keycloak's own: `isUnclear` says whether a
   * write may have been done all the same; `target.not-allowed` for a client that is not let in, or lacks a role (401 after a new
   * token, 403); `config.invalid` for a realm that is not there
   */
  send(request: AdminRequest): Promise<AdminAnswer>
  /** Milliseconds in which at least one answer was waited for. */
  waited(): number
  /** Ends the connections. What is on its way is lost: abort it before. */
  close(): Promise<void>
}

const TIMEOUT_MS = 60_000

/** In bytes. A page of 1,000 users has some hundred thousand, unless each has dozens of long attributes. */
const LONGEST_ANSWER = 64 * 1024 * 1024

/** A connection that was idle for so long is ended, before a proxy between does it in the middle of a request. */
const IDLE_MS = 15_000

/** Opens no connection yet: the first request does. */
export const openAdminApi = (config: KeycloakConfig): AdminApi => {
  const { url, realm } = config
  const agent = agentFor(url, { keepAlive: true, timeout: IDLE_MS })
  const tokens = shareToken({ signIn: (signal) => signIn(config, agent, signal) })
  const clock = waitingClock()
  const realmUrl = `${url}/${adminPath`admin/realms/${realm}`}`
  const urlOf = ({ path, query }: AdminRequest): string =>
    `${path.startsWith('//') ? url + path.slice(1) : path === '' ? realmUrl : `${realmUrl}/${path}`}${queryOf(query)}`

  const ask = async (request: AdminRequest, token: string): Promise<Answered> => {
    const { body, timeoutMs = TIMEOUT_MS } = request
    const answer = await exchange({
      method: request.method,
      url: urlOf(request),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      agent: request.alone ? agentFor(url, { keepAlive: false }) : agent,
      signal: request.signal,
      timeoutMs,
      longestAnswer: LONGEST_ANSWER,
    })
    if (answer.kind === 'lost') throw lostError(config, answer)
    return answer
  }

  const askAsClient = async (request: AdminRequest): Promise<Answered> => {
    const token = await tokens.current(request.signal)
    const answer = await ask(request, token)
    if (answer.status !== 401) return answer
    tokens.discard(token)
    return ask(request, await tokens.current(request.signal))
  }

  const judge = (request: AdminRequest, answer: Answered): AdminAnswer => {
    const { method, path } = request
    const { status } = answer
    const passing = passingError(config, answer)
    if (passing !== undefined) throw passing
    if (status === 401) throw tokenRefused(config)
    if (status === 403 && isNotKeycloaks(answer)) throw heldBackByProxy(config, method, path)
    if (status === 403) throw roleMissing(config, method, path)
    const asked = `${method} ${path === '' ? realm : path}`
    const body = bodyOf(answer)
    if (body === undefined && answer.text !== '') throw strangeAnswer(config, asked, `${status} with broken JSON`)
    if (status === 404 && isNoRealm(body)) throw noSuchRealm(config, realm)
    return { status, body }
  }

  return {
    realm,
    send: async (request) => {
      clock.begin()
      try {
        return judge(request, await askAsClient(request))
      } finally {
        clock.end()
      }
    },
    waited: clock.milliseconds,
    close: async () => agent.destroy(),
  }
}

/** Keycloak refuses in JSON, or without a word. */
const isNotKeycloaks = (answer: Answered): boolean => answer.text !== '' && !isJson(answer)

const isNoRealm = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'error' in body && body.error === 'Realm not found.'
