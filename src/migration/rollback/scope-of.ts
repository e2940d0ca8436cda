import { didYouMean } from '../../errors/did-you-mean.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { RoadHistory } from '../../targets/road-history.ts'
import type { RollbackScope } from '../../targets/road-rollback.ts'
import { isRunId } from '../runs/run-folder.ts'

/**
 * What a name stands for: `last`, a run's id, or a cohort.
 * @throws Syn2opError run.missing with the names that there are.
 */
export const scopeOf = (what: string, history: RoadHistory): RollbackScope => {
  // An unfinished run may be older than others, which went on from there.
  const runs = history.standing
  const cohorts = (history.cohorts ?? []).map(({ name }) => name)
  if (what === 'last') {
    const [last] = runs
    if (last !== undefined) return { kind: 'run', runId: last }
    throw new Syn2opError('run.missing', 'No run of syn2op stands at this target: there is nothing to take back')
  }
  if (cohorts.includes(what)) return { kind: 'cohort', name: what }
  // The target itself knows more of its runs than the list: those that were taken back.
  if (isRunId(what)) return { kind: 'run', runId: what }
  const meant = didYouMean(what, [...cohorts, 'last'])
  throw new Syn2opError('run.missing', `There is neither a run nor a cohort ${what} at this target`, {
    next: [
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
      runs.length === 0 ? 'No run stands there.' : `Runs: ${runs.join(', ')}.`,
      ...(cohorts.length === 0 ? [] : [`Cohorts: ${cohorts.join(', ')}.`]),
    ],
  })
}
