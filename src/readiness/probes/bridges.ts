import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import type { Exchange } from '../http/exchange.ts'
import { listed } from '../listed.ts'
import { errcodeOf } from '../metadata/reading.ts'
import { isTooOften, TOO_OFTEN } from '../too-often.ts'
import { exchangeSaid, hasMas, notConcerned } from './homeserver-saying.ts'
import type { Judgement, Probe } from './probe.ts'

const UNNAMED: Judgement = {
  result: 'not asked',
  seen: 'No application services are known.',
  remedy: ['To have theirs asked: --synapse-config FILE, which names their registrations.'],
}

const what = (exchange: Exchange): string => {
  const words = exchangeSaid(exchange)
  const code = exchange.answer === undefined ? undefined : errcodeOf(exchange.answer)
  if (code === 'M_UNKNOWN_TOKEN' || code === 'M_MISSING_TOKEN') return `is refused: ${words}`
  return `gets ${words}`
}

const judge = (evidence: Evidence): Judgement => {
  if (evidence.applicationServices.length === 0) return UNNAMED
  const applicationServices = evidence.applicationServices.flatMap(({ id, exchange }) =>
    exchange === undefined || isTooOften(exchange) ? [] : [{ id, exchange }],
  )
  if (applicationServices.length === 0) {
    const why = evidence.applicationServices.find(({ notAsked }) => notAsked !== undefined)?.notAsked
    return { result: 'not asked', seen: why ?? TOO_OFTEN }
  }
  const faults = applicationServices.flatMap(({ id, exchange }): readonly ReadinessFault[] =>
    exchange.answer?.status === 200 ? [] : [{ field: id, what: what(exchange), breaks: [] }],
  )
  if (faults.length === 0) {
    return {
      result: 'pass',
      seen: `${listed(applicationServices.map(({ id }) => id))} may use the homeserver by ${applicationServices.length === 1 ? 'its token' : 'their tokens'}`,
    }
  }
  const isUnreached = applicationServices.some(
    ({ exchange }) => exchange.answer === undefined || exchange.answer.status >= 500,
  )
  return {
    result: 'fail',
    seen: faults.map((fault) => `${fault.field} ${fault.what}`).join('; '),
    faults,
    remedy: isUnreached
      ? ['See whether the homeserver runs, and what its log says of these bridges.']
      : [
          'See that app_service_config_files of homeserver.yaml names the registration whose as_token the bridge has, and restart every worker.',
        ],
  }
}

const judgeDevices = (evidence: Evidence): Judgement => {
  const { applicationServices } = evidence
  if (applicationServices.length === 0) return UNNAMED
  if (!hasMas(evidence)) {
    return notConcerned('The homeserver delegates to no MAS: bridges make devices by logging in.')
  }
  const without = applicationServices.filter(({ msc4190 }) => !msc4190).map(({ id }) => id)
  if (without.length === 0) return { result: 'pass', seen: 'every registration has io.element.msc4190' }
  return {
    result: 'fail',
    seen: `${listed(without)} ${without.length === 1 ? 'has' : 'have'} no io.element.msc4190`,
    faults: without.map((id) => ({ field: id, what: 'has no io.element.msc4190', breaks: [] })),
    remedy: [
      'Nothing to do for bridges without encryption. For the others, in the registration file: io.element.msc4190: true',
      "and in the bridge's own configuration: encryption.msc4190: true. Restart Synapse with every worker, then the bridge.",
    ],
  }
}

export const BRIDGE_PROBES: readonly Probe[] = [
  {
    code: 'BRIDGES',
    part: 'homeserver',
    title: 'Application services may use the homeserver by their tokens',
    spec: 'Application Service API',
    stability: 'stable',
    level: 'error',
    why: 'Bridges and other application services stand still: no message goes to or from the other network.',
    judge,
  },
  {
    code: 'BRIDGE_DEVICES',
    part: 'homeserver',
    title: 'Under MAS, bridges may make devices without logging in',
    spec: 'MSC4190, Matrix 1.17; in Synapse by io.element.msc4190',
    stability: 'stable',
    level: 'warning',
    why: 'Encrypted bridges cannot log in under MAS, and end at their start, or can read no encrypted message.',
    judge: judgeDevices,
  },
]
