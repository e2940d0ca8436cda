import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { ReadinessProbe } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { ofTheHomeserver } from '../other-op.ts'
import { withoutTooOften } from '../too-often.ts'
import { HOMESERVER_PROBES } from './homeserver.ts'
import { withOneCause } from './one-cause.ts'
import { OP_PROBES } from './op-probes.ts'
import { isOfOp, type Judgement, PROBE_CODES, type Probe } from './probe.ts'

const all: readonly Probe[] = [...HOMESERVER_PROBES, ...OP_PROBES]

/** Every probe, in the order in which they are shown. */
export const ALL_PROBES: readonly Probe[] = PROBE_CODES.flatMap((code) => all.filter((probe) => probe.code === code))

/**
 * What each probe makes of what was asked, and was not asked too often; where a server answers nothing, that is told by one.
 * @throws Syn2opError internal where a probe cannot judge: that is a fault of ours, whatever a server answered.
 */
export const judgeAll = (evidence: Evidence, probes: readonly Probe[] = ALL_PROBES): readonly ReadinessProbe[] => {
  const told = withoutTooOften(evidence)
  const ofHomeserver = ofTheHomeserver(told)
  return withOneCause(
    told,
    probes.map((probe) => judged(probe, isOfOp(probe.code) ? told : ofHomeserver)),
  )
}

const judged = ({ code, part, title, spec, stability, level, judge }: Probe, evidence: Evidence): ReadinessProbe => {
  const judgement = judgementOf(code, () => judge(evidence))
  const { faults, level: weighs } = judgement.result === 'fail' ? judgement : {}
  return {
    code,
    part,
    title,
    spec,
    stability,
    level: weighs ?? level,
    result: judgement.result,
    seen: judgement.seen,
    ...(faults === undefined || faults.length === 0 ? {} : { faults }),
    remedy: judgement.result === 'pass' ? [] : (judgement.remedy ?? []),
  }
}

const judgementOf = (code: string, judge: () => Judgement): Judgement => {
  try {
    return judge()
  } catch (cause) {
    throw new Syn2opError('internal', `The probe ${code} cannot judge what was answered`, {
      cause,
      next: ['Run again with --log-level debug to see where it happened, and report it with that output.'],
    })
  }
}
