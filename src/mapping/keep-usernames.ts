import type { UsernameRules } from './mapping.ts'

/** An account that wants a username and has one at the target. */
export interface Holder {
  readonly mxid: string
  readonly username: string
  /** The one that it has. */
  readonly recorded: string
}

/**
 * Which accounts keep the username that they have, by their Matrix ids: those whom the rules give that one again, and with
 * `hold_back` those who want one that somebody else keeps, who else would lose their account for it.
 * @param holders the oldest first.
 */
export const keptUsernames = (
  holders: readonly Holder[],
  { collision, foldOf }: { readonly collision: UsernameRules['collision']; readonly foldOf: (text: string) => string },
): ReadonlyMap<string, string> => {
  const kept = new Map<string, string>()
  const taken = new Set<string>()
  const keep = ({ mxid, recorded }: Holder): boolean => {
    const folded = foldOf(recorded)
    if (taken.has(folded)) return false
    taken.add(folded)
    kept.set(mxid, recorded)
    return true
  }
  for (const one of holders) if (givesAgain(one, collision)) keep(one)
  if (collision === 'number') return kept
  /** By the name that they move to. */
  const movers = new Map<string, Holder>()
  for (const one of holders) {
    if (kept.has(one.mxid)) continue
    const wanted = foldOf(one.username)
    if (!taken.has(wanted) && !movers.has(wanted)) {
      movers.set(wanted, one)
      continue
    }
    // Who stays is in the way of whoever was to move there, and so on.
    for (let staying: Holder | undefined = one; staying !== undefined && keep(staying); ) {
      const folded = foldOf(staying.recorded)
      staying = movers.get(folded)
      movers.delete(folded)
    }
  }
  return kept
}

const givesAgain = ({ username, recorded }: Holder, collision: UsernameRules['collision']): boolean =>
  username === recorded ||
  (collision === 'number' &&
    recorded.startsWith(username) &&
    /^(?:[2-9]|[1-9]\d+)$/u.test(recorded.slice(username.length)))
