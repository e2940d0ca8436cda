import { Syn2opError } from '../errors/syn2op-error.ts'
import { requireCohort } from '../mapping/cohorts.ts'
import type { Relations } from '../synapse/relations.ts'
import type { RoadHistory } from '../targets/road-history.ts'
import type { Target } from '../targets/target.ts'
import type { ChosenRoad } from './choose-road.ts'
import { type Membership, membershipOf } from './membership.ts'
import type { Purpose } from './prepare.ts'
import type { MigrationRequest } from './request.ts'
import { frozenByRuns, type KnownRuns, knownRuns } from './slow-road/known-runs.ts'
import { stagesOfRuns } from './slow-road/stages.ts'

/** What a run or a look knows of cohorts. */
export interface PreparedCohorts {
  /** Absent where there are none. */
  readonly membership?: Membership
  /** The only one that is looked at. */
  readonly cohort?: string
  /** Those that a run has begun; absent where nobody asks. */
  readonly begun?: readonly string[]
}

interface PrepareCohortsOptions {
  readonly purpose: Purpose
  readonly target: Target
  readonly location: string
  readonly history: RoadHistory | undefined
  readonly road: ChosenRoad | undefined
  readonly relations: Relations
}

/**
 * Who is in which cohort, and which one is asked for.
 * @throws Syn2opError run.other-cohorts; usage for a cohort that nobody knows, or that is not the resumed run's.
 */
export const prepareCohorts = async (
  request: MigrationRequest,
  { purpose, target, location, history, road, relations }: PrepareCohortsOptions,
): Promise<PreparedCohorts> => {
  const { mapping, homeserver } = request
  const known =
    target.sql === undefined
      ? await knownRuns(request, { target, head: { serverName: homeserver.serverName, target: { location } } })
      : undefined
  const frozen = target.sql === undefined ? undefined : { road: target.sql, cohorts: history?.cohorts ?? [] }
  const inFiles = known === undefined ? undefined : frozenByRuns(known)
  const membership = membershipOf({ mapping, relations, frozen, inFiles })
  const cohort = known === undefined ? (road?.part?.cohort ?? request.cohort) : askedOf(request, purpose, known)
  if (cohort !== undefined) requireCohort(cohort, membership?.names ?? [], mapping)
  const stages = known === undefined ? history?.cohorts : purpose === 'look' ? stagesOfRuns(known) : undefined
  const begun = stages?.flatMap((one) => (one.begun ? [one.name] : []))
  return {
    ...(membership === undefined ? {} : { membership }),
    ...(cohort === undefined ? {} : { cohort }),
    ...(begun === undefined ? {} : { begun }),
  }
}

/** A resumed run keeps its cohort. */
const askedOf = (
  { cohort }: Pick<MigrationRequest, 'cohort'>,
  purpose: Purpose,
  { unfinished }: KnownRuns,
): string | undefined => {
  if (typeof purpose === 'string' || !purpose.resume || unfinished === undefined) return cohort
  const { head } = unfinished
  if (cohort === undefined || cohort === head.cohort) return head.cohort
  throw new Syn2opError(
    'usage',
    `The unfinished run ${head.runId} was of ${head.cohort === undefined ? 'all accounts' : `the cohort ${head.cohort}`}, not of the cohort ${cohort}`,
    { next: ['Go on with it: syn2op migrate --resume', `Or begin another: syn2op migrate --cohort ${cohort}`] },
  )
}
