const unclear = new WeakSet<Error>()

/** Marks an error after which nobody knows whether the server did what it was asked to. */
export const asUnclear = <Marked extends Error>(error: Marked): Marked => {
  unclear.add(error)
  return error
}

/**
 * Whether a request that ended with this error may have been carried out: it was sent, and its answer was lost. Of any
 * other error of a request, the server has certainly done nothing. A write whose signal was aborted while it was on its way
 * is as unclear: what it throws is the signal's reason, which nobody can mark.
 */
export const isUnclear = (error: unknown): boolean => error instanceof Error && unclear.has(error)
