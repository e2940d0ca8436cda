/** I/O that can be stopped. */
export interface Abortable {
  readonly signal?: AbortSignal
}

/** Told while a run works; the terminal's progress and the run's log are views of it. */
export interface ProgressListener {
  /** A phase of the run has begun: 'prepare', 'copy', 'keys', 'indexes', 'foreign keys', 'finish'. */
  phase(phase: string): void
  /** Rows done in a named piece of work; `total` is an estimate and may be 0 when unknown. */
  advance(work: string, done: number, total: number): void
  /** A line for the person who watches. */
  note(message: string): void
}

export const silentProgress: ProgressListener = { phase: () => {}, advance: () => {}, note: () => {} }
