import { type Answer, type Operation, refusal } from '../answer.ts'
import { STRATEGIES } from '../strategies.ts'
import type { Connection, Tenant, User, UserIdentity } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { profileDataOf } from '../users/profile-data.ts'
import { type Body, invalidBody, objectOf, strangerIn } from './payload.ts'

const PROPERTIES = ['provider', 'connection_id', 'user_id', 'link_with']

const CONNECTION_ID = /^con_[A-Za-z0-9]{16}$/u

const identitiesOf = (user: User): unknown => userBody(user)['identities']

const wrongBody = (body: Body | undefined): Answer | undefined => {
  if (body === undefined || Object.keys(body).length === 0)
    return invalidBody('Too few properties defined (0), minimum 1')
  const stranger = strangerIn(body, PROPERTIES)
  if (stranger !== undefined) return invalidBody(`Additional properties not allowed: ${stranger}`)
  if (typeof body['provider'] !== 'string') return invalidBody('Missing required property: provider')
  if (!STRATEGIES.includes(body['provider'])) return invalidBody('No enum match on property provider')
  if (typeof body['user_id'] !== 'string' || body['user_id'] === '')
    return invalidBody('Missing required property: user_id')
  const connection = body['connection_id']
  return connection === undefined || (typeof connection === 'string' && CONNECTION_ID.test(connection))
    ? undefined
    : invalidBody('String does not match pattern ^con_[A-Za-z0-9]{16}$ on property connection_id')
}

const inexistent = refusal(400, 'Bad Request', 'The user does not exist.', 'inexistent_user')

const unsupported = (message: string): Answer => refusal(400, 'Bad Request', message, 'operation_not_supported')

const connectionOf = (tenant: Tenant, name: string | undefined): Connection | undefined =>
  [...tenant.connections.values()].find((connection) => connection.name === name)

const withProfileData = (user: User): readonly UserIdentity[] =>
  user.identities.map((identity, index) => (index === 0 ? { ...identity, profileData: profileDataOf(user) } : identity))

const link = (tenant: Tenant, body: Body, id: string): Answer => {
  const provider = String(body['provider'])
  const userId = String(body['user_id'])
  const primary = tenant.users.byId(id)
  const secondary = tenant.users.byIdentity(provider, userId)
  if (primary === undefined || secondary === undefined) return inexistent
  const named = secondary.identities.find((each) => each.provider === provider && each.userId === userId)
  const connection = connectionOf(tenant, named?.connection)
  if (body['connection_id'] !== undefined && connection?.id !== body['connection_id']) return inexistent
  const isOwn = secondary.identities[0]?.provider === provider && secondary.identities[0].userId === userId
  if (!isOwn) return refusal(409, 'Conflict', 'Specified identity already exists.')
  if (secondary.userId === primary.userId) return unsupported('A user cannot be linked with themselves.')
  if (secondary.externalId !== undefined && connection?.scim !== undefined)
    return unsupported('A user that SCIM has provisioned must be the primary account.')
  tenant.users.remove(secondary.userId)
  tenant.linked.set(secondary.userId, secondary)
  const linked: User = {
    ...primary,
    identities: [...primary.identities, ...withProfileData(secondary)],
    updatedAt: tenant.clock.now(),
  }
  tenant.users.put(linked)
  return { status: 201, body: identitiesOf(linked) }
}

/** The profile that an identity has once it is on its own: what it came with, without metadata. */
const released = (identity: UserIdentity, before: User | undefined, now: number): User => {
  const { profileData: _, ...own } = identity
  return {
    ...(before ?? { names: {}, blocked: false, createdAt: now, loginsCount: 0 }),
    userId: `${own.provider}|${own.userId}`,
    identities: [own],
    appMetadata: {},
    userMetadata: {},
    updatedAt: now,
  }
}

const unlink = (tenant: Tenant, id: string, provider: string, userId: string): Answer => {
  const primary = tenant.users.byId(id)
  const identity = primary?.identities.slice(1).find((each) => each.provider === provider && each.userId === userId)
  if (primary === undefined || identity === undefined) return refusal(400, 'Bad Request', 'The identity is not linked.')
  const key = `${provider}|${userId}`
  const now = tenant.clock.now()
  const left: User = {
    ...primary,
    identities: primary.identities.filter((each) => each !== identity),
    updatedAt: now,
  }
  tenant.users.put(left)
  tenant.users.put(released(identity, tenant.linked.get(key), now))
  tenant.linked.delete(key)
  return { status: 200, body: identitiesOf(left) }
}

/** Linking of profiles. */
export const IDENTITIES_OPERATIONS: readonly Operation[] = [
  {
    method: 'POST',
    path: '/users/{id}/identities',
    scopes: ['update:users'],
    limit: 'users write',
    answer: (tenant, incoming, { id = '' }) => {
      const body = objectOf(incoming)
      return wrongBody(body) ?? link(tenant, body ?? {}, id)
    },
  },
  {
    method: 'DELETE',
    path: '/users/{id}/identities/{provider}/{user_id}',
    scopes: ['update:users'],
    limit: 'users delete',
    answer: (tenant, _, { id = '', provider = '', user_id: userId = '' }) => unlink(tenant, id, provider, userId),
  },
]
