import { z } from 'zod'
import { MARKS } from '../accounts/marks.ts'
import { parsed } from '../api/answers.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { type RateLimit, rateLimitOf } from '../api/rate-limit.ts'

interface CountUsers {
  readonly api: ManagementApi
  readonly serverName: string
  readonly signal: AbortSignal
}

interface Counted {
  readonly people: { readonly all: number; readonly ours: number }
  /** What the last answer says of its limit. */
  readonly told?: RateLimit
}

const TOTAL = z.object({ total: z.int().min(0) })

/** Of a text in a search. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/gu, '\\$&')}"`

/** How many users a connection has, and how many of them syn2op wrote for this homeserver. A search: some seconds old. */
export const countUsers = async ({ api, serverName, signal }: CountUsers, connection: string): Promise<Counted> => {
  const search = async (query: string): Promise<{ readonly total: number; readonly told?: RateLimit }> => {
    const request = { method: 'GET', path: 'users' } as const
    const answer = await api.send({
      ...request,
      query: { q: query, search_engine: 'v3', include_totals: true, per_page: 1, fields: 'user_id' },
      signal,
    })
    const told = rateLimitOf(answer.headers)
    return { ...parsed(TOTAL, request, answer), ...(told === undefined ? {} : { told }) }
  }
  const there = `identities.connection:${quoted(connection)}`
  const all = await search(there)
  if (all.total === 0) return { people: { all: 0, ours: 0 }, ...toldOf(all) }
  const ours = await search(`${there} AND app_metadata.${MARKS}.server:${quoted(serverName)}`)
  return { people: { all: all.total, ours: Math.min(ours.total, all.total) }, ...toldOf(ours) }
}

const toldOf = ({ told }: { readonly told?: RateLimit }): Pick<Counted, 'told'> => (told === undefined ? {} : { told })
