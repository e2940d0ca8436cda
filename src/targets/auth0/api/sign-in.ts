import type { Agent } from 'node:http'
import { z } from 'zod'
import { exchange } from '../../http/exchange.ts'
import { parseJson } from '../../http/json.ts'
import type { Token } from '../../http/tokens.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { lostError, type SignInRefusal, serverFailed, signInRefused, strangeAnswer, tooMany } from './failures.ts'

const TOKEN = z.object({ access_token: z.string().min(1), expires_in: z.number(), scope: z.string().optional() })

const TIMEOUT_MS = 30_000

/** In bytes: a token has some thousand. */
const LONGEST_ANSWER = 1_000_000

export interface ManagementToken extends Token {
  /** What it may be used for, where Auth0 tells. */
  readonly scopes?: readonly string[]
}

/**
 * A new token of the Management API for the configured client.
 * @throws Syn2opError server.unreachable, target.not-allowed
 */
export const signIn = async (config: Auth0Config, agent: Agent, signal: AbortSignal): Promise<ManagementToken> => {
  const { url, client } = config
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
    audience: `${url}/api/v2/`,
  })
  const answer = await exchange({
    method: 'POST',
    url: `${url}/oauth/token`,
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
  if (status === 429) throw tooMany(config, answer.retryAfter)
  if (status >= 500) throw serverFailed(config, status, answer.retryAfter)
  const body = parseJson(answer.text)
  const token = TOKEN.safeParse(body).data
  if (status === 200 && token !== undefined) {
    const scopes = token.scope?.split(' ').filter((scope) => scope !== '')
    return { text: token.access_token, life: token.expires_in * 1000, ...(scopes === undefined ? {} : { scopes }) }
  }
  const said = refusalOf(status, body, client.secret)
  if (said.error !== undefined) throw signInRefused(config, said)
  throw strangeAnswer(config, 'the request for a token', `${status} without a token`)
}

const REFUSAL = z.object({ error: z.string(), error_description: z.string().optional() })

/** In Auth0's words, as long as they are plain ones. */
const refusalOf = (status: number, body: unknown, secret: string): SignInRefusal => {
  const { error, error_description: description } = REFUSAL.safeParse(body).data ?? {}
  const plain = (text: string | undefined): string | undefined =>
    text !== undefined && /^[\w .,:;/"'()-]{1,300}$/.test(text) && !text.includes(secret) ? text : undefined
  return { status, error: plain(error), description: plain(description) }
}
