import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence, QuestionName } from '../../evidence.ts'
import type { Answer, Exchange } from '../../http/exchange.ts'
import { ONCE_ALONE, type Unreadable, unreadable } from '../../http/web-reader.ts'
import { listed } from '../../listed.ts'
import { isPutOff } from '../../too-often.ts'
import type { Judgement, Probe } from '../probe.ts'
import { judgedDocument } from './documents.ts'
import { kindOf, type OpKind } from './kind.ts'
import { answerWords, errorOf, noDocument, notAsked } from './saying.ts'

/**
 * What web clients read of the OP, each with the answers that show it, the best one first: one to a client that
 * the OP knows says more than one to nobody.
 */
const READ = [
  { field: 'openid-configuration', questions: ['opConfiguration'], older: true },
  { field: 'jwks_uri', questions: ['jwks'], older: true },
  { field: 'registration_endpoint', questions: ['registration', 'registrationPreflight'], older: false },
  { field: 'token_endpoint', questions: ['tokenJunk'], older: false },
  { field: 'revocation_endpoint', questions: ['revokeRegistered', 'revokeJunk'], older: false },
] as const satisfies readonly { field: string; questions: readonly QuestionName[]; older: boolean }[]

/** Keycloak and Okta allow origins by client: without a client that they know, an error says nothing of them. */
const saysNothing = (answer: Answer, kind: OpKind | undefined): boolean =>
  (kind === 'Keycloak' || kind === 'Okta') &&
  (answer.status === 400 || answer.status === 401) &&
  errorOf(answer.json)?.startsWith('invalid_') === true

interface What extends Pick<ReadinessFault, 'what' | 'seen'> {
  readonly why?: Unreadable['why']
}

type Seen = {
  readonly field: string
  readonly fault?: ReadinessFault
  readonly why?: Unreadable['why']
  readonly unknown?: true
}

const preflightFault = (answer: Answer, origin: string): What | undefined => {
  const unread = unreadable(answer, origin)
  if (answer.status >= 300) return { what: `answers the preflight with ${answerWords(answer)}` }
  if (unread !== undefined)
    return { ...shownOf(unread), why: unread.why, what: `answers a preflight that ${unread.what}` }
  const headers = (answer.headers['access-control-allow-headers'] ?? '').toLowerCase()
  return headers.includes('content-type') || headers.includes('*')
    ? undefined
    : { what: 'lets web clients send no JSON: the preflight allows no Content-Type' }
}

const shownOf = ({ seen }: Unreadable): Pick<ReadinessFault, 'seen'> =>
  seen === undefined ? {} : { seen: `access-control-allow-origin: ${seen}` }

/** What is not answered, or in the stead of the OP, is told by OP_DISCOVERY, OP_KEYS, OP_ROUTES and REGISTRATION. */
const tells = (answer: Answer | undefined): answer is Answer => answer !== undefined && answer.status < 500

/** As a native client it is asked without an origin: what is answered then says nothing of web clients. */
const asWeb = (exchange: Exchange | undefined): boolean =>
  exchange?.question.headers === undefined || Object.hasOwn(exchange.question.headers, 'origin')

const seenOf = (evidence: Evidence, { field, questions, older }: (typeof READ)[number]): readonly Seen[] => {
  const asked = questions.map((question) => evidence.asked[question]).filter(asWeb)
  const [answer] = asked.map((exchange) => exchange?.answer).filter(tells)
  if (answer === undefined || (older && answer.status !== 200)) return []
  const faulty = ({ why, ...fault }: What): readonly Seen[] => [
    { field, fault: { field, ...fault, breaks: ['element-web'] }, ...(why === undefined ? {} : { why }) },
  ]
  if (answer.text.includes('Invalid origin')) return faulty({ what: `refuses the origin: ${answerWords(answer)}` })
  const preflight = evidence.asked.registrationPreflight?.answer
  const refused =
    field === 'registration_endpoint' && tells(preflight) ? preflightFault(preflight, evidence.origin) : undefined
  const unread = unreadable(answer, evidence.origin)
  if (unread !== undefined && saysNothing(answer, kindOf(evidence))) return [{ field, unknown: true }]
  if (unread !== undefined && answer !== preflight) {
    const isPlain = unread.why !== 'twice' && answer.redirections === undefined
    const what = isPlain
      ? `gives no access-control-allow-origin that lets ${evidence.origin} read the answer`
      : unread.what
    return faulty({ ...shownOf(unread), what, why: unread.why })
  }
  return refused === undefined ? [{ field }] : faulty(refused)
}

