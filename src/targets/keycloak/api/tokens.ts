import type { Agent } from 'node:http'
import { z } from 'zod'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { adminPath } from './admin-path.ts'
import { exchange } from './exchange.ts'
import {
  lostError,
  noSuchRealm,
  passingError,
  type Refusal,
  serverFailed,
  signInRefused,
  strangeAnswer,
} from './failures.ts'
import { parseJson } from './json.ts'
import { stoppedBy } from './stopped-by.ts'

export interface Tokens {
  /**
   * A token that is good for some time yet: a secret. Whoever asks while one is on its way waits for that one.
   * @throws Syn2opError server.unreachable, target.not-allowed, or config.invalid for a realm that is not there
   */
  current(signal: AbortSignal): Promise<string>
  /** This one was refused: it is not given out any more. */
  discard(token: string): void
}

const TOKEN = z.object({ access_token: z.string().min(1), expires_in: z.number() })

/** How long before its end a token is not given out any more, or half its life where that is less. Milliseconds. */
const MARGIN_MS = 15_000

const TIMEOUT_MS = 30_000

/** In bytes: a token has some thousand. */
const LONGEST_ANSWER = 1_000_000

interface Token {
  readonly text: string
  /** On the clock of `performance.now()`. */
  readonly until: number
}

interface Flight {
  readonly token: Promise<Token>
  readonly stop: AbortController
  waiting: number
}

export const openTokens = (config: KeycloakConfig, agent: Agent): Tokens => {
  let held: Token | undefined
  let flight: Flight | undefined

  const takeOff = (): Flight => {
    const stop = new AbortController()
    const started: Flight = { token: signIn(config, agent, stop.signal), stop, waiting: 0 }
    started.token.then(
      (token) => {
        if (flight !== started) return
        held = token
        flight = undefined
      },
      () => {
        if (flight === started) flight = undefined
      },
    )
    return started
  }

  const wait = async (joined: Flight, signal: AbortSignal): Promise<Token> => {
    joined.waiting++
    try {
      return await unlessAborted(joined.token, signal)
    } finally {
      joined.waiting--
      if (joined.waiting === 0) {
        if (flight === joined) flight = undefined
        joined.stop.abort()
      }
    }
  }

  return {
    current: async (signal) => {
      signal.throwIfAborted()
      if (held !== undefined && performance.now() < held.until) return held.text
      flight ??= takeOff()
      return (await wait(flight, signal)).text
    },
    discard: (token) => {
      if (held?.text === token) held = undefined
    },
  }
}

/** The promise's outcome, or the signal's reason when that is aborted first. */
const unlessAborted = <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(stoppedBy(signal))
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })

const signIn = async (config: KeycloakConfig, agent: Agent, signal: AbortSignal): Promise<Token> => {
  const { url, client } = config
  const asked = performance.now()
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  })
  const answer = await exchange({
    method: 'POST',
    url: `${url}/${adminPath`realms/${client.realm}/protocol/openid-connect/token`}`,
    headers: { 'accept': 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    agent,
    signal,
    timeoutMs: TIMEOUT_MS,
    longestAnswer: LONGEST_ANSWER,
    repeatable: true,
  })
  // Nobody's write was lost with it.
  if (answer.kind === 'lost') throw lostError(config, { ...answer, sent: false })
  const { status } = answer
  const passing = passingError(config, answer)
  if (passing !== undefined) throw passing
  const body = parseJson(answer.text)
  const said = refusalOf(status, body, client.secret)
  if (status === 404) throw noSuchRealm(config, client.realm)
  const token = TOKEN.safeParse(body)
  if (status === 200 && token.success) {
    const lifeMs = token.data.expires_in * 1000
    return { text: token.data.access_token, until: asked + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) }
  }
  if (status >= 500) throw serverFailed(config, answer)
  if (said.error !== undefined) throw signInRefused(config, said)
  throw strangeAnswer(config, 'the request for a token', `${status} without a token`)
}

const REFUSAL = z.object({ error: z.string(), error_description: z.string().optional() })

/** In Keycloak's words, as long as they are plain ones. */
const refusalOf = (status: number, body: unknown, secret: string): Refusal => {
  const { error, error_description: description } = REFUSAL.safeParse(body).data ?? {}
  const plain = (text: string | undefined): string | undefined =>
    text !== undefined && /^[\w .,'()-]{1,150}$/.test(text) && !text.includes(secret) ? text : undefined
  return { status, error: plain(error), description: plain(description) }
}
