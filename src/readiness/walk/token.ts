import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Answer, Exchange, Question } from '../http/exchange.ts'
import { type JsonObject, objectOf } from '../metadata/reading.ts'
import type { Grant } from './authorization.ts'
import { textIn } from './json-fields.ts'
import type { WalkMetadata } from './metadata.ts'
import { refusalOf } from './oauth-errors.ts'
import type { WalkClient } from './registration.ts'
import { missingScopes } from './scopes.ts'
import { difference, failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'

/** What a session is used with; secrets. */
export interface Tokens {
  readonly access: string
  readonly refresh?: string
}

/** What is at hand of one session that nobody has ended yet, as it is now. */
export interface Held {
  tokens?: Tokens
  /** A refresh token that came without an access token. */
  stray?: string
  /** Why more may be there than what is at hand can end; what follows a colon. */
  doubt?: string
}

/** The longest that a homeserver's people would call short-lived, in seconds. */
const SHORT_LIVED = 24 * 60 * 60

/** As clients ask: a form, without a secret. */
export const tokenQuestion = (
  { token: url }: WalkMetadata,
  { id }: WalkClient,
  form: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Question => ({
  method: 'POST',
  url,
  headers: { accept: 'application/json' },
  body: { form: { ...form, client_id: id } },
  secrets,
})

/** Tokens from an answer of the token endpoint, also where something else in it is wrong: then they have to be ended. */
export const tokensIn = ({ answer }: Exchange): Tokens | undefined => {
  const fields = objectOf(answer?.json)
  const [access, refresh] = [textIn(fields, 'access_token'), textIn(fields, 'refresh_token')]
  return access === undefined ? undefined : { access, ...(refresh === undefined ? {} : { refresh }) }
}

/** What an answer with tokens leaves in doubt: where it never came, the OP may have given them all the same. */
export const doubtOf = ({ answer, failure: why }: Exchange): Pick<Held, 'doubt'> => {
  if (answer === undefined)
    return NEVER_SENT.has(why.code ?? '') ? {} : { doubt: 'the answer with its tokens never came' }
  const fields = objectOf(answer.json)
  const isEmpty = textIn(fields, 'access_token') === undefined && textIn(fields, 'refresh_token') === undefined
  return answer.status < 300 && isEmpty ? { doubt: 'the answer that should have its tokens holds none' } : {}
}

/** Where the question reached nobody. */
const NEVER_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ERR_INVALID_URL'])

const strayIn = ({ answer }: Exchange): Pick<Held, 'stray'> => {
  const fields = objectOf(answer?.json)
  const refresh = textIn(fields, 'refresh_token')
  return refresh === undefined || textIn(fields, 'access_token') !== undefined ? {} : { stray: refresh }
}

export const exchangeCode = async (
  { askToEnd, secrets }: Surroundings,
  { metadata, client }: { readonly metadata: WalkMetadata; readonly client: WalkClient },
  { step, scope, grant }: { readonly step: string; readonly scope: string; readonly grant: Grant },
): Promise<{ readonly step: ReadinessStep; readonly held: Held }> => {
  const since = performance.now()
  const { code, verifier, redirectUri } = grant
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }
  const exchange = await askToEnd(tokenQuestion(metadata, client, form, [code, verifier]))
  const tokens = tokensIn(exchange)
  keep(secrets, exchange)
  const troubles = judgeTokens(exchange, { scope, refresh: 'new' })
  return {
    step: stepOf(step, since, { exchanges: [exchange], seen: seenIn(exchange), troubles }),
    held: { ...(tokens === undefined ? {} : { tokens }), ...strayIn(exchange), ...doubtOf(exchange) },
  }
}

export const keep = (secrets: Set<string>, { answer }: Exchange): void => {
  for (const name of ['access_token', 'refresh_token', 'id_token']) {
    const secret = textIn(objectOf(answer?.json), name)
    if (secret !== undefined) secrets.add(secret)
  }
}

const seenIn = ({ answer }: Exchange): string => {
  const seconds = objectOf(answer?.json)?.['expires_in']
  return `The OP gives an access token for ${Number(seconds)} s, and a refresh token`
}

/**
 * Judges an answer of the token endpoint as Element X and Element Web do.
 * @param asked.refresh new: a login, which must give a refresh token; again: a refresh, which should.
 */
export const judgeTokens = (
  { answer, failure: why }: Exchange,
  asked: { readonly scope: string; readonly refresh: 'new' | 'again' },
): readonly Trouble[] => {
  if (answer === undefined) return [failure(`The token endpoint did not answer: ${why.why}`)]
  if (answer.status >= 400) return [failure(`The token endpoint refuses: ${refusalOf(answer)}`)]
  const fields = objectOf(answer.json)
  if (fields === undefined) return [failure(`The token endpoint answered ${answer.status} without a JSON object`)]
  if (textIn(fields, 'access_token') === undefined) return [failure('The token endpoint’s answer has no access_token')]
  return [
    ...envelopeTroubles(answer),
    ...(textIn(fields, 'token_type')?.toLowerCase() === 'bearer'
      ? []
      : [failure('token_type is not `Bearer`: Element Web and Element X refuse the login')]),
    ...expiryTroubles(fields),
    ...refreshTroubles(fields, asked.refresh),
    ...scopeTroubles(asked.scope, fields),
  ]
}

const envelopeTroubles = ({ status, headers }: Answer): readonly Trouble[] => [
  ...(status === 200 ? [] : [failure(`The token endpoint answered ${status}: Element X takes 200 only`)]),
  ...(headers['content-type'] === undefined || headers['content-type'].startsWith('application/json')
    ? []
    : [failure('The token endpoint’s answer is not labelled as JSON: Element X does not read it')]),
]

const expiryTroubles = (fields: JsonObject): readonly Trouble[] => {
  const seconds = fields['expires_in']
  if (seconds === undefined) return [difference('expires_in is missing: clients cannot tell when to refresh')]
  if (typeof seconds !== 'number') return [failure('expires_in is not a number: Element Web refuses the login')]
  return seconds > SHORT_LIVED
    ? [difference(`The access token lives ${seconds} s: Matrix wants it short-lived, some minutes`)]
    : []
}

const refreshTroubles = (fields: JsonObject, refresh: 'new' | 'again'): readonly Trouble[] => {
  if (textIn(fields, 'refresh_token') !== undefined) return []
  return refresh === 'new'
    ? [failure('There is no refresh_token: people are logged out when the access token ends')]
    : [difference('The refresh gives no new refresh_token: clients keep the old one, Matrix wants it replaced')]
}

const scopeTroubles = (asked: string, fields: JsonObject): readonly Trouble[] => {
  const missing = missingScopes(asked, textIn(fields, 'scope'))
  if (missing.length === 0) return []
  const words = `The OP dropped ${missing.join(' and ')}: without the device’s scope, end-to-end encryption does not work`
  return [failure(words, 'Let the OP give the client both scopes of Matrix, or refuse: never a part.')]
}
