import { type Operation, refusal } from '../answer.ts'
import type { GivenKind } from '../tenant.ts'
import { pageOf } from './pages.ts'

const listing = (kind: GivenKind, scope: string): Operation => ({
  method: 'GET',
  path: `/users/{id}/${kind}`,
  scopes: [scope],
  limit: kind === 'organizations' ? 'organizations of users' : 'other',
  answer: (tenant, { query }, { id = '' }) => {
    const page = pageOf(query, { least: 1 })
    if ('refused' in page) return page.refused
    const user = tenant.users.byId(id)
    return user === undefined
      ? refusal(404, 'Not Found', 'The user does not exist.', 'inexistent_user')
      : { status: 200, body: page.of(user.given?.[kind] ?? [], kind.replace('-', '_')) }
  },
})

/** What users have been given beside their profile. */
export const GIVEN_OPERATIONS: readonly Operation[] = [
  listing('roles', 'read:roles'),
  listing('permissions', 'read:users'),
  listing('organizations', 'read:organizations'),
  listing('authentication-methods', 'read:authentication_methods'),
]
