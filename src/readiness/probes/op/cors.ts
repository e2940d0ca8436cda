import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence, QuestionName } from '../../evidence.ts'
import type { Answer } from '../../http/exchange.ts'
import type { Judgement, Probe } from '../probe.ts'
import { judgedDocument } from './documents.ts'
import { kindOf, type OpKind } from './kind.ts'
import { answerWords, errorOf, listed, noDocument, notAsked } from './saying.ts'

const ALLOW_ORIGIN = 'access-control-allow-origin'

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

const isReadable = (answer: Answer, origin: string): boolean => {
  const allowed = answer.headers[ALLOW_ORIGIN]
  return allowed === '*' || allowed === origin
}

/** Keycloak and Okta allow origins by client: without a client that they know, an error says nothing of them. */
const saysNothing = (answer: Answer, kind: OpKind | undefined): boolean =>
  (kind === 'Keycloak' || kind === 'Okta') &&
  (answer.status === 400 || answer.status === 401) &&
  errorOf(answer.json)?.startsWith('invalid_') === true

type Seen = { readonly field: string; readonly fault?: ReadinessFault; readonly unknown?: true }

const preflightFault = (answer: Answer): string | undefined => {
  if (answer.status >= 300) return `answers the preflight with ${answerWords(answer)}`
  const headers = (answer.headers['access-control-allow-headers'] ?? '').toLowerCase()
  return headers.includes('content-type') || headers.includes('*')
    ? undefined
    : 'lets web clients send no JSON: the preflight allows no Content-Type'
}

const seenOf = (evidence: Evidence, { field, questions, older }: (typeof READ)[number]): readonly Seen[] => {
  const asked = questions.find((question) => evidence.asked[question]?.answer !== undefined)
  const answer = asked === undefined ? undefined : evidence.asked[asked]?.answer
  // What was not asked, or not answered, is told by OP_DISCOVERY, OP_KEYS and OP_ROUTES.
  if (answer === undefined || (older && answer.status !== 200)) return []
  const fault = (what: string): readonly Seen[] => [
    { field, fault: { field, what, ...shownHeader(answer), breaks: ['element-web'] } },
  ]
  if (answer.text.includes('Invalid origin')) return fault(`refuses the origin: ${answerWords(answer)}`)
  if (!isReadable(answer, evidence.origin)) {
    return saysNothing(answer, kindOf(evidence))
      ? [{ field, unknown: true }]
      : fault(`gives no ${ALLOW_ORIGIN} that lets ${evidence.origin} read the answer`)
  }
  const preflight = evidence.asked.registrationPreflight?.answer
  const refused = field === 'registration_endpoint' && preflight !== undefined ? preflightFault(preflight) : undefined
  return refused === undefined ? [{ field }] : fault(refused)
}

const shownHeader = (answer: Answer): { readonly seen?: string } => {
  const allowed = answer.headers[ALLOW_ORIGIN]
  return allowed === undefined ? {} : { seen: `${ALLOW_ORIGIN}: ${allowed}` }
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
  const faults = seen.flatMap(({ fault }) => (fault === undefined ? [] : [fault]))
  if (faults.length > 0) {
    const kind = kindOf(evidence)
    return {
      result: 'fail',
      seen: `${evidence.origin} cannot use ${listed(faults.map(({ field }) => field))}`,
      faults,
      remedy: [kind === undefined ? ANY_OP : REMEDIES[kind]],
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
      ? ' Of the registration the preflight alone was asked, which is no proof: --register asks for one.'
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
