import { Syn2opError } from '../../errors/syn2op-error.ts'
import { BARE_COMMAND, resumeCommand } from '../../report/resume-command.ts'
import type { EndedEarlyNote } from '../../report/run-parts.ts'
import { failureOf } from '../failure-of.ts'
import type { MigrationRequest } from '../request.ts'
import type { Pace } from './pace.ts'

/**
 * Whether a run is to end before its end, and how it is gone on with. Where it was asked to stop while its last batches
 * were at work it ends there too: what comes after batches, such as putting a copy in its place, is not begun.
 */
export const endedEarly = (
  { stopSoon, command = BARE_COMMAND }: Pick<MigrationRequest, 'stopSoon' | 'command'>,
  pace: Pace,
): EndedEarlyNote | undefined => {
  const why = pace.ended() ?? (stopSoon?.asked.aborted === true ? 'stopped' : undefined)
  return why === undefined ? undefined : { why, resume: resumeCommand(command) }
}

/** Errors of a run that was not entered. */
const NOT_ENTERED: readonly string[] = ['run.other-seed', 'run.other-server', 'run.not-possible', 'check.errors']

/** The error of a run whose batches stand, with the command that goes on with it. */
export const resumable = (
  error: unknown,
  { signal, command = BARE_COMMAND }: Pick<MigrationRequest, 'signal' | 'command'>,
  runId: string,
): unknown => {
  const known = failureOf(error, { signal })
  if (!(known instanceof Syn2opError) || NOT_ENTERED.includes(known.code)) return known
  return new Syn2opError(known.code, known.message, {
    problems: known.problems,
    next: [
      ...(known.code === 'run.interrupted' ? [] : known.next),
      `What run ${runId} has written stands. Go on with it: ${resumeCommand(command)}`,
    ],
    cause: known.cause,
  })
}
