import { type Answer, type Operation, refusal } from '../answer.ts'
import type { Tenant } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { searchable } from '../users/searched-later.ts'
import { valuesAt } from '../values-at.ts'
import { selected, selectionOf } from './fields.ts'
import { pageOf } from './pages.ts'
import { type Body, invalidQuery } from './payload.ts'
import { matcherOf, pinOf } from './search-query.ts'

/** Pages end here, however many there are. */
const MOST_FOUND = 1000

const SORT = /^(?<field>[a-zA-Z0-9_.]+):(?<direction>1|-1)$/u

const textAt = (body: Body, field: string): string => valuesAt(body, field).map(String).join(' ')

const sorted = (bodies: readonly Body[], field: string, direction: number): readonly Body[] =>
  bodies.toSorted((one, other) => {
    const [first, second] = [textAt(one, field), textAt(other, field)]
    if (first === second) return 0
    return first < second ? -direction : direction
  })

const search = (tenant: Tenant, query: URLSearchParams): Answer => {
  const selection = selectionOf(query)
  if ('refused' in selection) return selection.refused
  const engine = query.get('search_engine')
  if (engine !== null && engine !== 'v3') return invalidQuery('No enum match on property search_engine')
  const sort = SORT.exec(query.get('sort') ?? 'created_at:1')?.groups
  if (sort === undefined) return invalidQuery('String does not match pattern on property sort')
  const page = pageOf(query, { least: 0 })
  if ('refused' in page) return page.refused
  if (page.start + page.size > MOST_FOUND)
    return refusal(400, 'Bad Request', 'You can only page through the first 1000 records.', 'invalid_paging')
  const asked = query.get('q') ?? ''
  const matches = matcherOf(asked)
  if (matches === undefined) return refusal(400, 'Bad Request', 'Invalid search query', 'invalid_query_string')
  const connection = query.get('connection')
  const found: Body[] = []
  const pin = pinOf(asked)
  const users = searchable(tenant.users)
  for (const user of pin === undefined ? users.all() : users.having(pin.field, pin.text)) {
    const body = userBody(user)
    if ((connection === null || user.identities[0]?.connection === connection) && matches(body)) found.push(body)
  }
  const bodies = sorted(found, sort['field'] ?? '', Number(sort['direction']))
  return {
    status: 200,
    body: page.of(
      bodies.map((body) => selected(body, selection)),
      'users',
    ),
  }
}

/** Searches, which see what was written some seconds later. */
export const SEARCH_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/users',
    scopes: ['read:users'],
    limit: 'users read',
    answer: (tenant, { query }) => search(tenant, query),
  },
]
