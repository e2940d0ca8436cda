import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence, QuestionName } from '../../evidence.ts'
import type { Answer } from '../../http/exchange.ts'
import { listed } from '../../listed.ts'
import type { Judgement, Probe } from '../probe.ts'
import { isOpenId, judgedDocument } from './documents.ts'
import { kindOf } from './kind.ts'
import { type PageSeen, pageSeen } from './pages.ts'
import { answerWords, exchangeWords, isHtml, isOwnError, member, noDocument, notAsked } from './saying.ts'

/** Each route with its field, and by what its answer is an OP's. */
const ROUTES = [
  { question: 'authorizePage', field: 'authorization_endpoint', speaks: 'pages' },
  { question: 'tokenJunk', field: 'token_endpoint', speaks: 'JSON' },
  { question: 'revokeJunk', field: 'revocation_endpoint', speaks: 'JSON' },
] as const satisfies readonly { question: QuestionName; field: string; speaks: 'pages' | 'JSON' }[]

const GIVEN_TO_ANYBODY = 'takes a code that nobody was given, and answers it with an access token'

/** Why this is no answer of an OP to a form of junk; absent where it is one. */
const strangeness = (answer: Answer, field: string): string | undefined => {
  const words = answerWords(answer)
  const { status, json } = answer
  if (status >= 500) return `answers ${words}`
  if (status >= 300 && status < 400) return `redirects with ${words}`
  if (status < 300 && typeof member(json, 'access_token') === 'string') return GIVEN_TO_ANYBODY
  if (status === 405) return `answers ${words}: there is no such route`
  if (isOwnError(json)) return undefined
  if (status === 404) return `answers ${words}: there is no such route`
  // RFC 7009: a token that nobody has is revoked already, and nothing more needs be said.
  return field === 'revocation_endpoint' && status === 200 && !isHtml(answer)
    ? undefined
    : `answers ${words}, which is no OP's`
}

/** Who does not log in, or out, without the route. */
const ALL = ['element-x', 'element-web', 'fluffychat'] as const

const judgeRoutes = (evidence: Evidence): Judgement => {
  const all = ROUTES.map((route) => ({ ...route, exchange: evidence.asked[route.question] }))
  const asked = all.flatMap(({ exchange, ...route }) => (exchange === undefined ? [] : [{ ...route, exchange }]))
  if (asked.length === 0) {
    return judgedDocument(evidence) === undefined ? noDocument(evidence) : notAsked(evidence, 'tokenJunk')
  }
  const document = judgedDocument(evidence) ?? {}
  const answers = asked.map(
    ({ field, speaks, exchange }): PageSeen & { readonly field: string; readonly url: string } => {
      const { url } = exchange.question
      if (exchange.answer === undefined) return { field, url, is: 'wrong', what: `gives ${exchangeWords(exchange)}` }
      if (speaks === 'pages') return { field, url, ...pageSeen(exchange.answer, document) }
      const what = strangeness(exchange.answer, field)
      return what === undefined ? { field, url, is: 'there' } : { field, url, is: 'wrong', what }
    },
  )
  const faults = answers.flatMap((each): readonly ReadinessFault[] =>
    each.is === 'wrong' ? [{ field: each.field, what: each.what, seen: each.url, breaks: ALL }] : [],
  )
  const without = ROUTES.flatMap(({ field }) => (asked.some((each) => each.field === field) ? [] : [field]))
  const unasked = without.length === 0 ? '' : ` Not asked: ${listed(without)}.`
  const [elsewhere] = answers.flatMap((each) => (each.is === 'elsewhere' ? [each] : []))
  const there = answers.flatMap(({ is, field }) => (is === 'there' ? [field] : []))
  if (faults.length === 0 && elsewhere !== undefined) {
    const others = there.length === 0 ? '' : ` As an OP does: ${listed(there)}.`
    return {
      result: 'not asked',
      seen: `${elsewhere.field} ${elsewhere.what}: whether people see a login there cannot be told from here.${others}${unasked}`,
      remedy: [`Open it in a browser, or have it told with a test account: --walk. It is ${elsewhere.url}`],
    }
  }
  if (faults.length === 0) {
    return { result: 'pass', seen: `${listed(there)} answer as an OP does.${unasked}` }
  }
  return {
    result: 'fail',
    seen: `${faults.map(({ field, what }) => `${field} ${what}`).join('; ')}.${unasked}`,
    faults,
    remedy: [
      ...(faults.some(({ what }) => what === GIVEN_TO_ANYBODY)
        ? ['Take the OP from the net at once: whatever answers there lets anybody in.']
        : []),
      kindOf(evidence) === 'MAS'
        ? "Have the proxy send the whole host of MAS to MAS: `location / { proxy_pass http://MAS:8080; }`, and name it in MAS's configuration as `http.public_base`."
        : 'See where the proxy before the OP sends these paths.',
      ...faults.map(({ field, seen }) => `${field}: ${seen}`),
    ],
  }
}

