import { type Effects, runAction } from './actions/run-action.ts'
import { boundActions } from './operations/action-bindings.ts'
import type { Connection, Tenant, TenantLogEntry, User } from './tenant.ts'
import { userBody } from './user-body.ts'

/** How a login ended: `userId` is whom the tokens are for. */
export type Login =
  | { readonly kind: 'in'; readonly userId: string }
  | { readonly kind: 'denied'; readonly reason: string }

/** Who logs in, and how. */
export interface Arrival {
  readonly connection: Connection
  /** `pwd` or `federated`. */
  readonly method: string
  /** `oauth2-refresh-token`: an application renews its tokens, and nobody is there. */
  readonly protocol: string
  /** Of the application; absent: of the first that there is. */
  readonly clientId?: string
}

export const logEntry = (tenant: Tenant, entry: Omit<TenantLogEntry, 'at'>): void => {
  tenant.log.push({ at: tenant.clock.now(), ...entry })
}

/** A login is counted when it begins, also of those who are blocked. */
const counted = (tenant: Tenant, user: User): User => {
  const now = tenant.clock.now()
  const after = { ...user, loginsCount: user.loginsCount + 1, lastLogin: now, updatedAt: now }
  tenant.users.put(after)
  return after
}

/** Of an application that renews its tokens. */
export const REFRESH = 'oauth2-refresh-token'

const eventOf = (tenant: Tenant, user: User, { connection, method, protocol, clientId }: Arrival): object => {
  const client = clientId === undefined ? [...tenant.clients.values()][0] : tenant.clients.get(clientId)
  const { host } = new URL(tenant.url)
  return {
    authentication: { methods: [{ name: method, timestamp: new Date(tenant.clock.now()).toISOString() }] },
    client: { client_id: client?.id, name: client?.name, metadata: {} },
    connection: { id: connection.id, name: connection.name, strategy: connection.strategy, metadata: {} },
    request: { body: {}, geoip: {}, hostname: host, ip: '127.0.0.1', method: 'POST', query: {} },
    stats: { logins_count: user.loginsCount },
    tenant: { id: host },
    transaction: { protocol, acr_values: [], requested_scopes: [], ui_locales: [], locale: 'en' },
    user: { app_metadata: {}, user_metadata: {}, ...userBody(user) },
  }
}

/** What the code of an Action throws is no Error of this realm. */
const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)

/** Types of the log's entries. */
const TYPES = {
  login: { done: 's', failed: 'f' },
  refresh: { done: 'sertft', failed: 'fertft' },
} as const

/** Whom the tokens are for after Actions may have linked; undefined: the one they named does not have this identity. */
const subjectOf = (tenant: Tenant, user: User, { primary }: Effects): User | undefined => {
  if (primary === undefined || primary === user.userId) return tenant.users.byId(user.userId)
  const [identity] = user.identities
  const found = tenant.users.byId(primary)
  return found?.identities.some(
    ({ provider, userId }) => provider === identity?.provider && userId === identity.userId,
  ) === true
    ? found
    : undefined
}

/** Runs the Actions of a login that has shown who it is of, and says whose it is in the end. */
export const finishLogin = async (tenant: Tenant, arrived: User, arrival: Arrival): Promise<Login> => {
  const isRefresh = arrival.protocol === REFRESH
  const types = TYPES[isRefresh ? 'refresh' : 'login']
  const user = isRefresh ? arrived : counted(tenant, arrived)
  const denied = (reason: string): Login => {
    logEntry(tenant, { type: types.failed, userId: user.userId, description: reason })
    return { kind: 'denied', reason }
  }
  if (user.blocked) return denied('user is blocked')
  const effects: Effects = { appMetadata: {}, userMetadata: {} }
  const event = eventOf(tenant, user, arrival)
  for (const { deployed } of boundActions(tenant, 'post-login')) {
    if (deployed === undefined || effects.denied !== undefined) continue
    try {
      await runAction(deployed, event, effects, tenant)
    } catch (error) {
      return denied(messageOf(error))
    }
  }
  const subject = subjectOf(tenant, user, effects)
  if (
    subject !== undefined &&
    (Object.keys(effects.appMetadata).length > 0 || Object.keys(effects.userMetadata).length > 0)
  )
    tenant.users.put({
      ...subject,
      appMetadata: { ...subject.appMetadata, ...effects.appMetadata },
      userMetadata: { ...subject.userMetadata, ...effects.userMetadata },
    })
  if (effects.denied !== undefined) return denied(effects.denied)
  if (subject === undefined) return denied('The user who logged in is not linked with the primary user.')
  if (subject.userId !== user.userId && !isRefresh) counted(tenant, tenant.users.byId(subject.userId) ?? subject)
  logEntry(tenant, { type: types.done, userId: subject.userId })
  return { kind: 'in', userId: subject.userId }
}
