import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { rehearsalBackends } from './rehearsal-backends.ts'

export interface CleanUp {
  readonly settings: Settings
  /** A rehearsal's id, or `all`. */
  readonly which: string
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/**
 * Ends what rehearsals left, and those that were kept.
 * @returns what was ended, in words.
 * @throws Syn2opError usage where there is no such rehearsal; what ending it raises
 */
export const cleanUp = async ({ settings, which, note, signal }: CleanUp): Promise<string> => {
  const { sweepRehearsals } = await import('../rehearsal/sweep-rehearsals.ts')
  const ended = await sweepRehearsals({
    backends: await rehearsalBackends(settings),
    also: which === 'all' ? 'kept' : { id: which },
    note,
    signal,
  })
  if (which !== 'all' && !ended.some(({ id }) => id === which)) {
    throw new Syn2opError('usage', `No rehearsal ${which} is left on this machine`, {
      next: ['syn2op rehearse --clean all'],
    })
  }
  if (ended.length === 0) return 'No rehearsal is left on this machine.'
  return ended.map(({ id, what }) => `Ended the rehearsal ${id}: ${what.join(', ')}`).join('\n')
}
