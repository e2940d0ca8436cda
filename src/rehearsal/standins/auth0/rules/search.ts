import { reading, SECOND, waiting } from './examples.ts'
import { inferred, specified } from './published.ts'
import { ANN_PATH, ANN_THERE, deleting, eachOf, refused, shown, withoutScope } from './requests.ts'
import type { Rule } from './rule.ts'
import { says } from './users-published.ts'

const LIST = 'GET /users'
const ALL = '/api/v2/users?include_totals=true&search_engine=v3'

/** What a search shows some time after it was written. */
export const SEARCH_RULES: readonly Rule[] = [
  {
    id: 'search.eventual',
    says: 'A search sees what was written only some time later.',
    sources: [
      says(
        'search',
        'is eventually consistent, so results may not immediately reflect recently-completed write operations',
      ),
    ],
    keeps: { given: ANN_THERE, steps: [waiting(60 * SECOND), deleting(ANN_PATH), waiting(60 * SECOND), reading(ALL)] },
    breaks: [
      {
        wrong: 'read right after a user was deleted',
        given: ANN_THERE,
        steps: [waiting(60 * SECOND), deleting(ANN_PATH)],
        refusal: shown(ALL, { total: 1 }),
      },
    ],
  },
  {
    id: 'search.per_page',
    says: 'A page has 100 users at most.',
    sources: [specified(LIST, '{"name": "per_page", "schema": {"maximum": 100, "minimum": 0, "type": "integer"}}')],
    keeps: { given: ANN_THERE, steps: [reading('/api/v2/users?per_page=100&page=0')] },
    breaks: eachOf(['101', '-1', 'many'], (perPage) => ({
      wrong: `${perPage} a page`,
      steps: [reading(`/api/v2/users?per_page=${perPage}`)],
      refusal: refused(400, 'invalid_query_string'),
    })),
  },
  {
    id: 'search.thousand',
    says: 'Pages reach to the thousandth user.',
    sources: [says('search', 'Search returns a maximum of 1,000 users, even if more users match your query.')],
    keeps: { steps: [reading('/api/v2/users?per_page=100&page=9')] },
    breaks: [
      {
        wrong: 'the page after the thousandth',
        steps: [reading('/api/v2/users?per_page=100&page=10')],
        refusal: refused(400, 'invalid_paging'),
      },
    ],
  },
  {
    id: 'search.engine',
    says: 'The search engine is the third one.',
    sources: [inferred(specified(LIST, '{"name": "search_engine", "schema": {"enum": ["v1", "v2", "v3"]'))],
    keeps: { steps: [reading('/api/v2/users?search_engine=v3')] },
    breaks: [
      {
        wrong: 'an engine that does not exist',
        steps: [reading('/api/v2/users?search_engine=v4')],
        refusal: refused(400, 'invalid_query_string'),
      },
      {
        wrong: 'one that was switched off',
        steps: [reading('/api/v2/users?search_engine=v2')],
        refusal: refused(400, 'invalid_query_string'),
      },
    ],
  },
  {
    id: 'search.sort',
    says: 'A sort names a field and 1 or -1.',
    sources: [specified(LIST, '{"name": "sort", "schema": {"pattern": "^(([a-zA-Z0-9_\\\\.]+))\\\\:(1|-1)$"')],
    keeps: { steps: [reading('/api/v2/users?sort=created_at%3A1')] },
    breaks: [
      {
        wrong: 'no direction',
        steps: [reading('/api/v2/users?sort=created_at')],
        refusal: refused(400, 'invalid_query_string'),
      },
    ],
  },
  {
    id: 'search.scope',
    says: 'A search needs the scope read:users.',
    sources: [specified(LIST, '"oAuth2ClientCredentials": ["read:users", "read:user_idp_tokens"]')],
    keeps: { steps: [reading('/api/v2/users', ['read:users'])] },
    breaks: [{ wrong: 'may only create', steps: [reading('/api/v2/users', ['create:users'])], refusal: withoutScope }],
  },
]
