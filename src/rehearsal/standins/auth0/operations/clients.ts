import { type Answer, type Operation, refusal } from '../answer.ts'
import { isObject } from '../json.ts'
import type { Tenant } from '../tenant.ts'
import { inexistentConnection } from './connections.ts'
import { invalidBody, invalidQuery, strangerIn } from './payload.ts'

const MOST_A_PAGE = 1000

const MOST_A_CHANGE = 50

interface Switch {
  readonly client: string
  readonly status: boolean
}

const switchesOf = (json: unknown): readonly Switch[] | { readonly refused: Answer } => {
  if (!Array.isArray(json)) return { refused: invalidBody('Expected type array but found type object') }
  if (json.length === 0) return { refused: invalidBody('Array is too short (0), minimum 1') }
  if (json.length > MOST_A_CHANGE) return { refused: invalidBody(`Array is too long (${json.length}), maximum 50`) }
  const switches: Switch[] = []
  for (const item of json) {
    if (!isObject(item)) return { refused: invalidBody('Expected type object') }
    const stranger = strangerIn(item, ['client_id', 'status'])
    if (stranger !== undefined) return { refused: invalidBody(`Additional properties not allowed: ${stranger}`) }
    const { client_id: client, status } = item
    if (typeof client !== 'string') return { refused: invalidBody('Missing required property: client_id') }
    if (typeof status !== 'boolean') return { refused: invalidBody('Expected type boolean on property status') }
    switches.push({ client, status })
  }
  return switches
}

const update = (tenant: Tenant, json: unknown, id: string): Answer => {
  const switches = switchesOf(json)
  if ('refused' in switches) return switches.refused
  const connection = tenant.connections.get(id)
  if (connection === undefined) return inexistentConnection
  if (switches.some(({ client }) => !tenant.clients.has(client)))
    return refusal(400, 'Bad Request', 'One of the clients does not exist.')
  for (const { client, status } of switches)
    if (status) connection.enabledClients.add(client)
    else connection.enabledClients.delete(client)
  return { status: 204 }
}

const read = (tenant: Tenant, query: URLSearchParams, id: string): Answer => {
  const take = Number(query.get('take') ?? 50)
  if (!Number.isInteger(take) || take < 1 || take > MOST_A_PAGE)
    return invalidQuery('Value is not between 1 and 1000 on property take')
  const connection = tenant.connections.get(id)
  if (connection === undefined) return inexistentConnection
  const from = Number(query.get('from') ?? 0)
  const all = [...connection.enabledClients]
  const next = from + take
  return {
    status: 200,
    body: {
      clients: all.slice(from, next).map((client) => ({ client_id: client })),
      ...(next < all.length ? { next: String(next) } : {}),
    },
  }
}

const readClient = (tenant: Tenant, id: string): Answer => {
  const client = tenant.clients.get(id)
  if (client === undefined) return refusal(404, 'Not Found', 'The client does not exist', 'inexistent_client')
  return {
    status: 200,
    body: {
      client_id: client.id,
      name: client.name,
      grant_types: client.grantTypes,
      token_endpoint_auth_method: 'client_secret_post',
      app_type: 'non_interactive',
    },
  }
}

/** Applications, and for which of them a connection is enabled. */
export const CLIENTS_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/connections/{id}/clients',
    scopes: ['read:connections'],
    limit: 'other',
    answer: (tenant, { query }, { id = '' }) => read(tenant, query, id),
  },
  {
    method: 'PATCH',
    path: '/connections/{id}/clients',
    scopes: ['update:connections'],
    limit: 'other',
    answer: (tenant, { json }, { id = '' }) => update(tenant, json, id),
  },
  {
    method: 'GET',
    path: '/clients/{id}',
    scopes: ['read:clients'],
    limit: 'clients read',
    answer: (tenant, _, { id = '' }) => readClient(tenant, id),
  },
]
