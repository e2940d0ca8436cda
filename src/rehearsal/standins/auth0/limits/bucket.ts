/** How many requests fit, and how they come back. */
export interface BucketSize {
  readonly burst: number
  readonly refill: number
  readonly per: 'second' | 'minute'
}

/** What is left of a bucket after a request. */
export interface Level {
  readonly taken: boolean
  readonly limit: number
  readonly remaining: number
  /** When the next comes back: seconds since 1970. */
  readonly reset: number
}

export interface Bucket {
  /** `now` in milliseconds. */
  take(now: number): Level
}

/** Requests by the second come back by the millisecond, those by the minute every second. */
const GRAIN = { second: 1, minute: 1000 } as const
const PERIOD = { second: 1000, minute: 60_000 } as const

/** A bucket that is full. */
export const openBucket = ({ burst, refill, per }: BucketSize): Bucket => {
  const perGrain = (refill * GRAIN[per]) / PERIOD[per]
  let tokens = burst
  let since = 0
  const fill = (now: number): void => {
    if (tokens === burst) {
      since = now
      return
    }
    const grains = Math.floor((now - since) / GRAIN[per])
    tokens = Math.min(burst, tokens + grains * perGrain)
    since += grains * GRAIN[per]
  }
  return {
    take: (now) => {
      fill(now)
      const taken = tokens >= 1
      if (taken) tokens -= 1
      const grains = Math.max(0, Math.ceil((Math.floor(tokens) + 1 - tokens) / perGrain))
      return {
        taken,
        limit: burst,
        remaining: Math.floor(tokens),
        reset: Math.ceil((since + grains * GRAIN[per]) / 1000),
      }
    },
  }
}
