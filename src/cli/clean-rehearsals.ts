import type { Settings } from '../config/settings.ts'
import { EXIT, type ExitCode } from '../errors/exit-codes.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Swept } from '../rehearsal/leases/sweep.ts'
import { rehearsalBackends } from './rehearsal-backends.ts'

export interface CleanUp {
  readonly settings: Settings
  /** A rehearsal's id; `all`, also of those that were kept; `dead`: of those alone whose process has ended and that nobody keeps. */
  readonly which: string
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/** What came of it: in words, and for the caller. */
export interface CleanedUp {
  readonly text: string
  readonly code: ExitCode
}

const NO_ID = ['all', 'dead']

/**
 * Ends what rehearsals left, and those that were kept where they are asked for.
 * @throws Syn2opError usage where there is no such rehearsal; what ending it raises
 */
export const cleanUp = async ({ settings, which, note, signal }: CleanUp): Promise<CleanedUp> => {
  const { sweepRehearsals } = await import('../rehearsal/sweep-rehearsals.ts')
  const ended = await sweepRehearsals({
    backends: await rehearsalBackends(settings),
    ...(which === 'dead' ? {} : { also: which === 'all' ? 'kept' : { id: which } }),
    note,
    signal,
  })
  if (!NO_ID.includes(which) && !ended.some(({ id }) => id === which)) {
    throw new Syn2opError('usage', `No rehearsal ${which} is left on this machine`, {
      next: ['syn2op rehearse --clean all'],
    })
  }
  return tellCleaned(ended)
}

/** Nothing that is left may be taken for ended: 5, since trying again may help. */
export const tellCleaned = (swept: readonly Swept[]): CleanedUp => {
  if (swept.length === 0) return { text: 'Nothing is left to be ended on this machine.', code: EXIT.done }
  const lines = swept.flatMap(({ id, what, left }) => [
    ...(what.length === 0 ? [] : [`Ended ${left.length === 0 ? '' : 'of '}the rehearsal ${id}: ${what.join(', ')}`]),
    ...left.map((why) => `Left of the rehearsal ${id}: ${why}`),
  ])
  return { text: lines.join('\n'), code: swept.some(({ left }) => left.length > 0) ? EXIT.unavailable : EXIT.done }
}
