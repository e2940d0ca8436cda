import { Syn2opError } from '../errors/syn2op-error.ts'
import { formatCount } from '../terminal/numbers.ts'
import type { OutcomeCount, RunDocument } from './documents.ts'

/** What is told of a run that ended early: how far it came, and the command that goes on with it. */
export const endedEarlyError = ({ endedEarly: early, outcomes = [], runId }: RunDocument): Syn2opError | undefined => {
  if (early === undefined) return undefined
  const of = (wanted: OutcomeCount['outcome']): number => outcomes.find(({ outcome }) => outcome === wanted)?.count ?? 0
  const next = [`What run ${runId} has written stands. Go on with it: ${early.resume}`]
  const left = formatCount(of('not attempted'), 'account was', 'accounts were')
  if (early.why === 'stopped')
    return new Syn2opError('run.interrupted', `Stopped, as asked: ${left} not attempted`, { next })
  const rejected = formatCount(of('rejected'), 'account', 'accounts')
  return new Syn2opError(
    'run.too-many-rejected',
    `The target rejected ${rejected}, more than --max-rejected allows; ${left} not attempted`,
    {
      next: [
        'The report names the first of them with the words of the target; accounts.ndjson in the folder of the run names all.',
        ...next,
      ],
    },
  )
}
