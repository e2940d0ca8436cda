import { Syn2opError } from '../../errors/syn2op-error.ts'
import { BARE_COMMAND, resumeCommand } from '../../report/resume-command.ts'
import type { EndedEarlyNote } from '../../report/run-parts.ts'
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

/** Of a run that was stopped at once: whatever the stop made fail. */
export const stoppedError = (error: unknown): Syn2opError =>
  error instanceof Syn2opError ? error : new Syn2opError('run.interrupted', 'Stopped, as asked', { cause: error })
