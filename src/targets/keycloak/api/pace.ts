/** How many requests are under way at once, and what is known of how fast that is. */
export interface Pace {
  readonly limit: number
  /** What was done in a second at the limit from which the last step was tried; undefined: not measured yet. */
  readonly rate?: number
  /** The step that the next measurement judges; 0: none. */
  readonly tried: -1 | 0 | 1
  /** Which step is to be tried next. */
  readonly next: -1 | 1
  /** Measurements for which nothing is tried. */
  readonly rest: number
}

export interface PaceBounds {
  readonly least: number
  readonly most: number
}

/** Measurements between two trials, so that a trial that fails costs little. */
const REST = 8

/** One more at a time has to be worth this much; one fewer may cost so much. */
const GAIN = 1.05
const LOSS = 0.97

/** Below this part of what was known, the server has stalled: less of a load helps it more than a step does. */
const STALL = 0.5

/** How much one measurement counts in what is known. */
const WEIGHT = 0.3

export const firstPace = (limit: number): Pace => ({ limit, tried: 0, next: 1, rest: 0 })

/**
 * How many requests go out at once from now on, by what was done in a second at the present limit: one more as long as that is
 * faster, one fewer where that is as fast, half of them when the server stalls. Never fewer than `least`.
 */
export const nextPace = (pace: Pace, measured: number, bounds: PaceBounds): Pace => {
  const { limit, rate, tried } = pace
  if (rate === undefined) return settled(pace, limit, measured, bounds)
  if (measured < rate * STALL) {
    return { limit: Math.max(bounds.least, Math.floor(limit / 2)), tried: 0, next: 1, rest: REST }
  }
  if (tried === 0) return settled(pace, limit, rate + (measured - rate) * WEIGHT, bounds)
  const isBetter = measured >= rate * (tried === 1 ? GAIN : LOSS)
  if (isBetter) return settled({ ...pace, rest: 0, next: tried }, limit, measured, bounds)
  return { limit: limit - tried, rate, tried: 0, next: tried === 1 ? -1 : 1, rest: REST }
}

/** The limit holds; a step from it is tried when it is time for that. */
const settled = (pace: Pace, limit: number, rate: number, { least, most }: PaceBounds): Pace => {
  if (pace.rest > 0) return { ...pace, limit, rate, tried: 0, rest: pace.rest - 1 }
  const step = limit + pace.next
  if (step >= least && step <= most) return { ...pace, limit: step, rate, tried: pace.next }
  return { limit, rate, tried: 0, next: pace.next === 1 ? -1 : 1, rest: REST }
}
