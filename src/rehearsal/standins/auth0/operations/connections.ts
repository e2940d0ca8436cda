import { type Answer, type Incoming, type Operation, refusal } from '../answer.ts'
import { checkFields } from '../fields/check-fields.ts'
import { auth0Id } from '../jobs/job-id.ts'
import { isObject } from '../json.ts'
import { withoutScope } from '../management-token.ts'
import { CONNECTION_OPTIONS_RULES } from '../rules/connection-options.ts'
import { STRATEGIES } from '../strategies.ts'
import type { Connection, Tenant } from '../tenant.ts'
import { isBeingDeleted, noteDeletion } from './deleted-connections.ts'
import { pageOf } from './pages.ts'
import { type Body, invalidBody, invalidQuery, objectOf, strangerIn } from './payload.ts'
import { deleteUser } from './users.ts'

const CHANGEABLE = [
  'authentication',
  'connected_accounts',
  'display_name',
  'enabled_clients',
  'is_domain_connection',
  'metadata',
  'options',
  'realms',
  'show_as_button',
]

const NAME = /^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$/u

export const inexistentConnection = refusal(404, 'Not Found', 'The connection does not exist', 'inexistent_connection')

const READ_OPTIONS = ['read:connections_options']
const CHANGE_OPTIONS = ['update:connections_options']

/** As whoever has these scopes is told of it. */
const bodyOf = (connection: Connection, scopes: Incoming['scopes']): Body => ({
  id: connection.id,
  name: connection.name,
  ...(connection.displayName === undefined ? {} : { display_name: connection.displayName }),
  strategy: connection.strategy,
  ...(withoutScope(READ_OPTIONS, scopes) === undefined ? { options: connection.options } : {}),
  enabled_clients: [...connection.enabledClients],
  realms: [connection.name],
  is_domain_connection: false,
})

const refusedOptions = (body: Body): Answer | undefined => {
  const [violation] = checkFields(CONNECTION_OPTIONS_RULES, 'changed connection', body)
  if (violation !== undefined) return invalidBody(`${violation.message} on property ${violation.path}`)
  const attributes = isObject(body['options']) ? body['options']['attributes'] : undefined
  if (!isObject(attributes) || Object.values(attributes).some(isIdentifier)) return undefined
  return invalidBody('At least one identifier must be active on property options.attributes')
}

const isIdentifier = (attribute: unknown): boolean =>
  isObject(attribute) && isObject(attribute['identifier']) && attribute['identifier']['active'] === true

const wrongFields = (body: Body, properties: readonly string[]): Answer | undefined => {
  const stranger = strangerIn(body, properties)
  if (stranger !== undefined) return invalidBody(`Additional properties not allowed: ${stranger}`)
  const { display_name: displayName, enabled_clients: clients } = body
  const wrongOptions = refusedOptions(body)
  if (wrongOptions !== undefined) return wrongOptions
  if (displayName !== undefined && (typeof displayName !== 'string' || displayName.length > 128))
    return invalidBody('String is too long on property display_name')
  return clients === undefined || clients === null || Array.isArray(clients)
    ? undefined
    : invalidBody('Expected type array on property enabled_clients')
}

const change = (connection: Connection, body: Body): void => {
  // All of them: those that are not sent are gone.
  if (isObject(body['options'])) connection.options = body['options']
  if (typeof body['display_name'] === 'string') connection.displayName = body['display_name']
  if (!Array.isArray(body['enabled_clients'])) return
  connection.enabledClients.clear()
  for (const client of body['enabled_clients']) connection.enabledClients.add(String(client))
}

const create = (tenant: Tenant, incoming: Incoming): Answer => {
  const body = objectOf(incoming) ?? {}
  const wrong = wrongFields(body, [...CHANGEABLE, 'name', 'strategy'])
  if (wrong !== undefined) return wrong
  const { name, strategy } = body
  if (typeof name !== 'string') return invalidBody('Missing required property: name')
  if (name.length > 128 || !NAME.test(name)) return invalidBody('String does not match pattern on property name')
  if (typeof strategy !== 'string') return invalidBody('Missing required property: strategy')
  if (!STRATEGIES.includes(strategy)) return invalidBody('No enum match on property strategy')
  if ([...tenant.connections.values()].some((each) => each.name === name))
    return refusal(409, 'Conflict', 'A connection with the same name already exists', 'connection_conflict')
  if (isBeingDeleted(tenant, name))
    return refusal(409, 'Conflict', 'A connection with the same name is being deleted', 'connection_conflict')
  const connection: Connection = { id: auth0Id('con'), name, strategy, options: {}, enabledClients: new Set() }
  change(connection, body)
  tenant.connections.set(connection.id, connection)
  return { status: 201, body: bodyOf(connection, incoming.scopes) }
}

const list = (tenant: Tenant, { query, scopes }: Incoming): Answer => {
  const strategies = query.getAll('strategy')
  if (strategies.some((strategy) => !STRATEGIES.includes(strategy)))
    return invalidQuery('No enum match on property strategy')
  const page = pageOf(query, { least: 1 })
  if ('refused' in page) return page.refused
  const name = query.get('name')
  const found = [...tenant.connections.values()].filter(
    (each) => (name === null || each.name === name) && (strategies.length === 0 || strategies.includes(each.strategy)),
  )
  return {
    status: 200,
    body: page.of(
      found.map((each) => bodyOf(each, scopes)),
      'connections',
    ),
  }
}

const remove = (tenant: Tenant, id: string): Answer => {
  const connection = tenant.connections.get(id)
  if (connection === undefined) return { status: 204 }
  tenant.connections.delete(id)
  const users = [...tenant.users.all()].filter(({ identities: [first] }) => first?.connection === connection.name)
  noteDeletion(tenant, connection.name, users.length)
  for (const user of users) deleteUser(tenant, user)
  return { status: 202, body: { deleted_at: new Date(tenant.clock.now()).toISOString() } }
}

export const CONNECTIONS_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/connections',
    scopes: ['read:connections'],
    limit: 'other',
    answer: (tenant, incoming) => list(tenant, incoming),
  },
  {
    method: 'POST',
    path: '/connections',
    scopes: ['create:connections'],
    limit: 'other',
    answer: (tenant, incoming) => create(tenant, incoming),
  },
  {
    method: 'GET',
    path: '/connections/{id}',
    scopes: ['read:connections'],
    limit: 'other',
    answer: (tenant, { scopes }, { id = '' }) => {
      const connection = tenant.connections.get(id)
      return connection === undefined ? inexistentConnection : { status: 200, body: bodyOf(connection, scopes) }
    },
  },
  {
    method: 'PATCH',
    path: '/connections/{id}',
    scopes: ['update:connections'],
    limit: 'other',
    answer: (tenant, incoming, { id = '' }) => {
      const body = objectOf(incoming) ?? {}
      if (Object.keys(body).length === 0) return invalidBody('Too few properties defined (0), minimum 1')
      const wrong = wrongFields(body, CHANGEABLE)
      if (wrong !== undefined) return wrong
      const unlicensed = 'options' in body ? withoutScope(CHANGE_OPTIONS, incoming.scopes) : undefined
      if (unlicensed !== undefined) return unlicensed
      const connection = tenant.connections.get(id)
      if (connection === undefined) return inexistentConnection
      change(connection, body)
      return { status: 200, body: bodyOf(connection, incoming.scopes) }
    },
  },
  {
    method: 'DELETE',
    path: '/connections/{id}',
    scopes: ['delete:connections'],
    limit: 'other',
    answer: (tenant, _, { id = '' }) => remove(tenant, id),
  },
]
