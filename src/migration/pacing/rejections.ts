/** How many accounts a target may reject, in all or of a hundred, before a run ends early. */
export type RejectionLimit = { readonly count: number } | { readonly percent: number }

/** @param text a whole number, or one with `%`. */
export const rejectionLimit = (text: string): RejectionLimit =>
  text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : { count: Number(text) }

/** Shares of fewer accounts say nothing. */
const LEAST_ATTEMPTS = 50

/** Whether more were rejected than may be. A share counts after fifty attempts. */
export const tooManyRejected = (
  limit: RejectionLimit,
  { attempted, rejected }: { readonly attempted: number; readonly rejected: number },
): boolean => {
  if ('count' in limit) return rejected > limit.count
  return attempted >= LEAST_ATTEMPTS && rejected * 100 > limit.percent * attempted
}
