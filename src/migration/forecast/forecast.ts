import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { OutcomeCount } from '../../report/documents.ts'
import type { Forecast } from '../../report/plan-parts.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { forecastChanges } from './forecast-changes.ts'
import { forecastLoad } from './forecast-load.ts'
import { forecastQuota } from './forecast-quota.ts'

/**
 * Rows of each table that are tried: so many, or one in twenty of the largest. What disturbs a second of trying is
 * multiplied like the second itself.
 */
const PROBED = { least: 20_000, oneIn: 20 } as const

/** What the plan itself took, seconds. */
interface PlanTimes {
  /** Until everything was looked at and counted. */
  readonly prepare: number
  /** Absent where the target is empty. */
  readonly find?: number | undefined
  readonly compare?: number | undefined
  readonly candidates?: number | undefined
  /** How everybody would end, where the target was asked about all. */
  readonly outcomes?: readonly OutcomeCount[] | undefined
}

/**
 * How long the migration would take: into an empty target from some rows copied there and thrown away, else from what
 * planning every batch took; for a target with limits of its own from what these allow.
 * @returns undefined where there is no way to know.
 */
export const forecast = async (
  { progress, signal, decided }: Pick<MigrationRequest, 'progress' | 'signal' | 'decided'>,
  { target, road, history, cohort, readers, decisions, relations }: Prepared,
  { prepare, find, compare, candidates = 0, outcomes }: PlanTimes,
): Promise<Forecast | undefined> => {
  const { sql } = target
  if (target.foretell !== undefined && outcomes !== undefined) {
    return forecastQuota({ prepare, outcomes, foretell: (planned) => target.foretell?.(planned) })
  }
  if (road !== undefined && road.road !== 'load' && find !== undefined && compare !== undefined) {
    const isBegun =
      cohort === undefined || history?.cohorts?.some(({ name, begun }) => begun && name === cohort) === true
    // A plan that is kept for a run is one that the run is bound to, and held against by counting.
    const isCounted = road.road === 'merge' || decided !== undefined || !isBegun
    return forecastChanges({ road: road.road, cohort, accounts: candidates, prepare, isCounted, find, compare })
  }
  if (sql?.probeLoad === undefined || road?.road !== 'load') return undefined
  if (cohort !== undefined) {
    progress.note(
      'There is no forecast: into an empty target a cohort is copied batch by batch while people log in, which cannot be tried',
    )
    return undefined
  }
  progress.phase('probe')
  const largest = Math.max(0, ...relations.map(({ carried }) => carried))
  const rows = Math.max(PROBED.least, Math.ceil(largest / PROBED.oneIn))
  const probe = await sql.probeLoad({ decisions, readers, rows, signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    // A plan is worth having without its forecast.
    if (error instanceof Syn2opError) return error
    throw error
  })
  if (probe instanceof Syn2opError || probe === undefined) {
    const why =
      probe?.message ?? 'our role may make no temporary tables at the target: GRANT TEMPORARY ON DATABASE … TO …'
    progress.note(`There is no forecast: ${why}`)
    return undefined
  }
  return forecastLoad({ probe, prepare, relations })
}
