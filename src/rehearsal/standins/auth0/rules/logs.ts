import { reading } from './examples.ts'
import { specified } from './published.ts'
import { eachOf, refused, withoutScope } from './requests.ts'
import type { Rule } from './rule.ts'
import { says } from './users-published.ts'

const LIST = 'GET /logs'
const PATH = '/api/v2/logs'

/** The log of a tenant, in which a login that failed says why. */
export const LOGS_RULES: readonly Rule[] = [
  {
    id: 'logs.scope',
    says: 'Reading the log needs the scope read:logs.',
    sources: [specified(LIST, '"oAuth2ClientCredentials": ["read:logs", "read:logs_users"]')],
    keeps: { steps: [reading(PATH, ['read:logs'])] },
    breaks: [{ wrong: 'may only read users', steps: [reading(PATH, ['read:users'])], refusal: withoutScope }],
  },
  {
    id: 'logs.pages',
    says: 'A page of the log has 100 entries at most, and pages reach to the thousandth.',
    sources: [
      says(
        'logs',
        'Besides the limitation of 100 logs per request to retrieve logs, you may only paginate through up to 1,000 search results.',
      ),
      specified(LIST, '{"name": "per_page", "schema": {"maximum": 100, "minimum": 0, "type": "integer"}}'),
    ],
    keeps: { steps: [reading(`${PATH}?per_page=100&page=9&sort=date%3A-1`)] },
    breaks: eachOf(['per_page=101', 'per_page=100&page=10', 'page=-1'], (query) => ({
      wrong: query,
      steps: [reading(`${PATH}?${query}`)],
      refusal: refused(400),
    })),
  },
]
