import type { NamelessAccount } from '../accounts/decisions/rules.ts'
import { type Holder, keptUsernames } from './keep-usernames.ts'
import type { UsernameRules } from './mapping.ts'

/** An account that wants a username. */
export interface Claim {
  readonly mxid: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Absent: the rules make none of it. */
  readonly username?: string
  /** The one that it has at the target, where it is on record. */
  readonly recorded?: string
}

export interface SettledUsernames {
  /** By Matrix id: no two are one name to the target. */
  readonly usernames: ReadonlyMap<string, string>
  /** Who got none. */
  readonly nameless: readonly NamelessAccount[]
}

export interface SettleOptions {
  readonly collision: UsernameRules['collision']
  /** What names are compared by, in their order: names that are one to the target give the same. */
  readonly fold: (usernames: readonly string[]) => Promise<readonly string[]>
  /** Whether the target can have an account of this name; absent: of every name. */
  readonly takes?: (username: string) => boolean
}

/**
 * Gives every account a username of its own, or none. Whoever has one on record comes first, then whoever is older: so that
 * nobody who comes later takes the name of somebody who was there before. The order of the claims does not matter.
 */
export const settleUsernames = async (
  claims: readonly Claim[],
  { collision, fold, takes = () => true }: SettleOptions,
): Promise<SettledUsernames> => {
  const usernames = new Map<string, string>()
  const nameless: NamelessAccount[] = []
  const taken = new Set<string>()
  /** By the name wanted: numbers below are taken. */
  const next = new Map<string, number>()
  const texts = claims.flatMap(({ username, recorded }) => [username, recorded].filter((text) => text !== undefined))
  const wanted = [...new Set(texts)]
  const folds = new Map((await fold(wanted)).map((folded, position) => [wanted[position] ?? '', folded]))

  const isRefused = (claim: Claim): claim is Claim & Holder => isHolder(claim) && !takes(claim.username)
  const numbered = async (name: string): Promise<readonly [username: string, folded: string]> => {
    for (let number = next.get(name) ?? 2; ; number++) {
      const username = `${name}${number}`
      const [folded = username] = await fold([username])
      if (taken.has(folded)) continue
      next.set(name, number + 1)
      return [username, folded]
    }
  }
  const foldOf = (text: string): string => folds.get(text) ?? text
  // Whose new name is refused keeps the one that they have: they would else lose their account for it.
  const inOrder = claims.map((one) => (isRefused(one) ? { ...one, username: one.recorded } : one)).toSorted(byAge)
  const holders = inOrder.filter(isHolder)
  const kept = keptUsernames(holders, { collision, foldOf })
  for (const [mxid, username] of kept) {
    taken.add(foldOf(username))
    usernames.set(mxid, username)
  }
  const newcomers = inOrder.filter((one) => !isHolder(one))
  for (const { mxid, username: name, recorded } of [...holders, ...newcomers]) {
    if (kept.has(mxid)) continue
    if (name === undefined) {
      nameless.push({ mxid, reason: 'username_missing' })
      continue
    }
    if (!takes(name)) {
      nameless.push({ mxid, reason: 'username_refused' })
      continue
    }
    const plain = foldOf(name)
    if (taken.has(plain) && collision === 'hold_back') {
      nameless.push({ mxid, reason: 'username_collision' })
      continue
    }
    const [username, folded] = taken.has(plain) ? await numbered(name) : [name, plain]
    if (takes(username)) {
      taken.add(folded)
      usernames.set(mxid, username)
    } else if (recorded !== undefined && !taken.has(foldOf(recorded))) {
      taken.add(foldOf(recorded))
      usernames.set(mxid, recorded)
    } else nameless.push({ mxid, reason: 'username_refused' })
  }
  return { usernames, nameless }
}

const isHolder = (claim: Claim): claim is Claim & Holder => claim.username !== undefined && claim.recorded !== undefined

const byAge = (a: Claim, b: Claim): number =>
  a.createdAt - b.createdAt || Buffer.compare(Buffer.from(a.mxid), Buffer.from(b.mxid))
