import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { SlowRun } from './runs.ts'

/**
 * The run to take back.
 * @param what a run's id, or `last`: the newest of which something may stand.
 * @throws Syn2opError run.missing; run.not-possible where nothing of it stands.
 */
export const namedRun = (what: string, runs: readonly SlowRun[]): SlowRun => {
  const migrations = runs.filter(({ head }) => head.state !== 'rollback')
  if (what === 'last') {
    const last = migrations.findLast(({ head: { state } }) => state !== 'deciding' && state !== 'taken back')
    if (last !== undefined) return last
    throw new Syn2opError(
      'run.missing',
      'By the folder of the runs none into this target stands: there is nothing to take back',
      { next: [ELSEWHERE] },
    )
  }
  const found = migrations.find(({ head }) => head.runId === what)
  if (found === undefined) {
    throw new Syn2opError('run.missing', `The folder of the runs has no run ${what} into this target`, {
      next: [ELSEWHERE],
    })
  }
  if (found.head.state === 'taken back') throw nothingLeft(what, 'has been taken back already')
  if (found.head.state === 'deciding') throw nothingLeft(what, 'ended before it wrote anything')
  return found
}

const ELSEWHERE = '`syn2op runs list` shows the runs; --runs-dir names another folder.'

const nothingLeft = (runId: string, why: string): Syn2opError =>
  new Syn2opError('run.not-possible', `Run ${runId} ${why}`, { next: ['There is nothing left to do.'] })
