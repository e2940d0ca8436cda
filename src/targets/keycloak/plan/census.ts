import { MARKS } from '../accounts/user-rules.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { attributeQuery, countUsers } from '../api/users-api.ts'

/** How many users a realm has, and how many of them syn2op wrote for this homeserver. */
export interface Headcount {
  readonly all: number
  readonly ours: number
}

export type Census = Headcount

/** By the alias of an identity provider: who is linked to it, and of these links how many at most this process has written. */
export type LinkCounts = ReadonlyMap<string, Headcount>

export interface CountedRealm {
  readonly api: AdminApi
  readonly serverName: string
  readonly aliases: readonly string[]
}

export const takeCensus = async ({ api, serverName }: CountedRealm, signal: AbortSignal): Promise<Census> => {
  // Whoever is written in between is then counted as ours and not as somebody else.
  const all = await countUsers(api, {}, signal)
  if (all === 0) return { all, ours: 0 }
  // Keycloak compares without regard to capitals, as DNS does.
  return { all, ours: Math.min(all, await countUsers(api, { q: attributeQuery(MARKS.server, serverName) }, signal)) }
}

export const foreign = ({ all, ours }: Headcount): number => all - ours

/** Up to so many users are counted anew for every plan; more cost more than what they would tell. */
const QUICKLY_COUNTED = 5000

/** Among many, how long a count holds. */
const HOLDS_MS = 60_000

/** Takes a count when one is asked for, and again once the last one may no longer hold. */
const kept = <Count>(
  take: (signal: AbortSignal) => Promise<Count>,
  sizeOf: (count: Count) => number,
): ((signal: AbortSignal) => Promise<Count>) => {
  let last: { readonly count: Count; readonly at: number } | undefined
  return async (signal) => {
    if (last !== undefined && sizeOf(last.count) > QUICKLY_COUNTED && performance.now() - last.at < HOLDS_MS) {
      return last.count
    }
    const count = await take(signal)
    last = { count, at: performance.now() }
    return count
  }
}

export interface KeptCensus {
  /** The first one that was taken: what was there before this target wrote anything. */
  first(signal: AbortSignal): Promise<Census>
  now(signal: AbortSignal): Promise<Census>
  links(signal: AbortSignal): Promise<LinkCounts>
  /** Links are about to be written, or were not in the end: less than none. */
  writes(alias: string, links: number): void
}

export const keepCensus = (realm: CountedRealm): KeptCensus => {
  let first: Promise<Census> | undefined
  const now = kept(
    (signal) => takeCensus(realm, signal),
    ({ all }) => all,
  )
  const written = new Map<string, number>()
  const links = kept(
    async (signal) => {
      const counts = new Map<string, Headcount>()
      for (const idpAlias of new Set(realm.aliases)) {
        const all = await countUsers(realm.api, { idpAlias }, signal)
        counts.set(idpAlias, { all, ours: written.get(idpAlias) ?? 0 })
      }
      return counts
    },
    (counts) => Math.max(0, ...[...counts.values()].map(({ all }) => all)),
  )
  return {
    first(signal) {
      first ??= now(signal).catch((error: unknown) => {
        first = undefined
        throw error
      })
      return first
    },
    now,
    links,
    writes: (alias, count) => void written.set(alias, (written.get(alias) ?? 0) + count),
  }
}
