import { MARKS } from '../accounts/user-rules.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { attributeQuery, countUsers } from '../api/users-api.ts'

/** How many users a realm has, and how many of them syn2op wrote for this homeserver. */
export interface Headcount {
  readonly all: number
  readonly ours: number
}

export interface Census extends Headcount {
  /** By the alias of an identity provider: who is linked to it. */
  readonly linked: ReadonlyMap<string, Headcount>
}

export interface CountedRealm {
  readonly api: AdminApi
  readonly serverName: string
  readonly aliases: readonly string[]
}

/** The query that finds whom we wrote; Keycloak compares without regard to capitals, as DNS does. */
const oursQuery = (serverName: string): string => attributeQuery(MARKS.server, serverName)

export const takeCensus = async ({ api, serverName, aliases }: CountedRealm, signal: AbortSignal): Promise<Census> => {
  const q = oursQuery(serverName)
  const headcount = async (of: { readonly idpAlias?: string }): Promise<Headcount> => {
    // Whoever is written in between is then counted as ours and not as somebody else.
    const all = await countUsers(api, of, signal)
    if (all === 0) return { all, ours: 0 }
    return { all, ours: Math.min(all, await countUsers(api, { ...of, q }, signal)) }
  }
  const everybody = await headcount({})
  const linked = new Map<string, Headcount>()
  for (const idpAlias of new Set(aliases)) linked.set(idpAlias, await headcount({ idpAlias }))
  return { ...everybody, linked }
}

export const foreign = ({ all, ours }: Headcount): number => all - ours

/** Up to so many users are counted anew for every plan; more cost more than what they would tell. */
const QUICKLY_COUNTED = 5000

/** Among many, how long a census holds. */
const HOLDS_MS = 60_000

/** Takes a census when one is asked for, and again once the last one may no longer hold. */
export const keepCensus = (
  realm: CountedRealm,
): {
  /** The first one that was taken: what was there before this target wrote anything. */
  first(signal: AbortSignal): Promise<Census>
  now(signal: AbortSignal): Promise<Census>
} => {
  let first: Promise<Census> | undefined
  let last: { readonly census: Census; readonly at: number } | undefined
  const take = async (signal: AbortSignal): Promise<Census> => {
    const census = await takeCensus(realm, signal)
    last = { census, at: performance.now() }
    return census
  }
  return {
    first(signal) {
      first ??= take(signal).catch((error: unknown) => {
        first = undefined
        throw error
      })
      return first
    },
    async now(signal) {
      const holds = last !== undefined && last.census.all > QUICKLY_COUNTED && performance.now() - last.at < HOLDS_MS
      return holds && last !== undefined ? last.census : take(signal)
    },
  }
}
