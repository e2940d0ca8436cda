import type { Forecast } from '../../report/plan-parts.ts'

interface ChangesSeen {
  readonly road: 'copy' | 'merge'
  /** Accounts that were looked at. */
  readonly accounts: number
  /** Of a copy that stands aside, people can log in while one cohort is brought up to date. */
  readonly cohort?: string | undefined
  /** Seconds until everything was counted. */
  readonly prepare: number
  /** Whether a run would count too: not what is brought up to date of a copy, unless the run is bound to a plan. */
  readonly isCounted: boolean
  /** Seconds that finding out who has changed took here, over all accounts. */
  readonly find: number
  /** Seconds that comparing those accounts took here, batch by batch, by the code that would write. */
  readonly compare: number
}

/**
 * What a plan does not do and a run does, as parts of what it did. Calibrated: docs/reference/measurements.md.
 * write: of comparing, with what is written; prove: of finding changes, the keys of all rows.
 */
export const CHANGES_MODEL = { write: 1.6, prove: 0.5, fixed: 0.5 } as const

/** How long bringing a target up to date would take: nobody can log in while a copy of everybody is brought to its end. Pure. */
export const forecastChanges = ({ road, cohort, accounts, find, compare, ...seen }: ChangesSeen): Forecast => {
  const phases = [
    { phase: 'prepare', seconds: seen.isCounted ? seen.prepare : CHANGES_MODEL.fixed },
    { phase: 'find changes', seconds: find },
    { phase: 'write', seconds: compare * CHANGES_MODEL.write },
    ...(road === 'copy' ? [{ phase: 'prove', seconds: find * CHANGES_MODEL.prove }] : []),
  ].map(({ phase, seconds }) => ({ phase, seconds: rounded(seconds) }))
  const seconds = rounded(phases.reduce((sum, one) => sum + one.seconds, 0))
  return {
    seconds,
    downtimeSeconds: road === 'copy' && cohort === undefined ? seconds : 0,
    phases,
    measured:
      accounts === 0 || compare === 0
        ? []
        : [{ what: 'accounts compared', rowsPerSecond: Math.round(accounts / compare) }],
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10
