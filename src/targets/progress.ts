/**
 * What a run waits for most. `network`: answers on their way; `quota`: what a service allows in a time; `rate`: what
 * `--max-rate` allows.
 */
export type Bound = 'source' | 'target' | 'network' | 'quota' | 'rate' | 'paused'

/** Told while a run works; the terminal's progress and the run's log are views of it. */
export interface ProgressListener {
  /** A phase of the run has begun: 'prepare', 'copy', 'keys', 'indexes', 'foreign keys', 'finish'. */
  phase(phase: string): void
  /** Rows done in a named piece of work; `total` is an estimate and may be 0 when unknown. */
  advance(work: string, done: number, total: number): void
  /** A line for the person who watches. */
  note(message: string): void
  /** What the work waits for most by now; undefined: that is not known. */
  bound?(by: Bound | undefined): void
  /** What the target does by itself while it is waited for, in words; undefined: nothing. */
  atWork?(words: string | undefined): void
}

export const silentProgress: ProgressListener = { phase: () => {}, advance: () => {}, note: () => {} }