const routes: Probe = {
  code: 'OP_ROUTES',
  part: 'op',
  title: 'The addresses in the document lead to the OP',
  spec: 'MSC2964, MSC2965, MSC4254, Matrix 1.15',
  stability: 'stable',
  level: 'error',
  why: 'Where the authorization endpoint leads elsewhere, people see an error page in place of the login. Where the token endpoint does, they log in, and Element X says "Sorry, an error occurred", Element Web "We couldn\'t log you in". Where the revocation endpoint does, a session stays in the list after its app was logged out.',
  judge: judgeRoutes,
}

const NEEDS_KEYS =
  'See where the proxy before the OP sends the address of `jwks_uri`: it answers 200 with JSON, to every web origin.'

const keysFault = (what: string, breaks: readonly string[], seen?: string): ReadinessFault => ({
  field: 'jwks_uri',
  what,
  ...(seen === undefined ? {} : { seen }),
  breaks,
})

/** Whom older releases of Element Web are: they fetch the keys at each login. */
const OLDER = ['element-web'] as const

const failedKeys = (seen: string, fault: ReadinessFault): Judgement => ({
  result: 'fail',
  seen,
  faults: [fault],
  remedy: [NEEDS_KEYS],
})

const judgeKeys = (evidence: Evidence): Judgement => {
  const document = judgedDocument(evidence)
  if (document === undefined) return noDocument(evidence)
  const exchange = evidence.asked.jwks
  if (!Object.hasOwn(document, 'jwks_uri')) {
    return isOpenId(document)
      ? failedKeys('The document names no jwks_uri.', keysFault('is missing', []))
      : { result: 'pass', seen: 'It names no keys, and is no OpenID provider that would owe them.' }
  }
  if (exchange === undefined) return notAsked(evidence, 'jwks')
  if (exchange.answer === undefined) {
    return failedKeys(exchangeWords(exchange), keysFault(`gives ${exchangeWords(exchange)}`, OLDER))
  }
  const keys = member(exchange.answer.json, 'keys')
  const words = answerWords(exchange.answer)
  if (exchange.answer.status !== 200 || !Array.isArray(keys)) {
    return failedKeys(`${words}, no set of keys`, keysFault(`answers ${words}, no set of keys`, OLDER))
  }
  if (keys.length === 0 && isOpenId(document)) {
    return failedKeys('The set of keys is empty.', keysFault('leads to an empty set of keys', OLDER))
  }
  return { result: 'pass', seen: keys.length === 1 ? '1 key' : `${keys.length} keys` }
}

const keys: Probe = {
  code: 'OP_KEYS',
  part: 'op',
  title: "The OP's keys can be fetched",
  spec: 'OpenID Connect Discovery 1.0 §3, RFC 7517',
  stability: 'stable',
  level: 'warning',
  why: 'Element Web before matrix-js-sdk 42 fetches them at each login: "Your Element is misconfigured". MAS and Synapse fetch them of an OP that is upstream of them, and log nobody in without.',
  judge: judgeKeys,
}

export const ROUTE_PROBES: readonly Probe[] = [routes, keys]
