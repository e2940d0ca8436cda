import type { ReadinessProbe } from '../../report/readiness-document.ts'
import type { Evidence, QuestionName } from '../evidence.ts'
import { ANSWERED_BY_HOMESERVERS } from '../silence.ts'
import { answerTrouble, exchangeSaid } from './homeserver-saying.ts'
import { PROBE_CODES } from './probe.ts'

const OF_OP = [
  'opConfiguration',
  'opOauthMetadata',
  'jwks',
  'authorizePage',
  'accountPage',
  'registrationPreflight',
  'tokenJunk',
  'revokeJunk',
  'introspectSecret',
] as const satisfies readonly QuestionName[]

/**
 * What all paths of the homeserver have in common where none of them is answered by a homeserver: no answer at all, or the same
 * page, as of a proxy with nothing behind it or of a network that wants a login first. In words; undefined where one answers.
 */
export const homeserverSilence = (evidence: Evidence): string | undefined => {
  const { versions } = evidence.asked
  const exchanges = ANSWERED_BY_HOMESERVERS.flatMap((name) => evidence.asked[name] ?? [])
  if (versions === undefined) return undefined
  if (exchanges.every(({ answer }) => answer === undefined)) return exchangeSaid(versions)
  const status = versions.answer?.status
  const isSame = exchanges.every(
    ({ answer }) =>
      answer !== undefined &&
      answer.status === status &&
      // A proxy may say in JSON, as of Matrix even, that nobody is behind it: no homeserver fails so on every path.
      (answer.json === undefined || answer.status >= 502),
  )
  // One page alone may be of that path.
  if (!isSame || exchanges.length < 3) return undefined
  return `every path answers ${answerTrouble(versions)?.seen ?? exchangeSaid(versions)}`
}

/** How a proxy says that nobody is behind it. */
const NOBODY_BEHIND: ReadonlySet<number | undefined> = new Set([502, 503, 504])

/** What all paths of the OP have in common where it answers nothing, or a proxy in its place. In words; undefined where it answers. */
const opSilence = ({ asked }: Evidence): { readonly behindProxy: boolean; readonly seen: string } | undefined => {
  const exchanges = OF_OP.flatMap((name) => asked[name] ?? [])
  const [first] = exchanges
  if (first === undefined) return undefined
  if (exchanges.every(({ answer }) => answer === undefined)) return { behindProxy: false, seen: exchangeSaid(first) }
  // One answer alone may be of that path.
  if (exchanges.length < 3 || !exchanges.every(({ answer }) => NOBODY_BEHIND.has(answer?.status))) return undefined
  return { behindProxy: true, seen: `every path of the OP answers ${exchangeSaid(first)}: the proxy does not reach it` }
}

const START_THE_OP = [
  'Start the OP (MAS: mas-cli server), or see in its log why it ended; and see in the proxy that it looks for it at the right address.',
]

const NO_HOMESERVER = 'The homeserver does not answer: VERSIONS says why.'
const NO_OP = 'The OP does not answer: OP_DISCOVERY says why.'

/** Whether a probe says nothing of its own since the OP answers nothing. */
export const isForSilentOp = ({ result, seen }: ReadinessProbe): boolean => result === 'not asked' && seen === NO_OP

/** Where a server answers nothing, one probe tells it, and every other of that server has nothing to judge. */
export const withOneCause = (evidence: Evidence, probes: readonly ReadinessProbe[]): readonly ReadinessProbe[] => {
  const silence = homeserverSilence(evidence)
  const isSilent = silence !== undefined && probes.some(({ code, result }) => code === 'VERSIONS' && result === 'fail')
  const silentOp = opSilence(evidence)
  const isSilentOp =
    silentOp !== undefined && probes.some(({ code, result }) => code === 'OP_DISCOVERY' && result === 'fail')
  return probes.map((probe) => {
    if (isSilent && probe.code === 'VERSIONS') return { ...probe, seen: silence }
    if (isSilent && (ofTheHomeserver(probe) || evidence.issuer === undefined)) {
      return isItsOwn(probe, evidence) ? probe : unjudged(probe, NO_HOMESERVER)
    }
    if (!isSilentOp || probe.result !== 'fail' || ofTheHomeserver(probe)) return probe
    if (probe.code !== 'OP_DISCOVERY') return unjudged(probe, NO_OP)
    return silentOp.behindProxy ? { ...unjudged(probe, silentOp.seen), result: 'fail', remedy: START_THE_OP } : probe
  })
}

/** Whether the homeserver's answer is judged, such as that it cannot ask its OP whose a token is: that stands for itself. */
const ofTheHomeserver = ({ code }: ReadinessProbe): boolean => OF_HOMESERVER_CODES.has(code)

/** As they are shown: those of the homeserver first. */
const OF_HOMESERVER_CODES: ReadonlySet<string> = new Set(PROBE_CODES.slice(0, PROBE_CODES.indexOf('OP_DISCOVERY')))

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
