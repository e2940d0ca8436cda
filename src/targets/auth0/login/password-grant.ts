import type { Agent } from 'node:http'
import { z } from 'zod'
import { exchange } from '../../http/exchange.ts'
import { parseJson } from '../../http/json.ts'
import { lostError, serverFailed, strangeAnswer, tooMany } from '../api/failures.ts'
import { redacted } from '../api/redact.ts'
import type { Auth0Config } from '../config/auth0-config.ts'

/** Of Auth0's own: the password grant with the connection named. */
const REALM_GRANT = 'http://auth0.com/oauth/grant-type/password-realm'

/** Where passwords are tried, as which application. */
export interface GrantAt {
  readonly config: Pick<Auth0Config, 'url' | 'connection'>
  readonly application: NonNullable<Auth0Config['application']>
  readonly agent: Agent
  readonly signal: AbortSignal
}

/** `refused`: OAuth's code and Auth0's words, without what was sent. */
export type Grant =
  | { readonly kind: 'granted' }
  | { readonly kind: 'refused'; readonly error: string; readonly words: string }

const GRANTED = z.object({ access_token: z.string() })
const REFUSED = z.object({ error: z.string(), error_description: z.string().default('') })

const TIMEOUT_MS = 30_000

/** In bytes. */
const LONGEST_ANSWER = 1_000_000

const LONGEST_WORDS = 300

/**
 * Asks for a token as somebody who types name and password. Nothing is kept of it: without the scope offline_access nobody stays
 * logged in.
 * @throws Syn2opError server.unreachable
 */
export const grantByPassword = async (
  { config, application, agent, signal }: GrantAt,
  typed: { readonly username: string; readonly password: string },
): Promise<Grant> => {
  const answer = await exchange({
    method: 'POST',
    url: `${config.url}/oauth/token`,
    headers: { 'accept': 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: REALM_GRANT,
      realm: config.connection,
      scope: 'openid',
      client_id: application.id,
      ...(application.secret === undefined ? {} : { client_secret: application.secret }),
      username: typed.username,
      password: typed.password,
    }).toString(),
    agent,
    signal,
    timeoutMs: TIMEOUT_MS,
    longestAnswer: LONGEST_ANSWER,
  })
  if (answer.kind === 'lost') throw lostError(config, answer)
  const body = parseJson(answer.text)
  if (answer.status === 200 && GRANTED.safeParse(body).success) return { kind: 'granted' }
  const refused = REFUSED.safeParse(body).data
  if (refused !== undefined) {
    const secrets = [typed.password, application.secret ?? '']
    const words = redacted(refused.error_description, secrets).slice(0, LONGEST_WORDS).toWellFormed()
    return { kind: 'refused', error: redacted(refused.error, secrets), words }
  }
  if (answer.status === 429) throw tooMany(config, answer.retryAfter)
  if (answer.status >= 500) throw serverFailed(config, answer.status, answer.retryAfter)
  throw strangeAnswer(config, 'a login', String(answer.status))
}
