import type { Agent } from 'node:http'
import { z } from 'zod'
import { type Answered, exchange } from '../../http/exchange.ts'
import { parseJson } from '../../http/json.ts'
import { adminPath } from '../api/admin-path.ts'
import { lostError, passingError, strangeAnswer } from '../api/failures.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'

/** Where the tokens of a realm are asked for and given back. */
export interface GrantAt {
  readonly config: KeycloakConfig
  readonly agent: Agent
  /** Of the client that has no secret. */
  readonly clientId: string
  readonly signal: AbortSignal
}

/** `refused`: OAuth's code and Keycloak's words. */
export type Grant =
  | { readonly kind: 'granted'; readonly refreshToken: string | undefined }
  | { readonly kind: 'refused'; readonly error: string; readonly words: string }

const GRANTED = z.object({ access_token: z.string(), refresh_token: z.string().optional() })
const REFUSED = z.object({ error: z.string(), error_description: z.string().default('') })

/** A hash of cost 15 takes two seconds, and all of a realm may be at it. */
const TIMEOUT_MS = 60_000
const LONGEST_ANSWER = 1_000_000

const post = async (
  { config, agent, signal }: GrantAt,
  endpoint: 'token' | 'logout',
  form: Readonly<Record<string, string>>,
): Promise<Answered> => {
  const answer = await exchange({
    method: 'POST',
    url: `${config.url}/${adminPath`realms/${config.realm}/protocol/openid-connect/${endpoint}`}`,
    headers: { 'accept': 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    agent,
    signal,
    timeoutMs: TIMEOUT_MS,
    longestAnswer: LONGEST_ANSWER,
  })
  if (answer.kind === 'lost') throw lostError(config, answer)
  const passing = passingError(config, answer)
  if (passing !== undefined) throw passing
  return answer
}

/** Asks for a token as somebody who types name and password. */
export const grantByPassword = async (
  at: GrantAt,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<Grant> => {
  const answer = await post(at, 'token', { grant_type: 'password', client_id: at.clientId, username, password })
  const body = parseJson(answer.text)
  const granted = GRANTED.safeParse(body)
  if (answer.status === 200 && granted.success) return { kind: 'granted', refreshToken: granted.data.refresh_token }
  const refused = REFUSED.safeParse(body)
  if (!refused.success) throw strangeAnswer(at.config, 'a login', String(answer.status))
  return { kind: 'refused', error: refused.data.error, words: refused.data.error_description }
}

/** Ends the session of a grant. False: Keycloak refused to. */
export const endSession = async (at: GrantAt, refreshToken: string): Promise<boolean> => {
  const { status } = await post(at, 'logout', { client_id: at.clientId, refresh_token: refreshToken })
  return status === 204
}
