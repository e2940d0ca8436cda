import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import type { Exchange } from '../http/exchange.ts'
import { ONCE_ALONE, type Unreadable, unreadable } from '../http/web-reader.ts'
import { listed } from '../listed.ts'
import { ALLOW_ORIGINS } from './homeserver-remedies.ts'
import { answerWords, exchangeWords, notAsked } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

const WHOAMI = '/_matrix/client/v3/account/whoami'

/** What Element Web reads before anybody is logged in. .well-known is WELL_KNOWN's. */
const READ = [
  { question: 'versions', field: '/_matrix/client/versions' },
  { question: 'metadataStable', field: '/_matrix/client/v1/auth_metadata' },
  { question: 'metadataUnstable', field: '/_matrix/client/unstable/org.matrix.msc2965/auth_metadata' },
  { question: 'login', field: '/_matrix/client/v3/login' },
  { question: 'whoami', field: WHOAMI },
] as const

interface Trouble extends Pick<Unreadable, 'what' | 'seen'> {
  readonly why?: Unreadable['why']
  /** What a page cannot do for it; send an access token where nothing else is said. */
  readonly cannot?: 'send no messages' | 'delete nothing'
}

const isDown = (exchange: Exchange | undefined): boolean =>
  exchange !== undefined && (exchange.answer === undefined || exchange.answer.status >= 500)

/** What a browser may send to another origin only where a preflight names it, besides GET, HEAD and POST. */
const METHODS = ['PUT', 'DELETE'] as const

/** What no page may do for want of a method: messages are sent by PUT. */
const methodTrouble = (header: string | undefined): Trouble | undefined => {
  const allowed = (header ?? '').split(',').map((method) => method.trim())
  // A server may name no more than what it was asked for, which was PUT.
  if (allowed.includes('*') || header?.trim() === 'PUT') return undefined
  const missing = METHODS.filter((method) => !allowed.includes(method))
  if (missing.length === 0) return undefined
  return {
    what: `answers a preflight that allows no ${listed(missing)}`,
    ...(header === undefined ? {} : { seen: header }),
    cannot: missing.includes('PUT') ? 'send no messages' : 'delete nothing',
  }
}

/** What keeps a browser from sending an access token, or a message: it asks first, by OPTIONS, and wants an answer of 2xx. */
const preflightTrouble = ({ asked, origin }: Evidence): Trouble | undefined => {
  const { preflight, versions } = asked
  if (preflight === undefined) return undefined
  // Nothing comes through at all: VERSIONS says so.
  if (isDown(preflight) && isDown(versions)) return undefined
  const { answer } = preflight
  if (answer === undefined) return { what: `answers no preflight: ${exchangeWords(preflight)}` }
  if (answer.status < 200 || answer.status >= 300) return { what: `answers the preflight with ${answerWords(answer)}` }
  const hidden = unreadable(answer, origin)
  if (hidden !== undefined) return { ...hidden, what: `answers a preflight that ${hidden.what}` }
  const headers = (answer.headers['access-control-allow-headers'] ?? '').toLowerCase()
  // By the standard `*` does not stand for Authorization; browsers take it still, and only warn.
  return headers.includes('authorization') || headers.includes('*')
    ? methodTrouble(answer.headers['access-control-allow-methods'])
    : { what: 'lets web clients send no access token: the preflight allows no Authorization' }
}

/** Without a token nobody is logged in; where a browser may send one, it may still lack a method. */
export const keepsTokens = (evidence: Evidence): boolean => {
  const trouble = preflightTrouble(evidence)
  return trouble !== undefined && trouble.cannot === undefined
}

const LET_OPTIONS_THROUGH =
  'Have the proxy hand OPTIONS to the homeserver as well, which answers it itself: no limit_except, no login of the proxy before it.'

const ALLOW_METHODS =
  'Have the proxy hand OPTIONS to the homeserver, which answers it itself, or answer it with Access-Control-Allow-Methods: GET, HEAD, POST, PUT, DELETE, OPTIONS'

const judge = (evidence: Evidence): Judgement => {
  // An error of the proxy is said by the probe of what was asked.
  const answers = READ.flatMap(({ question, field }) => {
    const answer = evidence.asked[question]?.answer
    return answer === undefined || answer.status >= 500 ? [] : [{ field, found: unreadable(answer, evidence.origin) }]
  })
  if (answers.length === 0) {
    return evidence.asked.versions === undefined
      ? notAsked(evidence, 'versions')
      : { result: 'not asked', seen: 'The homeserver gave no answer that tells: VERSIONS says why.' }
  }
  const preflight = preflightTrouble(evidence)
  const hidden = answers.flatMap(({ field, found }) => (found === undefined ? [] : [{ field, found }]))
  const unsent =
    preflight === undefined || hidden.some(({ field }) => field === WHOAMI) ? [] : [{ field: WHOAMI, found: preflight }]
  const faults = [...hidden, ...unsent].map(
    ({ field, found: { what, seen } }): ReadinessFault => ({
      field,
      what,
      ...(seen === undefined ? {} : { seen }),
      breaks: ['element-web'],
    }),
  )
  const isTwice = [...hidden, ...unsent].some(({ found }) => found.why === 'twice')
  const isAll = [...hidden, ...unsent].every(({ found }) => found.why === 'twice')
  if (faults.length === 0) return { result: 'pass', seen: `${evidence.origin} can read every answer` }
  return {
    result: 'fail',
    seen: [
      ...(hidden.length === 0
        ? []
        : [
            `${evidence.origin} cannot read ${listed(hidden.map(({ field }) => field))}${isTwice && isAll ? ': the header access-control-allow-origin is sent twice' : ''}`,
          ]),
      ...unsent.map(
        ({ field, found }) =>
          `${evidence.origin} can ${found.cannot ?? 'send no access token'}: ${field} ${found.what}`,
      ),
    ].join('; '),
    faults,
    remedy: [
      ...(isTwice ? [ONCE_ALONE] : []),
      ...(isAll || hidden.length === 0 ? [] : ALLOW_ORIGINS),
      ...unsent.map(({ found: { cannot } }) => (cannot === undefined ? LET_OPTIONS_THROUGH : ALLOW_METHODS)),
    ],
  }
}

export const HOMESERVER_CORS_PROBES: readonly Probe[] = [
  {
    code: 'HOMESERVER_CORS',
    part: 'homeserver',
    title: 'Web clients may read what the homeserver answers',
    spec: 'Client-Server API, web browser clients; CORS (Fetch standard)',
    stability: 'stable',
    level: 'error',
    why: 'Element Web and other clients in a browser reach nothing: "Your Element is misconfigured", or that the homeserver cannot be reached. Apps on phones do not mind.',
    judge,
  },
]
