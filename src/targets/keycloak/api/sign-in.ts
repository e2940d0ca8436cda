import type { Agent } from 'node:http'
import { z } from 'zod'
import { exchange } from '../../http/exchange.ts'
import { parseJson } from '../../http/json.ts'
import type { Token } from '../../http/tokens.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { adminPath } from './admin-path.ts'
import {
  lostError,
  noSuchRealm,
  passingError,
  type Refusal,
  serverFailed,
  signInRefused,
  strangeAnswer,
} from './failures.ts'

const TOKEN = z.object({ access_token: z.string().min(1), expires_in: z.number() })

const TIMEOUT_MS = 30_000

/** In bytes: a token has some thousand. */
const LONGEST_ANSWER = 1_000_000

/**
 * A new token for the configured client.
 * @throws Syn2opError server.unreachable, target.not-allowed, or config.invalid for a realm that is not there
 */
export const signIn = async (config: KeycloakConfig, agent: Agent, signal: AbortSignal): Promise<Token> => {
  const { url, client } = config
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
    return { text: token.data.access_token, life: token.data.expires_in * 1000 }
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
