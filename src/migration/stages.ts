import { cohortMembers } from '../accounts/decisions/cohort.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { cohortNames } from '../mapping/cohorts.ts'
import type { RunExtras } from '../report/run-parts.ts'
import type { RoadRunKind } from '../targets/road-history.ts'
import type { RunWork } from './migrate.ts'

/**
 * Before anything is written: the mapping names the cohorts that were frozen, if it names any.
 * @throws Syn2opError run.other-cohorts
 */
export const requireSameCohorts = (named: readonly string[], frozen: readonly string[]): void => {
  if (named.length === 0 || frozen.length === 0 || named.join('\n') === frozen.join('\n')) return
  throw otherCohorts(named, frozen)
}

const otherCohorts = (named: readonly string[], frozen: readonly string[]): Syn2opError =>
  new Syn2opError(
    'run.other-cohorts',
    `Nothing was written: the mapping names the cohorts ${named.join(', ')}, and they were frozen as ${frozen.join(', ')}`,
    {
      next: [
        'Name them in the mapping as they were when the first of them was migrated, in the same order.',
        'Or go on without stages: a mapping without cohorts migrates everybody who is left.',
        'Or take back whatever stands (`syn2op rollback last`, until nothing does): the next run settles them anew.',
      ],
    },
  )

/** Enters a run: from then on it can be gone on with. */
export const enterRun = async (
  work: Pick<RunWork, 'road' | 'chosen' | 'identity' | 'request'>,
  { kind, compares }: { readonly kind: Exclude<RoadRunKind, 'load'>; readonly compares: boolean },
): Promise<void> => {
  const { road, chosen, identity, request } = work
  const { part } = chosen
  const stop = { signal: request.signal }
  if (chosen.road !== 'load') {
    const parts = { ...(part === undefined ? {} : { part }), ...(compares ? { compares } : {}) }
    await road.begin({ ...identity, kind, ...parts }, stop)
  } else if (road.beginCopy !== undefined && part !== undefined) {
    await road.beginCopy({ ...identity, part }, stop)
  } else {
    throw new Syn2opError('run.not-possible', 'This target takes no copy of a part of the accounts')
  }
}

/** Who is in which cohort is put on record, if it is not yet, and what the run looks at counts as begun. */
export const beginCohorts = async (work: RunWork): Promise<void> => {
  const { road, chosen } = work
  const { kind, part } = chosen
  if (kind === 'final') return
  await freezeCohorts(work)
  if (part === undefined) await road.markBegun?.('all')
  else if (part.cohort !== undefined) await road.markBegun?.({ name: part.cohort })
}

/** Runs of the first so many of everybody begin no cohort, but one of which everybody is there has no stage left. */
export const completeCohorts = async ({ road, chosen: { part } }: Pick<RunWork, 'road' | 'chosen'>): Promise<void> => {
  if (part !== undefined && part.cohort === undefined) await road.markBegun?.('complete')
}

/** Puts on record who is in which cohort, if it is not yet. */
export const freezeCohorts = async ({
  request: { mapping, signal },
  prepared: { scout, source },
  road,
}: Pick<RunWork, 'request' | 'prepared' | 'road'>): Promise<void> => {
  if (mapping.cohorts.length === 0) return
  const members = cohortMembers(mapping.cohorts, source.relations)
  await road.freezeCohorts?.({ names: cohortNames(mapping), members, reader: scout }, { signal })
}

/** For a run's document: which part it looked at, and how far all cohorts have come by now. */
export const stagesOf = async ({
  road,
  chosen,
  request: { limit },
}: Pick<RunWork, 'road' | 'chosen' | 'request'>): Promise<Pick<RunExtras, 'cohort' | 'limit' | 'stages'>> => {
  const stages = (await road.cohorts?.()) ?? []
  return {
    ...(chosen.part?.cohort === undefined ? {} : { cohort: chosen.part.cohort }),
    ...(limit === undefined ? {} : { limit }),
    ...(stages.length === 0 ? {} : { stages }),
  }
}
