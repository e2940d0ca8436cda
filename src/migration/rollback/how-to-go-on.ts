import { Syn2opError } from '../../errors/syn2op-error.ts'
import { typedCommand } from '../../report/resume-command.ts'
import type { RollbackScope } from '../../targets/road-rollback.ts'
import { failureOf } from '../failure-of.ts'
import type { RollbackRequest } from './request.ts'

/**
 * The error of a rollback whose batches stand, with the command that does the rest. That names the run: should this one have
 * come to its end before it could say so, the last run is another one by then.
 */
export const howToGoOn = (
  error: unknown,
  { what, command = ['syn2op', 'rollback', what], signal }: Pick<RollbackRequest, 'what' | 'command' | 'signal'>,
  scope: RollbackScope,
): unknown => {
  const known = failureOf(error, { signal })
  if (!(known instanceof Syn2opError)) return known
  const words = command.map((word) => (scope.kind === 'run' && word === 'last' ? scope.runId : word))
  return new Syn2opError(known.code, known.message, {
    problems: known.problems,
    next: [
      ...(known.code === 'run.interrupted' ? [] : known.next),
      `What is taken back stays so. Go on with it: ${typedCommand(words)}`,
    ],
    cause: known.cause,
  })
}
