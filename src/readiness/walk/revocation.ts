import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Exchange, Question } from '../http/exchange.ts'
import { errcodeOf, objectOf } from '../metadata/reading.ts'
import { textIn } from './json-fields.ts'
import type { WalkMetadata } from './metadata.ts'
import { refusalOf } from './oauth-errors.ts'
import type { WalkClient } from './registration.ts'
import { doubtOf, type Held, keep, type Tokens, tokenQuestion, tokensIn } from './token.ts'
import { difference, failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'
import { whoamiQuestion } from './whoami.ts'

/** Synapse remembers for two minutes what the OP said of a token. */
const PATIENCE_SECONDS = 130
const PAUSE_SECONDS = 5

interface Session {
  readonly metadata: WalkMetadata
  readonly client: WalkClient
  readonly homeserver?: string
  /** Whether to see what the tokens are good for afterwards, which can take two minutes. */
  readonly afterwards: 'looked at' | 'not looked at'
  readonly held: Held
}

export const revokeQuestion = (
  url: string,
  { id }: WalkClient,
  token: string,
  hint: 'access_token' | 'refresh_token',
): Question => ({
  method: 'POST',
  url,
  body: { form: { token, token_type_hint: hint, client_id: id } },
  secrets: [token],
})

/** Logs out as Element X does: it revokes its access token, and the session has to end with it. */
export const logOut = async (
  surroundings: Surroundings,
  session: Session,
  { step, tokens }: { readonly step: string; readonly tokens: Tokens },
): Promise<ReadinessStep> => {
  const since = performance.now()
  const { metadata, client, held, afterwards, homeserver } = session
  if (metadata.revocation === undefined) {
    const trouble = failure('The OP has no revocation_endpoint: a client cannot log out')
    return stepOf(step, since, { exchanges: [], seen: '', troubles: [trouble] })
  }
  const revoked = await surroundings.askToEnd(
    revokeQuestion(metadata.revocation, client, tokens.access, 'access_token'),
  )
  const judged = judgeRevocation(revoked)
  // What is not looked at stays held: some OPs end a session with its refresh token only.
  if (!isEnded(revoked) || afterwards === 'not looked at') {
    return stepOf(step, since, { exchanges: [revoked], seen: 'The OP ends the session', troubles: judged })
  }
  // The access token first: a refresh that works would end it.
  const access = homeserver === undefined ? NOTHING : await deadAccess(surroundings, homeserver, tokens.access)
  const refresh = await deadRefresh(surroundings, session, tokens)
  if (refresh.troubles.length === 0 && access.troubles.length === 0) delete held.tokens
  else if (access.isAlive) held.doubt = 'its access token worked after the log-out'
  return stepOf(step, since, {
    exchanges: [revoked, ...access.exchanges, ...refresh.exchanges],
    seen: `The OP ends the session: ${homeserver === undefined ? 'it takes the refresh token no more' : 'neither token is taken any more'}`,
    troubles: [...judged, ...access.troubles, ...refresh.troubles],
  })
}

const isEnded = ({ answer }: Exchange): boolean => answer !== undefined && answer.status < 300

interface Looked {
  readonly exchanges: readonly Exchange[]
  readonly troubles: readonly Trouble[]
  /** The token is taken still. */
  readonly isAlive?: boolean
}

const NOTHING: Looked = { exchanges: [], troubles: [] }

export const judgeRevocation = ({ answer, failure: why }: Exchange): readonly Trouble[] => {
  if (answer === undefined) return [failure(`The revocation endpoint did not answer: ${why.why}`)]
  if (answer.status >= 400) return [failure(`The OP does not revoke the access token: ${refusalOf(answer)}`)]
  if (answer.status !== 200)
    return [failure(`The revocation was answered with ${answer.status}: Element X takes 200 only`)]
  return textIn(objectOf(answer.json), 'error') === undefined
    ? []
    : [difference(`The revocation was answered with 200, and an error: ${refusalOf(answer)}`)]
}

const deadRefresh = async (
  { askToEnd, secrets }: Surroundings,
  { metadata, client, held }: Session,
  { refresh }: Tokens,
): Promise<Looked> => {
  if (refresh === undefined) return NOTHING
  const form = { grant_type: 'refresh_token', refresh_token: refresh }
  const exchange = await askToEnd(tokenQuestion(metadata, client, form, [refresh]))
  keep(secrets, exchange)
  const alive = tokensIn(exchange)
  if (alive !== undefined) held.tokens = { refresh, ...alive }
  Object.assign(held, doubtOf(exchange))
  return { exchanges: [exchange], troubles: judgeDeadRefresh(exchange) }
}

const deadAccess = async (surroundings: Surroundings, baseUrl: string, token: string): Promise<Looked> => {
  const last = await untilUnknown(surroundings, baseUrl, token)
  const isAlive = last.exchange.answer?.status === 200
  return { exchanges: [last.exchange], troubles: judgeDeadAccess(last), isAlive }
}

const judgeDeadRefresh = ({ answer, failure: why }: Exchange): readonly Trouble[] => {
  if (answer === undefined) return [failure(`The token endpoint did not answer after the log-out: ${why.why}`)]
  if (answer.status < 400) {
    const words = 'The refresh token outlives the log-out: who has it is logged in still, and Matrix wants both ended'
    return [difference(words, 'Let the OP end the whole session when one of its tokens is revoked.')]
  }
  const error = textIn(objectOf(answer.json), 'error')
  return answer.status === 400 && error === 'invalid_grant'
    ? []
    : [difference(`After the log-out a refresh is answered with ${refusalOf(answer)}, not 400 \`invalid_grant\``)]
}

interface LastAnswer {
  readonly exchange: Exchange
  readonly seconds: number
}

/** Asks until the homeserver does not know the token any more, or patience ends. */
const untilUnknown = async ({ ask, wait, note }: Surroundings, baseUrl: string, token: string): Promise<LastAnswer> => {
  for (let seconds = 0; ; seconds += PAUSE_SECONDS) {
    const exchange = await ask(whoamiQuestion(baseUrl, token))
    if (exchange.answer?.status !== 200 || seconds >= PATIENCE_SECONDS) return { exchange, seconds }
    if (seconds === 0) note('Waiting until the homeserver knows of the log-out: Synapse asks the OP every two minutes.')
    await wait(PAUSE_SECONDS * 1000)
  }
}

const judgeDeadAccess = ({ exchange: { answer, failure: why }, seconds }: LastAnswer): readonly Trouble[] => {
  if (answer === undefined) return [failure(`The homeserver did not answer after the log-out: ${why.why}`)]
  if (answer.status === 200) return [failure(`The access token works ${seconds} s after the log-out`)]
  return answer.status === 401 && errcodeOf(answer) === 'M_UNKNOWN_TOKEN'
    ? []
    : [failure(`After the log-out whoami is answered with ${refusalOf(answer)}, not 401 M_UNKNOWN_TOKEN`)]
}
