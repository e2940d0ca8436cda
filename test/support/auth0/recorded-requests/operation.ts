import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'

const CONNECTION = '/api/v2/connections/*'
const SCIM_CONFIGURATION = `${CONNECTION}/scim-configuration`

/** What a path can be, those without a star first: it stands for an id. */
const PATTERNS: readonly string[] = [
  '/api/v2/jobs/users-imports',
  '/api/v2/jobs/users-exports',
  '/api/v2/jobs/*',
  '/api/v2/jobs/*/errors',
  '/api/v2/users/*',
  '/api/v2/users/*/roles',
  '/api/v2/users/*/permissions',
  '/api/v2/users/*/organizations',
  '/api/v2/users/*/authentication-methods',
  '/api/v2/users/*/identities',
  '/api/v2/users/*/identities/*/*',
  CONNECTION,
  `${CONNECTION}/clients`,
  `${CONNECTION}/users`,
  SCIM_CONFIGURATION,
  `${SCIM_CONFIGURATION}/tokens`,
  `${SCIM_CONFIGURATION}/tokens/*`,
  '/api/v2/clients/*',
  '/api/v2/actions/actions/*',
  '/api/v2/actions/actions/*/deploy',
  '/scim/v2/connections/*/Users',
  '/scim/v2/connections/*/Users/*',
  '/exports/*',
]

const isLike = (pattern: string, path: string): boolean => {
  const wanted = pattern.split('/')
  const segments = path.split('/')
  return wanted.length === segments.length && wanted.every((part, index) => part === '*' || part === segments[index])
}

/** What a request does, whomever it is about: `PATCH /api/v2/users/*`; of the token endpoint with the last word of the grant. */
export const operationOf = ({ method, path, form, json }: ApiRequest): string => {
  const [plain = ''] = path === '{location}' ? ['/exports/file'] : path.split('?')
  const pattern = PATTERNS.find((each) => isLike(each, plain)) ?? plain
  const body: unknown = form ?? json
  const named = isObject(body) && plain === '/oauth/token' ? body['grant_type'] : undefined
  const grant = typeof named === 'string' ? named.split('/').at(-1) : undefined
  return `${method} ${pattern}${grant === undefined ? '' : ` ${grant}`}`
}
