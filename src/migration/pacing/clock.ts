/** A clock that can wake somebody. */
export interface Clock {
  /** Milliseconds; never goes back. */
  now(): number
  /** Calls once, after so many milliseconds; the function that it returns takes that back. */
  after(milliseconds: number, call: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds)
    return () => clearTimeout(timer)
  },
}
