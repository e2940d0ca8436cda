import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { agentFor } from '../../../targets/http/agent.ts'
import { bodyOf } from '../../../targets/http/body.ts'
import { type Answered, exchange, type Question } from '../../../targets/http/exchange.ts'
import type { AdminAnswer } from '../../../targets/keycloak/api/admin-api.ts'
import type { KeycloakAddress } from './keycloak-service.ts'

export interface AdministratorRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below /admin, without a slash before it. Put values into it by `adminPath` only. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal: AbortSignal
  /** For the whole answer; a minute unless it is said. */
  readonly timeoutMs?: number
}

/** In bytes: what the server tells of itself is the longest, some hundred thousand. */
const LONGEST_ANSWER = 16 * 1024 * 1024
const TIMEOUT_MS = 60_000

const TOKEN = z.object({ access_token: z.string().min(1) })
const REFUSED = z.object({ error: z.string(), error_description: z.string().optional() })

const ask = (
  question: Omit<Question, 'agent' | 'longestAnswer' | 'timeoutMs'> & { readonly timeoutMs?: number },
): ReturnType<typeof exchange> =>
  exchange({
    timeoutMs: TIMEOUT_MS,
    ...question,
    agent: agentFor(question.url, { keepAlive: false }),
    longestAnswer: LONGEST_ANSWER,
  })

/** In Keycloak's words, as long as they are plain ones. */
const wordsOf = (answer: Answered): string => {
  const { error, error_description: said } = REFUSED.safeParse(bodyOf(answer)).data ?? {}
  const words = said ?? error
  return words !== undefined && /^[\w .,'()-]{1,150}$/u.test(words) ? words : `it answers ${answer.status}`
}

/** What stands before a Keycloak answers so while that is away. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504])

/** What Keycloak itself has answered, or why nobody has for it. */
const heard = (
  { url }: Pick<KeycloakAddress, 'url'>,
  answer: Awaited<ReturnType<typeof ask>>,
): Answered | { readonly why: string } => {
  if (answer.kind === 'lost') return { why: `${url} does not answer: ${answer.why}` }
  return AWAY.has(answer.status) ? { why: `${url} is away: it answers ${answer.status}` } : answer
}

/** Why an administrator is not signed in. Where nobody answered it may be tried again. */
interface NotSignedIn {
  readonly code: 'server.unreachable' | 'target.not-allowed'
  readonly why: string
}

/**
 * Signs the administrator in.
 * @returns a token, or why there is none, in words
 * @throws the signal's reason when it is aborted
 */
export const signInAsAdministrator = async (
  address: KeycloakAddress,
  signal: AbortSignal,
): Promise<{ readonly token: string } | NotSignedIn> => {
  const { url, adminUser, adminPassword } = address
  const asked = await ask({
    method: 'POST',
    url: `${url}/realms/master/protocol/openid-connect/token`,
    headers: { 'accept': 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: 'admin-cli',
      username: adminUser,
      password: adminPassword,
    }).toString(),
    signal,
  })
  const answer = heard(address, asked)
  if ('why' in answer) return { code: 'server.unreachable', why: answer.why }
  const token = answer.status === 200 ? TOKEN.safeParse(bodyOf(answer)).data : undefined
  if (token !== undefined) return { token: token.access_token }
  return {
    code: 'target.not-allowed',
    why: `the administrator ${adminUser} cannot sign in at ${url}: ${wordsOf(answer)}`,
  }
}

/**
 * Asks the Admin API as the administrator, who is signed in anew for it: a token knows no realm that was made after it. Whatever
 * Keycloak answers is returned.
 * @throws Syn2opError target.not-allowed where nobody is let in, server.unreachable; the signal's reason when it is aborted
 */
export const askAsAdministrator = async (
  address: KeycloakAddress,
  { method, path, body, signal, timeoutMs = TIMEOUT_MS }: AdministratorRequest,
): Promise<AdminAnswer> => {
  const signedIn = await signInAsAdministrator(address, signal)
  if ('why' in signedIn) throw new Syn2opError(signedIn.code, `Keycloak: ${signedIn.why}`)
  const asked = await ask({
    method,
    url: `${address.url}/admin/${path}`,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${signedIn.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
    timeoutMs,
  })
  const answer = heard(address, asked)
  if ('why' in answer) throw new Syn2opError('server.unreachable', `Keycloak: ${answer.why}`)
  return { status: answer.status, body: bodyOf(answer) }
}

const VERSION = z.object({ systemInfo: z.object({ version: z.string() }) })

/** Keycloak's version; undefined where the administrator is not told. */
export const versionOf = async (address: KeycloakAddress, signal: AbortSignal): Promise<string | undefined> => {
  const { body } = await askAsAdministrator(address, { method: 'GET', path: 'serverinfo', signal })
  return VERSION.safeParse(body).data?.systemInfo.version
}
