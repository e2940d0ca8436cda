import type { Clock } from '../../http/clock.ts'
import { waitingClock } from '../../http/waiting-clock.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { type Bucket, openBucket } from './bucket.ts'
import { limitOf, type QuotaClass } from './limits.ts'
import type { RateLimit } from './rate-limit.ts'

/** One request that was let in. */
export interface Turn {
  /** It was answered, or lost. Called once. */
  end(told?: RateLimit): void
}

/** Keeps requests within what the tenant is allowed, and within the part of that which is ours. */
export interface Quota {
  /** Waits until it is one's turn: first come, first served. @throws the signal's reason, at once when it is aborted */
  turn(of: QuotaClass, signal: AbortSignal): Promise<Turn>
  /** Auth0 has refused one of these: nobody asks for so many milliseconds. */
  pause(of: QuotaClass, ms: number): void
  /** Milliseconds in which at least one request waited for its turn. */
  waited(): number
}

interface Counted {
  readonly bucket: Bucket
  underway: number
}

export const openQuota = ({ plan, rate: { share } }: Pick<Auth0Config, 'plan' | 'rate'>, clock: Clock): Quota => {
  const counted = new Map<string, Counted>()
  const waiting = waitingClock(() => clock.now())

  const countedFor = (quotaClass: QuotaClass): Counted => {
    const { of, burst, perSecond } = limitOf(plan, quotaClass)
    const known = counted.get(of)
    if (known !== undefined) return known
    const limit = { burst: Math.max(1, burst * share), perSecond: perSecond * share }
    const made = { bucket: openBucket(limit, clock), underway: 0 }
    counted.set(of, made)
    return made
  }

  return {
    turn: async (of, signal) => {
      const at = countedFor(of)
      waiting.begin()
      try {
        await at.bucket.take(signal)
      } finally {
        waiting.end()
      }
      at.underway++
      return {
        end: (told) => {
          at.underway--
          if (told === undefined) return
          // What is under way is not counted there yet, and the others' share is not ours.
          at.bucket.lower(told.remaining - told.limit * (1 - share) - at.underway)
        },
      }
    },
    pause: (of, ms) => countedFor(of).bucket.closeFor(ms),
    waited: waiting.milliseconds,
  }
}
