import type { Evidence, QuestionName } from '../evidence.ts'
import { homeserverMetadata } from './accepted.ts'
import { errcodeOf, type JsonObject, memberOf, metadataReading, objectOf } from './reading.ts'

/** The flows of GET /login; undefined where it was not asked or its answer is none. */
export const loginFlows = (evidence: Evidence): readonly JsonObject[] | undefined => {
  const answer = evidence.asked.login?.answer
  const flows = answer?.status === 200 ? memberOf(objectOf(answer.json), 'flows') : undefined
  if (!Array.isArray(flows)) return undefined
  return flows.flatMap((flow) => {
    const object = objectOf(flow)
    return object === undefined ? [] : [object]
  })
}

/** The names, stable first, by which a flow says that an OP has the logins. */
const AWARE_NAMES = ['oauth_aware_preferred', 'org.matrix.msc3824.delegated_oidc_compatibility'] as const

/** By which of the two names GET /login says that an OP has the logins. */
export const awareNames = (flows: readonly JsonObject[]): readonly string[] =>
  AWARE_NAMES.filter((name) => flows.some((flow) => flow['type'] === 'm.login.sso' && memberOf(flow, name) === true))

/** What /.well-known/matrix/client says of the OP, in the place of a former draft. */
export const wellKnownOp = (evidence: Evidence): unknown => {
  const answer = evidence.asked.wellKnownClient?.answer
  const document = answer?.status === 200 ? objectOf(answer.json) : undefined
  return memberOf(document, 'org.matrix.msc2965.authentication')
}

/** An error of the homeserver itself; a proxy before it writes no `errcode`. */
const isMatrixError = (evidence: Evidence, question: QuestionName, status: number): boolean => {
  const answer = evidence.asked[question]?.answer
  return answer?.status === status && errcodeOf(answer) !== undefined
}

/** Whether even what every homeserver answers is not to be had. */
export const isDown = ({ asked }: Evidence): boolean => (asked.versions?.answer?.status ?? 0) >= 500

/**
 * What tells that the homeserver leaves the logins to an OP, beside its metadata: in words,
 * empty where nothing does. With it, metadata that are not there are broken, not absent.
 */
export const oauthSigns = (evidence: Evidence): readonly string[] => {
  const wellKnown = memberOf(objectOf(wellKnownOp(evidence)), 'issuer')
  const issuer = memberOf(objectOf(evidence.asked.authIssuer?.answer?.json), 'issuer')
  const aware = awareNames(loginFlows(evidence) ?? [])
  return [
    ...(typeof wellKnown === 'string' ? [`.well-known names the OP ${wellKnown}`] : []),
    ...(typeof issuer === 'string' ? [`auth_issuer names the OP ${issuer}`] : []),
    ...(aware.length > 0 ? [`/login says ${aware[0]}`] : []),
    // Tuwunel answers 403 here whether it has an OP or not; a Synapse without MAS 404.
    ...(isMatrixError(evidence, 'masApi', 401) ? ['the homeserver has the API for MAS'] : []),
    // Where /versions says the same, it is a proxy's word of a homeserver that is down.
    ...(isMatrixError(evidence, 'whoami', 503) && !isDown(evidence)
      ? ['the homeserver cannot ask its OP whose a token is']
      : []),
  ]
}

/**
 * Whether people log in by an OP at this homeserver, or are meant to. `unknown` where the homeserver
 * was not asked for its metadata, or did not answer.
 */
export const delegation = (evidence: Evidence): 'on' | 'off' | 'unknown' => {
  if (homeserverMetadata(evidence).length > 0 || oauthSigns(evidence).length > 0) return 'on'
  const readings = [metadataReading(evidence, 'metadataStable'), metadataReading(evidence, 'metadataUnstable')]
  return readings.some(({ state }) => state === 'no OAuth') ? 'off' : 'unknown'
}
