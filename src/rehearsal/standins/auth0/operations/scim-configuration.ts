import { randomBytes } from 'node:crypto'
import { type Answer, type Incoming, type Operation, refusal } from '../answer.ts'
import { takesScim } from '../strategies.ts'
import type { Connection, ScimConfiguration, ScimToken, Tenant } from '../tenant.ts'
import { type Body, invalidBody, objectOf, strangerIn } from './payload.ts'

/** What a token of SCIM may be for. */
const PERMISSIONS = ['get', 'post', 'put', 'patch', 'delete'].flatMap((verb) => [`${verb}:users`, `${verb}:groups`])

const MOST_TOKENS = 2
const SHORTEST_LIFE = 900

const notFound = refusal(404, 'Not Found', 'Not found')

const iso = (at: number): string => new Date(at).toISOString()

const bodyOf = (tenant: Tenant, connection: Connection, scim: ScimConfiguration): Body => ({
  tenant_name: new URL(tenant.url).host,
  connection_id: connection.id,
  connection_name: connection.name,
  strategy: connection.strategy,
  mapping: scim.mapping ?? [],
  user_id_attribute: scim.userIdAttribute,
  created_at: iso(tenant.clock.now()),
  updated_on: iso(tenant.clock.now()),
})

const wrongBody = (body: Body): Answer | undefined => {
  const stranger = strangerIn(body, ['mapping', 'user_id_attribute'])
  if (stranger !== undefined) return invalidBody(`Additional properties not allowed: ${stranger}`)
  if (body['mapping'] !== undefined && !Array.isArray(body['mapping']))
    return invalidBody('Expected type array on property mapping')
  return body['user_id_attribute'] === undefined || typeof body['user_id_attribute'] === 'string'
    ? undefined
    : invalidBody('Expected type string on property user_id_attribute')
}

/** Without one said: the name that a SAML assertion has, the subject of everybody else. */
const usualAttribute = ({ strategy }: Connection): string => (strategy === 'samlp' ? 'userName' : 'externalId')

const configured = (connection: Connection, body: Body, tokens: ScimConfiguration['tokens']): ScimConfiguration => ({
  userIdAttribute:
    typeof body['user_id_attribute'] === 'string' ? body['user_id_attribute'] : usualAttribute(connection),
  ...(Array.isArray(body['mapping']) ? { mapping: body['mapping'] } : {}),
  tokens,
})

const create = (tenant: Tenant, incoming: Incoming, connection: Connection): Answer => {
  const body = objectOf(incoming) ?? {}
  const wrong = wrongBody(body)
  if (wrong !== undefined) return wrong
  if (!takesScim(connection.strategy))
    return refusal(400, 'Bad Request', `SCIM is not supported for connections of strategy ${connection.strategy}`)
  if (connection.scim !== undefined)
    return refusal(400, 'Bad Request', 'The connection has a SCIM configuration already.')
  connection.scim = configured(connection, body, new Map())
  return { status: 201, body: bodyOf(tenant, connection, connection.scim) }
}

const tokenBody = (id: string, token: ScimToken): Body => ({
  token_id: id,
  scopes: token.scopes,
  ...(token.createdAt === undefined ? {} : { created_at: iso(token.createdAt) }),
  ...(token.lastUsedAt === undefined ? {} : { last_used_at: iso(token.lastUsedAt) }),
  ...(token.validUntil === undefined ? {} : { valid_until: iso(token.validUntil) }),
})

