import type { OutcomeCount } from '../../report/documents.ts'
import type { Forecast } from '../../report/plan-parts.ts'
import type { Foretold, PlannedWork } from '../../targets/target.ts'

interface QuotaSeen {
  /** Seconds until everything was counted; a run does the same first. */
  readonly prepare: number
  readonly outcomes: readonly OutcomeCount[]
  readonly foretell: (planned: PlannedWork) => Foretold | undefined
}

/** Outcomes after which somebody is at the target. */
const THERE: ReadonlySet<string> = new Set(['created', 'updated', 'unchanged'])

/** How long a run would take at a target whose own limits say so: its people are let in all the while. Pure. */
export const forecastQuota = ({ prepare, outcomes, foretell }: QuotaSeen): Forecast | undefined => {
  const accounts = outcomes.reduce((sum, { outcome, count }) => sum + (THERE.has(outcome) ? count : 0), 0)
  const foretold = foretell({ outcomes, accounts })
  if (foretold === undefined) return undefined
  const phases = [{ phase: 'prepare', seconds: prepare }, ...foretold.phases].map(({ phase, seconds }) => ({
    phase,
    seconds: rounded(seconds),
  }))
  return {
    ...foretold,
    seconds: rounded(phases.reduce((sum, one) => sum + one.seconds, 0)),
    downtimeSeconds: 0,
    phases,
    measured: [],
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10
