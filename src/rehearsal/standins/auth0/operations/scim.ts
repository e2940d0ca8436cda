import type { Answer, Incoming, Operation } from '../answer.ts'
import { isObject } from '../json.ts'
import { scimRefusal } from '../scim-token.ts'
import type { Connection, Tenant, User } from '../tenant.ts'
import { textOf } from './new-user.ts'
import { type Body, objectOf } from './payload.ts'
import { scimMatcher } from './scim-filter.ts'
import { deleteUser } from './users.ts'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const HEADERS = { 'content-type': 'application/scim+json; charset=utf-8' }

const answered = (status: number, body: unknown): Answer => ({ status, headers: HEADERS, body })

const emailOf = (body: Body): string | undefined => {
  const emails = Array.isArray(body['emails']) ? body['emails'].filter(isObject) : []
  return textOf((emails.find((email) => email['primary'] === true) ?? emails[0])?.['value'])?.toLowerCase()
}

const namesOf = (body: Body): User['names'] => {
  const name = isObject(body['name']) ? body['name'] : {}
  const [given, family, display] = [textOf(name['givenName']), textOf(name['familyName']), textOf(body['displayName'])]
  return {
    ...(given === undefined ? {} : { given_name: given }),
    ...(family === undefined ? {} : { family_name: family }),
    ...(display === undefined ? {} : { name: display }),
  }
}

const bodyOf = (user: User): Body => ({
  schemas: [USER],
  id: user.userId,
  ...(user.externalId === undefined ? {} : { externalId: user.externalId }),
  userName: user.username,
  active: !user.blocked,
  ...(user.email === undefined ? {} : { emails: [{ value: user.email, primary: true, type: 'work' }] }),
  ...(user.names.name === undefined ? {} : { displayName: user.names.name }),
  meta: {
    resourceType: 'User',
    created: new Date(user.createdAt).toISOString(),
    lastModified: new Date(user.updatedAt).toISOString(),
  },
})

const usersOf = (tenant: Tenant, connection: Connection): readonly User[] =>
  [...tenant.users.all()].filter(
    (user) => user.identities[0]?.connection === connection.name && user.externalId !== undefined,
  )

const create = (tenant: Tenant, incoming: Incoming, connection: Connection): Answer => {
  const body = objectOf(incoming) ?? {}
  const userName = textOf(body['userName'])
  if (userName === undefined || userName === '')
    return scimRefusal(400, 'The attribute userName is required.', 'invalidValue')
  const attribute = connection.scim?.userIdAttribute ?? 'externalId'
  const externalId = textOf(body['externalId'])
  const subject = attribute === 'userName' ? userName : externalId
  if (subject === undefined || subject === '')
    return scimRefusal(400, `The attribute ${attribute} is required.`, 'invalidValue')
  const own = `${connection.name}|${subject}`
  const provider = connection.strategy
  if (
    tenant.users.byIdentity(provider, own) !== undefined ||
    tenant.users.byUsername(connection.name, userName) !== undefined
  )
    return scimRefusal(409, 'User already exists.', 'uniqueness')
  const now = tenant.clock.now()
  const email = emailOf(body)
  const user: User = {
    userId: `${provider}|${own}`,
    identities: [{ connection: connection.name, provider, userId: own, isSocial: false }],
    ...(email === undefined ? {} : { email, emailVerified: false }),
    username: userName,
    names: namesOf(body),
    blocked: body['active'] === false,
    appMetadata: {},
    userMetadata: {},
    createdAt: now,
    updatedAt: now,
    loginsCount: 0,
    externalId: externalId ?? subject,
  }
  tenant.users.put(user)
  return answered(201, bodyOf(user))
}

const list = (tenant: Tenant, { query }: Incoming, connection: Connection): Answer => {
  const filter = query.get('filter')
  const matches = filter === null ? () => true : scimMatcher(filter)
  if (matches === undefined) return scimRefusal(400, 'The filter is not supported.', 'invalidFilter')
  const found = usersOf(tenant, connection).map(bodyOf).filter(matches)
  const start = Math.max(1, Number(query.get('startIndex') ?? 1))
  const page = found.slice(start - 1, start - 1 + Number(query.get('count') ?? 100))
  return answered(200, {
    schemas: [LIST],
    totalResults: found.length,
    startIndex: start,
    itemsPerPage: page.length,
    Resources: page,
  })
}

type OfConnection = (tenant: Tenant, incoming: Incoming, connection: Connection, user: string) => Answer

const operation = (method: string, path: string, scope: string, answer: OfConnection): Operation => ({
  method,
  path: `/connections/{id}/Users${path}`,
  scopes: [scope],
  limit: 'SCIM',
  answer: (tenant, incoming, { id = '', user = '' }) => {
    const connection = tenant.connections.get(id)
    return connection?.scim === undefined
      ? scimRefusal(404, 'The connection has no SCIM.')
      : answer(tenant, incoming, connection, user)
  },
})

const found = (tenant: Tenant, connection: Connection, id: string): User | undefined => {
  const user = tenant.users.byId(id)
  return user?.identities[0]?.connection === connection.name ? user : undefined
}

const nobody = scimRefusal(404, 'Resource not found.')

/** Users as inbound SCIM makes, reads and deletes them. Its PUT and PATCH are left out: nobody asks for them. */
export const SCIM_OPERATIONS: readonly Operation[] = [
  operation('POST', '', 'post:users', create),
  operation('GET', '', 'get:users', list),
  operation('GET', '/{user}', 'get:users', (tenant, _, connection, id) => {
    const user = found(tenant, connection, id)
    return user === undefined ? nobody : answered(200, bodyOf(user))
  }),
  operation('DELETE', '/{user}', 'delete:users', (tenant, _, connection, id) => {
    const user = found(tenant, connection, id)
    if (user === undefined) return nobody
    deleteUser(tenant, user)
    return { status: 204 }
  }),
]