const createToken = (tenant: Tenant, incoming: Incoming, scim: ScimConfiguration): Answer => {
  const body = objectOf(incoming) ?? {}
  const stranger = strangerIn(body, ['scopes', 'token_lifetime'])
  if (stranger !== undefined) return invalidBody(`Additional properties not allowed: ${stranger}`)
  const { scopes = PERMISSIONS, token_lifetime: lifetime = null } = body
  if (!Array.isArray(scopes) || scopes.length === 0)
    return invalidBody('Array is too short (0), minimum 1 on property scopes')
  if (scopes.some((scope) => !PERMISSIONS.includes(String(scope))))
    return invalidBody('No enum match on property scopes')
  if (lifetime !== null && (!Number.isInteger(lifetime) || Number(lifetime) < SHORTEST_LIFE))
    return invalidBody(`Value is less than minimum ${SHORTEST_LIFE} on property token_lifetime`)
  if (scim.tokens.size >= MOST_TOKENS)
    return refusal(409, 'Conflict', 'The connection has the maximum number of SCIM tokens.')
  const now = tenant.clock.now()
  const id = `tok_${randomBytes(8).toString('hex')}`
  const token: ScimToken = {
    token: `${id}.${randomBytes(24).toString('base64url')}`,
    scopes: scopes.map(String),
    createdAt: now,
    ...(lifetime === null ? {} : { validUntil: now + Number(lifetime) * 1000 }),
  }
  scim.tokens.set(id, token)
  return { status: 201, body: { ...tokenBody(id, token), token: token.token } }
}

const ROOT = '/connections/{id}/scim-configuration'

type OfConnection = (tenant: Tenant, incoming: Incoming, connection: Connection) => Answer
type OfConfiguration = (
  tenant: Tenant,
  incoming: Incoming,
  scim: ScimConfiguration,
  connection: Connection,
  parameters: Readonly<Record<string, string>>,
) => Answer

const operation = (method: string, path: string, scope: string, answer: Operation['answer']): Operation => ({
  method,
  path: `${ROOT}${path}`,
  scopes: [scope],
  limit: 'other',
  answer,
})

const ofConnection =
  (answer: OfConnection): Operation['answer'] =>
  (tenant, incoming, { id = '' }) => {
    const connection = tenant.connections.get(id)
    return connection === undefined ? notFound : answer(tenant, incoming, connection)
  }

const ofConfiguration =
  (answer: OfConfiguration): Operation['answer'] =>
  (tenant, incoming, parameters) => {
    const connection = tenant.connections.get(parameters['id'] ?? '')
    return connection?.scim === undefined ? notFound : answer(tenant, incoming, connection.scim, connection, parameters)
  }

/** Inbound SCIM of a connection: whether it has it, and the tokens that provision with it. */
export const SCIM_CONFIGURATION_OPERATIONS: readonly Operation[] = [
  operation('POST', '', 'create:scim_config', ofConnection(create)),
  operation(
    'GET',
    '',
    'read:scim_config',
    ofConfiguration((tenant, _, scim, connection) => ({ status: 200, body: bodyOf(tenant, connection, scim) })),
  ),
  operation(
    'PATCH',
    '',
    'update:scim_config',
    ofConfiguration((tenant, incoming, scim, connection) => {
      const body = objectOf(incoming) ?? {}
      const wrong = wrongBody(body)
      if (wrong !== undefined) return wrong
      const missing = ['user_id_attribute', 'mapping'].find((name) => body[name] === undefined)
      if (missing !== undefined) return invalidBody(`Missing required property: ${missing}`)
      connection.scim = configured(connection, body, scim.tokens)
      return { status: 200, body: bodyOf(tenant, connection, connection.scim) }
    }),
  ),
  operation(
    'DELETE',
    '',
    'delete:scim_config',
    ofConfiguration((_, __, ___, connection) => {
      delete connection.scim
      return { status: 204 }
    }),
  ),
  operation(
    'GET',
    '/tokens',
    'read:scim_token',
    ofConfiguration((_, __, scim) => ({
      status: 200,
      body: [...scim.tokens].map(([id, token]) => tokenBody(id, token)),
    })),
  ),
  operation('POST', '/tokens', 'create:scim_token', ofConfiguration(createToken)),
  operation(
    'DELETE',
    '/tokens/{token}',
    'delete:scim_token',
    ofConfiguration((_, __, scim, ___, { token = '' }) => (scim.tokens.delete(token) ? { status: 204 } : notFound)),
  ),
]