const REMEDIES: Readonly<Record<OpKind, string>> = {
  MAS: 'MAS sends `access-control-allow-origin: *` itself: see which proxy before it takes it away, or answers in its place.',
  Tuwunel: 'Leave `access_control_allow_origin` unset in tuwunel.toml, or add this origin.',
  continuwuity: 'continuwuity allows every origin: see which proxy before it takes the header away.',
  Keycloak:
    'In the realm: Clients > (the client) > Web origins: add the origin; and for registration, Client registration > Anonymous access policies > Allowed Registration Web Origins.',
  Okta: 'In the admin console: Security > API > Trusted Origins: add the origin with CORS.',
  Auth0: 'In the dashboard: Applications > (the application) > Allowed Origins (CORS): add the origin.',
}

const ANY_OP =
  'Have the OP, or the proxy before it, send `access-control-allow-origin: *` on these answers, on errors as well.'

const judge = (evidence: Evidence): Judgement => {
  if (judgedDocument(evidence) === undefined) return noDocument(evidence)
  const seen = READ.flatMap((each) => seenOf(evidence, each))
  const bad = seen.filter(({ fault }) => fault !== undefined)
  const faults = bad.flatMap(({ fault }) => fault ?? [])
  if (faults.length > 0) {
    const kind = kindOf(evidence)
    return {
      result: 'fail',
      seen: `${evidence.origin} cannot use ${listed(faults.map(({ field }) => field))}`,
      faults,
      remedy: [
        ...(bad.some(({ why }) => why !== 'twice') ? [kind === undefined ? ANY_OP : REMEDIES[kind]] : []),
        ...(bad.some(({ why }) => why === 'twice') ? [ONCE_ALONE] : []),
      ],
      // Only releases of Element Web before matrix-js-sdk 42 read these two.
      ...(faults.every(({ field }) => field === 'openid-configuration' || field === 'jwks_uri')
        ? { level: 'warning' as const }
        : {}),
    }
  }
  const readable = seen.flatMap(({ field, unknown }) => (unknown ? [] : [field]))
  if (readable.length === 0) return notAsked(evidence, 'tokenJunk')
  const hidden = seen.flatMap(({ field, unknown }) => (unknown ? [field] : []))
  const untold =
    hidden.length === 0 ? '' : ` Of ${listed(hidden)} it cannot be told without a client that this OP knows.`
  const preflightOnly =
    evidence.asked.registration === undefined && readable.includes('registration_endpoint')
      ? ` Of the registration the preflight alone was asked, which is no proof${isPutOff(evidence, 'registration') ? '' : ': --register asks for one'}.`
      : ''
  return { result: 'pass', seen: `${evidence.origin} can read ${listed(readable)}.${untold}${preflightOnly}` }
}

const cors: Probe = {
  code: 'OP_CORS',
  part: 'op',
  title: 'Web clients may read what the OP answers',
  spec: 'CORS (Fetch standard); MSC2964, Matrix 1.15',
  stability: 'stable',
  level: 'error',
  why: 'Element Web logs nobody in: registration refused, it falls back to the legacy login; token refused, "We couldn\'t log you in". With the revocation refused people are signed out of the app, and the session stays in the list. Apps on phones do not mind.',
  judge,
}

export const CORS_PROBES: readonly Probe[] = [cors]
