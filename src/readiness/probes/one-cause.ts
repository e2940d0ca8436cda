import type { ReadinessProbe } from '../../report/readiness-document.ts'
import type { Evidence, QuestionName } from '../evidence.ts'
import { answerTrouble, exchangeSaid } from './homeserver-saying.ts'

const OF_HOMESERVER = [
  'versions',
  'serverVersion',
  'metadataStable',
  'metadataUnstable',
  'login',
  'whoami',
] as const satisfies readonly QuestionName[]

const OF_OP = [
  'opConfiguration',
  'opOauthMetadata',
  'jwks',
  'authorizePage',
  'accountPage',
  'registrationPreflight',
  'tokenJunk',
  'revokeJunk',
] as const satisfies readonly QuestionName[]

/**
 * What all paths of the homeserver have in common where none of them is answered by a homeserver: no answer at all, or the same
 * page, as of a proxy with nothing behind it or of a network that wants a login first. In words; undefined where one answers.
 */
export const homeserverSilence = (evidence: Evidence): string | undefined => {
  const { versions } = evidence.asked
  const exchanges = OF_HOMESERVER.flatMap((name) => evidence.asked[name] ?? [])
  if (versions === undefined) return undefined
  if (exchanges.every(({ answer }) => answer === undefined)) return exchangeSaid(versions)
  const status = versions.answer?.status
  const isSame = exchanges.every(
    ({ answer }) =>
      answer !== undefined &&
      answer.status === status &&
      answer.status !== 429 &&
      // A proxy may say in JSON, as of Matrix even, that nobody is behind it: no homeserver fails so on every path.
      (answer.json === undefined || answer.status >= 502),
  )
  // One page alone may be of that path.
  if (!isSame || exchanges.length < 3) return undefined
  return `every path answers ${answerTrouble(versions)?.seen ?? exchangeSaid(versions)}`
}

/** Whether the OP answers nothing at all. */
const isOpSilent = ({ asked }: Evidence): boolean => {
  const exchanges = OF_OP.flatMap((name) => asked[name] ?? [])
  return exchanges.length > 0 && exchanges.every(({ answer }) => answer === undefined)
}

const NO_HOMESERVER = 'The homeserver does not answer: VERSIONS says why.'
const NO_OP = 'The OP does not answer: OP_DISCOVERY says why.'

/** Whether a probe says nothing of its own since the OP answers nothing. */
export const isForSilentOp = ({ result, seen }: ReadinessProbe): boolean => result === 'not asked' && seen === NO_OP

/** Where a server answers nothing, one probe tells it, and every other of that server has nothing to judge. */
export const withOneCause = (evidence: Evidence, probes: readonly ReadinessProbe[]): readonly ReadinessProbe[] => {
  const silence = homeserverSilence(evidence)
  const isSilent = silence !== undefined && probes.some(({ code, result }) => code === 'VERSIONS' && result === 'fail')
  const isSilentOp =
    isOpSilent(evidence) && probes.some(({ code, result }) => code === 'OP_DISCOVERY' && result === 'fail')
  return probes.map((probe) => {
    if (isSilent && probe.code === 'VERSIONS') return { ...probe, seen: silence }
    if (isSilent && (probe.part === 'homeserver' || evidence.issuer === undefined)) {
      return isItsOwn(probe, evidence) ? probe : unjudged(probe, NO_HOMESERVER)
    }
    return isSilentOp && probe.result === 'fail' && ofTheOp(probe) ? unjudged(probe, NO_OP) : probe
  })
}

/** What the homeserver answers, such as that it cannot ask its OP whose a token is, stands for itself. */
const ofTheOp = ({ part, code }: ReadinessProbe): boolean =>
  (part === 'op' && code !== 'OP_DISCOVERY') || code === 'OP_SAME'

/** .well-known lies at the server name, which may be another server. */
const isItsOwn = ({ code }: ReadinessProbe, { asked }: Evidence): boolean => {
  if (code === 'WELL_KNOWN_OP') return asked.wellKnownClient?.answer !== undefined
  if (code !== 'WELL_KNOWN') return false
  const [one, other] = [asked.wellKnownClient, asked.versions]
  if (one === undefined || other === undefined) return true
  return exchangeSaid(one) !== exchangeSaid(other)
}

/** Without its faults: nothing was judged. */
const unjudged = ({ code, part, title, spec, stability, level }: ReadinessProbe, seen: string): ReadinessProbe => ({
  code,
  part,
  title,
  spec,
  stability,
  level,
  result: 'not asked',
  seen,
  remedy: [],
})
