import type { CohortQuery } from '../../accounts/decisions/cohort-tally.ts'
import type { FrozenCohorts } from '../../accounts/decisions/frozen-cohorts.ts'
import type { RunExtras } from '../../report/run-parts.ts'
import { membershipOf } from '../membership.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import type { CohortOfRun } from './journal-members.ts'
import { frozenByRuns, type KnownRuns } from './known-runs.ts'
import type { SlowRun } from './runs.ts'
import { stagesOfRuns } from './stages.ts'

/** Who is in which cohort, and which one a run looks at. */
export interface PartOfRun {
  /** Absent where there are no cohorts. */
  readonly membership?: CohortQuery
  /** As earlier runs have it. */
  readonly frozen?: FrozenCohorts
  readonly cohort?: string
  readonly only?: CohortOfRun
}

/** Of a run that is about to begin: nobody else begins one meanwhile. */
export const partOf = (
  { mapping, cohort: asked }: Pick<MigrationRequest, 'mapping' | 'cohort'>,
  { source: { relations } }: Pick<Prepared, 'source'>,
  known: KnownRuns,
  resumes: SlowRun | undefined,
): PartOfRun => {
  const frozen = frozenByRuns(known)
  const membership = membershipOf({ mapping, relations, inFiles: frozen })
  if (membership?.at !== 'source') return {}
  const { names } = membership
  const cohort = resumes === undefined ? asked : resumes.head.cohort
  return {
    membership,
    ...(frozen === undefined ? {} : { frozen }),
    ...(cohort === undefined ? {} : { cohort, only: { cohort: names.indexOf(cohort), rest: names.length - 1 } }),
  }
}

/** How far the cohorts have come by now, this run included, where the folder of the runs can tell. */
export const stagesNow = (
  { runs: folder }: Pick<MigrationRequest, 'runs'>,
  { runs }: KnownRuns,
  { file, head }: SlowRun,
): Pick<RunExtras, 'stages'> => {
  const stages =
    folder === undefined ? [] : stagesOfRuns({ runs: [...runs, { file, head: { ...head, state: 'open' } }] })
  return stages.length === 0 ? {} : { stages }
}
