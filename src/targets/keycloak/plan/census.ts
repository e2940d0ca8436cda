import { MARKS } from '../accounts/user-rules.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { attributeQuery, countUsers } from '../api/users-api.ts'

/** How many users a realm has, and how many of them syn2op wrote for this homeserver. */
export interface Headcount {
  readonly all: number
  readonly ours: number
}

export type Census = Headcount

/** By the alias of an identity provider: who is linked to it, and how many of these links this process has surely written. */
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

/** How often links are counted while what is being written may be all that there is of others. */
const COUNTS = 4

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
  /**
   * Links to these providers are about to be written.
   * @returns to be told, once that has ended, which of them are there for sure
   */
  writes(aliases: readonly string[]): (written: readonly string[]) => void
}

export const keepCensus = (realm: CountedRealm): KeptCensus => {
  let first: Promise<Census> | undefined
  const now = kept(
    (signal) => takeCensus(realm, signal),
    ({ all }) => all,
  )
  const written = new Map<string, number>()
  const underWay = new Map<string, number>()
  const countLinks = async (idpAlias: string, signal: AbortSignal): Promise<Headcount> => {
    for (let counts = 1; ; counts++) {
      // Before all are counted: whoever is written in between may then be another's, and is never taken for ours.
      const ours = written.get(idpAlias) ?? 0
      const open = underWay.get(idpAlias) ?? 0
      const all = await countUsers(realm.api, { idpAlias }, signal)
      const isUnsure = all > ours && all <= ours + open
      if (!isUnsure || counts === COUNTS) return { all, ours }
    }
  }
  const links = kept(
    async (signal) => {
      const counts = new Map<string, Headcount>()
      for (const alias of new Set(realm.aliases)) counts.set(alias, await countLinks(alias, signal))
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
    writes(aliases) {
      add(underWay, aliases, 1)
      return (sure) => {
        add(underWay, aliases, -1)
        add(written, sure, 1)
      }
    },
  }
}

const add = (counts: Map<string, number>, aliases: readonly string[], one: 1 | -1): void => {
  for (const alias of aliases) counts.set(alias, (counts.get(alias) ?? 0) + one)
}
