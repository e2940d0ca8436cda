/**
 * How many batches may be at work at the same time, learnt from how long the target takes: one more a round while it
 * keeps up, half as many when an account takes it much longer than usual and no more of them are done for it.
 */
export interface Lanes {
  /** What was asked for; never more. */
  readonly most: number
  /** The whole part counts. */
  readonly allowed: number
  /** Accounts of the largest batch so far: in small ones, what each batch costs hides what an account costs. */
  readonly largest: number
  /** Milliseconds per account at the target: lately, and usually. Absent until known. */
  readonly recent?: number
  readonly usual?: number
  /** Accounts per millisecond, usually. */
  readonly throughput?: number
  /** Batches that were at work when their number fell: their times say nothing of the fewer. */
  readonly skip: number
}

export interface LaneSample {
  readonly accounts: number
  /** At the target. */
  readonly milliseconds: number
  /** Batches at work when this one ended, itself among them. */
  readonly working: number
}

/** So much slower than usual is slow, and so much more done is worth it. */
const SLOW = 1.7
const MORE = 1.1

/** One odd batch is no trend; and what is slow for long is usual: a server that changed for good is used again. */
const RECENT = 0.5
const FASTER = 0.5
const SLOWER = 0.05

const mix = (before: number | undefined, value: number, share: number): number =>
  before === undefined ? value : before + (value - before) * share

export const allLanes = (most: number): Lanes => ({ most, allowed: most, largest: 0, skip: 0 })

/** A whole number from 1 to `most`. */
export const allowedLanes = ({ allowed }: Lanes): number => Math.floor(allowed)

/** What a batch that has ended tells. */
export const learn = (lanes: Lanes, { accounts, milliseconds, working }: LaneSample): Lanes => {
  const largest = Math.max(lanes.largest, accounts)
  if (lanes.skip > 0) return { ...lanes, largest, skip: lanes.skip - 1 }
  if (accounts === 0 || accounts * 2 < largest) return { ...lanes, largest }
  const latency = milliseconds / accounts
  const recent = mix(lanes.recent, latency, RECENT)
  const throughput = working / Math.max(recent, Number.MIN_VALUE)
  const isSlow =
    lanes.usual !== undefined &&
    lanes.throughput !== undefined &&
    recent > lanes.usual * SLOW &&
    throughput < lanes.throughput * MORE
  const { recent: _, ...kept } = lanes
  return {
    ...kept,
    largest,
    usual: mix(lanes.usual, latency, lanes.usual !== undefined && latency > lanes.usual ? SLOWER : FASTER),
    throughput: mix(lanes.throughput, throughput, SLOWER),
    ...(isSlow
      ? { allowed: Math.max(1, lanes.allowed / 2), skip: working - 1 }
      : { recent, allowed: Math.min(lanes.most, lanes.allowed + 1 / allowedLanes(lanes)) }),
  }
}
