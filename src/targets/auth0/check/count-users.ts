import { z } from 'zod'
import { MARKS } from '../accounts/marks.ts'
import { parsed } from '../api/answers.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { type RateLimit, rateLimitOf } from '../api/rate-limit.ts'

interface Asking {
  readonly api: ManagementApi
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

const inConnection = (name: string): string => `identities.connection:${quoted(name)}`

interface Found {
  readonly total: number
  readonly told?: RateLimit
}

/** A search: it does not see what was written some seconds ago. */
const search = async ({ api, signal }: Asking, query: string): Promise<Found> => {
  const request = { method: 'GET', path: 'users' } as const
  const answer = await api.send({
    ...request,
    query: { q: query, search_engine: 'v3', include_totals: true, per_page: 1, fields: 'user_id' },
    signal,
  })
  const told = rateLimitOf(answer.headers)
  return { ...parsed(TOTAL, request, answer), ...(told === undefined ? {} : { told }) }
}

/** How many users a connection has, and how many of them syn2op wrote for this homeserver. By searches. */
export const countUsers = async (
  asking: Asking & { readonly serverName: string },
  connection: string,
): Promise<Counted> => {
  const all = await search(asking, inConnection(connection))
  if (all.total === 0) return { people: { all: 0, ours: 0 }, ...toldOf(all) }
  const ours = await search(
    asking,
    `${inConnection(connection)} AND app_metadata.${MARKS}.server:${quoted(asking.serverName)}`,
  )
  return { people: { all: all.total, ours: Math.min(ours.total, all.total) }, ...toldOf(ours) }
}

const toldOf = ({ told }: Found): Pick<Counted, 'told'> => (told === undefined ? {} : { told })

/** `ours`: those whom syn2op wrote, for whatever homeserver. By a search. */
export const countAll = async (asking: Asking, connection: string, who: 'everybody' | 'ours'): Promise<number> => {
  const ours = who === 'ours' ? ` AND _exists_:app_metadata.${MARKS}.mxid` : ''
  return (await search(asking, `${inConnection(connection)}${ours}`)).total
}
