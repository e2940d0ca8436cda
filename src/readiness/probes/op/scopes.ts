import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence } from '../../evidence.ts'
import type { Answer, Exchange, Question } from '../../http/exchange.ts'
import type { Judgement, Probe } from '../probe.ts'
import { judgedDocument } from './documents.ts'
import { isUpstreamOnly, kindOf, type OpKind, upstreamHint } from './kind.ts'
import { answerWords, errorOf, exchangeWords, member, noDocument, notAsked, shortened } from './saying.ts'

/** OPs that look at scopes before the login, so that a login page says that they were taken. */
const LOOKS_FIRST: ReadonlySet<OpKind | undefined> = new Set<OpKind>(['Keycloak', 'Okta', 'continuwuity'])

const parameters = (url: string): URLSearchParams => {
  const parsed = URL.parse(url)
  const params = new URLSearchParams(parsed?.search)
  for (const [name, value] of new URLSearchParams(parsed?.hash.slice(1))) if (!params.has(name)) params.set(name, value)
  return params
}

/** Whether it leads back to the client: a page of the OP may have an `error` in its address too. */
const isRedirectOf = (question: Question, { origin, pathname }: URL): boolean => {
  const redirect = URL.parse(parameters(question.url).get('redirect_uri') ?? '')
  return redirect?.origin === origin && redirect.pathname === pathname
}

interface Refusal {
  readonly error: string
  readonly detail: string | null
}

/** The error that a redirection carries, or the answer itself; a page by which continuwuity refuses a scope. */
const refusalOf = ({ question }: Exchange, answer: Answer): Refusal | undefined => {
  const back = URL.parse(answer.headers['location'] ?? '', answer.url)
  if (back !== null && isRedirectOf(question, back)) {
    const params = parameters(back.href)
    const error = params.get('error')
    if (error !== null) return { error, detail: params.get('error_description') }
  }
  if (errorOf(answer.json) === 'invalid_scope') {
    const detail = member(answer.json, 'error_description')
    return { error: 'invalid_scope', detail: typeof detail === 'string' ? detail : null }
  }
  return answer.status === 400 && /invalid scope/iu.test(answer.text)
    ? { error: 'invalid_scope', detail: null }
    : undefined
}

/** The name under which a client scope with a parameter has to stand at Keycloak, and the one without. */
interface Spelling {
  readonly question: 'authorizeStable' | 'authorizeUnstable'
  readonly prefix: string
}

/** With these scopes an OP would still be none of a homeserver's. */
const noUseHere = (kind: OpKind | undefined): readonly string[] =>
  isUpstreamOnly(kind)
    ? [
        `Synapse takes tokens of MAS only, whatever their scopes: ${kind} belongs behind MAS or Synapse, see ACCOUNT_PAGE.`,
      ]
    : []

const scopeRemedy = (kind: OpKind | undefined, { prefix }: Spelling): readonly string[] => {
  if (kind === 'Keycloak') {
    return [
      `To have Keycloak give these scopes: start it with \`--features=parameterized-scopes\` (an experiment; before 26.7 \`dynamic-scopes\`), make an optional client scope named \`${prefix}device\` with \`is.parameterized.scope\` on, and one named \`${prefix}api:*\`.`,
      ...noUseHere(kind),
    ]
  }
  if (kind === 'Okta') {
    return ["Okta's scopes have fixed names: it cannot have one for each device.", ...noUseHere(kind)]
  }
  return [
    `Have the OP take \`${prefix}api:*\` together with \`${prefix}device:\` and any id of a device.`,
    ...noUseHere(kind),
  ]
}

const UNTOLD = 'It cannot be told from outside: this OP looks at scopes after the login only. The walk tells.'

/** What was refused: the scopes, or all of it. */
const refused = (field: 'scope' | 'authorization_endpoint', words: string): readonly ReadinessFault[] => [
  { field, what: `is refused: ${words}`, breaks: [] },
]

const judgeAnswer = (evidence: Evidence, exchange: Exchange, answer: Answer, spelling: Spelling): Judgement => {
  const kind = kindOf(evidence)
  const refusal = refusalOf(exchange, answer)
  if (refusal !== undefined) {
    const words = shortened([refusal.error, refusal.detail].filter(Boolean).join(': '))
    // With other errors it did not come to the scopes, or refused something else of the request.
    return refusal.error === 'invalid_scope'
      ? { result: 'fail', seen: words, faults: refused('scope', words), remedy: scopeRemedy(kind, spelling) }
      : {
          result: 'fail',
          seen: words,
          faults: refused('authorization_endpoint', words),
          remedy: ['The OP refuses the request as clients send it, not its scopes. See in its log why.'],
        }
  }
  if (answer.status >= 400) {
    return {
      result: 'fail',
      seen: answerWords(answer),
      faults: refused('authorization_endpoint', answerWords(answer)),
      remedy: ['The OP does not know the client that it just registered, or its redirect. See in its log why.'],
    }
  }
  return LOOKS_FIRST.has(kind)
    ? { result: 'pass', seen: `${answer.status}: people are asked to log in, and the scopes were looked at before.` }
    : { result: 'not asked', seen: UNTOLD, remedy: ['Have it told with a test account: --walk'] }
}

const judge =
  (spelling: Spelling): Probe['judge'] =>
  (evidence) => {
    if (judgedDocument(evidence) === undefined) return noDocument(evidence)
    const exchange = evidence.asked[spelling.question]
    if (exchange === undefined) {
      const kind = kindOf(evidence)
      const own = kind === undefined || LOOKS_FIRST.has(kind) ? [] : ['Have it told with a test account: --walk']
      return notAsked(evidence, spelling.question, [...own, ...upstreamHint(kind)])
    }
    return exchange.answer === undefined
      ? {
          result: 'fail',
          seen: exchangeWords(exchange),
          faults: [{ field: 'authorization_endpoint', what: `gives ${exchangeWords(exchange)}`, breaks: [] }],
          remedy: ['Have the authorization endpoint answer: OP_ROUTES says more.'],
        }
      : judgeAnswer(evidence, exchange, exchange.answer, spelling)
  }

const TRACES = 'A login that nobody finishes. The OP forgets it.'

const stable: Probe = {
  code: 'SCOPE_STABLE',
  part: 'op',
  title: 'The OP takes the scopes of the specification, one of them with the id of a device',
  spec: 'MSC2967, Matrix 1.15',
  stability: 'stable',
  level: 'error',
  why: 'Element Web from matrix-js-sdk 42 on sends these: the page in the browser says invalid_scope, and nobody logs in.',
  traces: TRACES,
  judge: judge({ question: 'authorizeStable', prefix: 'urn:matrix:client:' }),
}

const unstable: Probe = {
  code: 'SCOPE_UNSTABLE',
  part: 'op',
  title: 'The OP takes the same scopes by the names of the proposal',
  spec: 'MSC2967 before it was accepted',
  stability: 'unstable',
  level: 'error',
  why: 'Element X, FluffyChat and Element Web before matrix-js-sdk 42 send these: the page in the browser says invalid_scope, and nobody logs in.',
  traces: TRACES,
  judge: judge({ question: 'authorizeUnstable', prefix: 'urn:matrix:org.matrix.msc2967.client:' }),
}

export const SCOPE_PROBES: readonly Probe[] = [stable, unstable]
