/**
 * Which runs had created what was there of a user when it was last looked at, by user_id; none: nothing was there. Only of whom nothing
 * of ours can come any more.
 */
export type LastLooks = Map<string, readonly string[]>

/**
 * What was found of accounts while a chain of runs is taken back, for the next run of the chain: the core takes all of them back with
 * the same list of accounts, one after the other. With another list, everybody is looked at anew.
 */
export const openLastLooks = (): ((accounts: readonly string[]) => LastLooks) => {
  const kept = new WeakMap<readonly string[], LastLooks>()
  return (accounts) => {
    const known = kept.get(accounts) ?? new Map()
    kept.set(accounts, known)
    return known
  }
}
