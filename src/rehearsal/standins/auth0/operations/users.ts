import { type Answer, type Operation, refusal } from '../answer.ts'
import type { Tenant, User } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { changeUser } from './changed-user.ts'
import { selected, selectionOf } from './fields.ts'
import { createUser } from './new-user.ts'
import { invalidQuery } from './payload.ts'

const GONE: Answer = { status: 204 }

/** Deletes a profile, and those linked with it. */
export const deleteUser = (tenant: Tenant, user: User): void => {
  tenant.users.remove(user.userId)
  for (const { provider, userId } of user.identities) {
    tenant.linked.delete(`${provider}|${userId}`)
    tenant.wrongPasswords.delete(`${provider}|${userId}`)
  }
}

const byEmail = (tenant: Tenant, query: URLSearchParams): Answer => {
  const email = query.get('email')
  if (email === null || email === '') return invalidQuery('Missing required property: email')
  const selection = selectionOf(query)
  if ('refused' in selection) return selection.refused
  // Auth0 saves addresses of database users in lower case, and compares this one as it comes.
  const users = tenant.users.withEmail(email).filter((user) => user.email === email)
  return { status: 200, body: users.map((user) => selected(userBody(user), selection)) }
}

/** Users by the Management API: written and read by id and by e-mail address, both at once. */
export const USERS_OPERATIONS: readonly Operation[] = [
  {
    method: 'POST',
    path: '/users',
    scopes: ['create:users'],
    limit: 'users write',
    answer: (tenant, incoming) => createUser(tenant, incoming),
  },
  {
    method: 'GET',
    path: '/users/{id}',
    scopes: ['read:users'],
    limit: 'users read',
    answer: (tenant, { query }, { id = '' }) => {
      const selection = selectionOf(query)
      if ('refused' in selection) return selection.refused
      const user = tenant.users.byId(id)
      return user === undefined
        ? refusal(404, 'Not Found', 'The user does not exist.', 'inexistent_user')
        : { status: 200, body: selected(userBody(user), selection) }
    },
  },
  {
    method: 'PATCH',
    path: '/users/{id}',
    scopes: ['update:users', 'update:users_app_metadata'],
    limit: 'users write',
    answer: (tenant, incoming, { id = '' }) => changeUser(tenant, incoming, id),
  },
  {
    method: 'DELETE',
    path: '/users/{id}',
    scopes: ['delete:users'],
    limit: 'users delete',
    answer: (tenant, _, { id = '' }) => {
      const user = tenant.users.byId(id)
      if (user !== undefined) deleteUser(tenant, user)
      return GONE
    },
  },
  {
    method: 'GET',
    path: '/users-by-email',
    scopes: ['read:users'],
    limit: 'users read',
    answer: (tenant, { query }) => byEmail(tenant, query),
  },
  {
    method: 'DELETE',
    path: '/connections/{id}/users',
    scopes: ['delete:users'],
    limit: 'other',
    answer: (tenant, { query }, { id = '' }) => {
      const email = query.get('email')
      if (email === null || email === '') return invalidQuery('Missing required property: email')
      const connection = tenant.connections.get(id)
      if (connection === undefined) return refusal(400, 'Bad Request', 'The connection does not exist')
      const user = tenant.users.byEmail(connection.name, email)
      if (user !== undefined) deleteUser(tenant, user)
      return GONE
    },
  },
]
