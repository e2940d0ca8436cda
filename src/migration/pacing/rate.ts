/**
 * When the next batch may begin, in milliseconds of a clock: each batch pushes it on by the time that its accounts may
 * take. So in any time no more begin than the rate allows and one batch; what was not used is not saved up.
 * @param rate accounts per second.
 */
export const afterBatch = (
  next: number,
  { accounts, rate, now }: { readonly accounts: number; readonly rate: number; readonly now: number },
): number => Math.max(next, now) + (accounts / rate) * 1000

/** How many accounts a batch has at most, so that a slow rate is a trickle and no row of bursts: those of a second. */
export const batchSizeAt = (rate: number | undefined, most: number): number =>
  rate === undefined ? most : Math.max(1, Math.min(most, Math.floor(rate)))
