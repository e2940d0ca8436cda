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

const EVERYTHING = { next: ['syn2op rehearse --clean all'] }

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
  if (!NO_ID.includes(which)) requireEnded(which, ended)
  return tellCleaned(ended)
}

/** @throws Syn2opError usage where nothing of this rehearsal is here, or where it is somebody else's to end */
export const requireEnded = (id: string, swept: readonly Swept[]): void => {
  const its = swept.filter((done) => done.id === id)
  if (its.length === 0) throw new Syn2opError('usage', `No rehearsal ${id} is left on this machine`, EVERYTHING)
  const why = its.find(({ alone }) => alone !== undefined)?.alone
  if (why !== undefined) throw new Syn2opError('usage', `The rehearsal ${id} ${why}: it was left alone`)
}

/** Nothing that is left may be taken for ended: 5, since trying again may help. */
export const tellCleaned = (swept: readonly Swept[]): CleanedUp => {
  if (swept.length === 0) return { text: 'Nothing is left to be ended on this machine.', code: EXIT.done }
  const lines = swept.flatMap(({ id, what, left, alone }) => [
    ...(alone === undefined ? [] : [`The rehearsal ${id} ${alone}: it was left alone`]),
    ...(what.length === 0 ? [] : [`Ended ${left.length === 0 ? '' : 'of '}the rehearsal ${id}: ${what.join(', ')}`]),
    ...left.map((why) => `Left of the rehearsal ${id}: ${why}`),
  ])
  return { text: lines.join('\n'), code: swept.some(({ left }) => left.length > 0) ? EXIT.unavailable : EXIT.done }
}
