import { type Answer, type Operation, refusal } from '../answer.ts'
import type { Tenant, TenantLogEntry } from '../tenant.ts'
import { pageOf } from './pages.ts'
import { type Body, invalidQuery } from './payload.ts'
import { matcherOf } from './search-query.ts'

const MOST_FOUND = 1000

const bodyOf = ({ at, type, userId, description }: TenantLogEntry, index: number): Body => ({
  log_id: String(index).padStart(20, '0'),
  date: new Date(at).toISOString(),
  type,
  ...(description === undefined ? {} : { description }),
  ...(userId === undefined ? {} : { user_id: userId }),
})

const search = (tenant: Tenant, query: URLSearchParams): Answer => {
  const page = pageOf(query, { least: 0 })
  if ('refused' in page) return page.refused
  if (page.start + page.size > MOST_FOUND)
    return refusal(400, 'Bad Request', 'You can only page through the first 1000 records.', 'invalid_paging')
  const sort = query.get('sort') ?? 'date:-1'
  if (sort !== 'date:1' && sort !== 'date:-1') return invalidQuery('String does not match pattern on property sort')
  const matches = matcherOf(query.get('q') ?? '')
  if (matches === undefined) return invalidQuery('The search query is not supported on property q')
  const found = tenant.log.map(bodyOf).filter(matches)
  return { status: 200, body: page.of(sort === 'date:1' ? found : found.toReversed(), 'logs') }
}

/** The tenant's log by search criteria, newest first; sorted by date only. */
export const LOGS_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/logs',
    scopes: ['read:logs'],
    limit: 'logs read',
    answer: (tenant, { query }) => search(tenant, query),
  },
]
