/** Asks a run to stop, gently where it is in the middle of batches. */
export interface StopSoon {
  /** Aborted once the run was asked to stop while it was within `finishing`. */
  readonly asked: AbortSignal
  /** While this works, the first wish to stop aborts `asked` only; at any other time it aborts the request's signal. */
  finishing<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Nobody asks. */
export const neverAsked: StopSoon = { asked: new AbortController().signal, finishing: (work) => work() }
