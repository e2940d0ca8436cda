import type { z } from 'zod'
import { MARKS } from '../accounts/user-rules.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { adminPath } from '../api/admin-path.ts'
import { unexpectedAnswer } from '../api/unexpected-answer.ts'
import { attributeQuery, countUsers } from '../api/users-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { leftCanaryClients } from '../login/canary-client.ts'
import { type Asking, askAsAllowed } from './ask-as-allowed.ts'
import { leadsToMatrix } from './clients.ts'
import { readLoginFlow } from './read-login-flow.ts'
import { readStatistics } from './read-statistics.ts'
import {
  CLIENTS,
  IDENTITY_PROVIDER,
  type IdentityProvider,
  type KeycloakSeen,
  type NeededRole,
  REALM_SETTINGS,
  REQUIRED_ACTIONS,
  SERVER_INFO,
  type ServerInfo,
  STORAGE_PROVIDERS,
  USER_PROFILE,
} from './seen.ts'

export interface ReadRealm {
  readonly api: AdminApi
  readonly config: KeycloakConfig
  readonly serverName: string
  readonly signal: AbortSignal
}

/**
 * Reads what a check judges. Changes nothing: whether the client may import and write is asked by an import of nobody and
 * by a user without a name, whom Keycloak refuses.
 * @throws Syn2opError target.not-allowed where the client may do nothing at all; server.unreachable; config.invalid for a realm
 * that is not there; database.* where keycloak.yaml names a database that cannot be asked
 */
export const readRealm = async (request: ReadRealm): Promise<KeycloakSeen> => {
  const { config, signal } = request
  const asking = askAsAllowed(request.api)
  const ofNobody = { ifResourceExists: 'FAIL', users: [] }
  const mayImport = await asking.may({ method: 'POST', path: 'partialImport', body: ofNobody, signal })
  const settings = await reader(request, asking)('', REALM_SETTINGS)
  const mayWrite = await asking.may({ method: 'POST', path: 'users', body: {}, signal })
  if (!mayImport && !mayWrite && settings === undefined) asking.giveUp()
  const read = reader(request, asking)
  const [servers, profile, requiredActions, storage, identityProviders] = await Promise.all([
    serversOf(request, asking),
    read('users/profile', USER_PROFILE),
    read('authentication/required-actions', REQUIRED_ACTIONS),
    read('components', STORAGE_PROVIDERS, { type: 'org.keycloak.storage.UserStorageProvider' }),
    providersOf(request, asking),
  ])
  const [missingRealmRoles, missingGroups, users, canaryClients, statistics, clients, login] = await Promise.all([
    mayImport ? missing(request, rolesOf(config), (name) => adminPath`roles/${name}`) : [],
    mayWrite ? missing(request, groupsOf(config), groupPath) : [],
    mayWrite ? headcount(request) : undefined,
    asking.ask(() => leftCanaryClients(request.api, signal)),
    config.database === undefined ? undefined : readStatistics(config.database, signal),
    read('clients', CLIENTS),
    settings === undefined ? undefined : asking.ask(() => readLoginFlow(request.api, settings.browserFlow, signal)),
  ])
  const missingRoles: readonly (readonly [NeededRole, boolean])[] = [
    ['manage-realm', !mayImport],
    ['manage-users', !mayWrite],
    ['view-identity-providers', config.providers.length > 0 && identityProviders === undefined],
  ]
  return {
    servers,
    missingRoles: missingRoles.filter(([, isMissing]) => isMissing).map(([role]) => role),
    ...(settings === undefined ? {} : { settings }),
    ...(profile === undefined ? {} : { profile }),
    ...(identityProviders === undefined ? {} : { identityProviders }),
    missingRealmRoles,
    missingGroups,
    ...(requiredActions === undefined ? {} : { requiredActions }),
    federations: (storage ?? []).filter(({ config: { enabled } }) => enabled?.[0] !== 'false').map(({ name }) => name),
    ...(users === undefined ? {} : { users }),
    canaryClients: (canaryClients ?? []).map(({ clientId }) => clientId),
    ...(statistics === undefined ? {} : { statistics }),
    ...(clients === undefined ? {} : { clients: clients.filter(leadsToMatrix) }),
    ...(login === undefined ? {} : { login }),
  }
}

/** Nodes of a cluster that are asked for, each on a connection of its own: of three, six questions miss one in eleven times. */
const QUESTIONS = 6

/** What the nodes tell, each once; none where the client may not ask. */
const serversOf = async (request: ReadRealm, asking: Asking): Promise<readonly ServerInfo[]> => {
  const answers = await Promise.all(
    Array.from({ length: QUESTIONS }, () => reader(request, asking)('//admin/serverinfo', SERVER_INFO, {}, 'alone')),
  )
  const nodes = answers.flatMap((answer) => (answer === undefined ? [] : [[JSON.stringify(answer), answer] as const]))
  return [...new Map(nodes).values()]
}

/** Reads one thing; undefined where the client may not, or is shown less than it asked for. */
const reader =
  ({ api, signal }: ReadRealm, { ask }: Asking) =>
  async <Shape extends z.ZodType>(
    path: string,
    shape: Shape,
    query: Readonly<Record<string, string>> = {},
    connection?: 'alone',
  ): Promise<z.output<Shape> | undefined> => {
    const answer = await ask(() => api.send({ method: 'GET', path, query, signal, ...(connection && { alone: true }) }))
    if (answer === undefined) return undefined
    if (answer.status !== 200) throw unexpectedAnswer('GET', path, answer)
    return shape.safeParse(answer.body).data
  }

const rolesOf = ({ roles, admins }: KeycloakConfig): readonly string[] => [...new Set([...roles, ...admins.roles])]

const groupsOf = ({ groups, admins }: KeycloakConfig): readonly string[] => [...new Set([...groups, ...admins.groups])]

const groupPath = (path: string): string =>
  ['group-by-path', ...path.split('/').filter((name) => name !== '')].map((segment) => adminPath`${segment}`).join('/')

/** Which of these names Keycloak does not know. */
const missing = async (
  { api, signal }: ReadRealm,
  names: readonly string[],
  pathOf: (name: string) => string,
): Promise<readonly string[]> => {
  const unknown: string[] = []
  for (const name of names) {
    const path = pathOf(name)
    const answer = await api.send({ method: 'GET', path, signal })
    if (answer.status === 404) unknown.push(name)
    else if (answer.status !== 200) throw unexpectedAnswer('GET', path, answer)
  }
  return unknown
}

/** Those that keycloak.yaml names and the realm has; undefined where the client may not see any. */
const providersOf = async (
  { api, config, signal }: ReadRealm,
  { ask }: Asking,
): Promise<readonly IdentityProvider[] | undefined> => {
  const found: IdentityProvider[] = []
  for (const alias of new Set(config.providers.map(({ id }) => id))) {
    const path = adminPath`identity-provider/instances/${alias}`
    const answer = await ask(() => api.send({ method: 'GET', path, signal }))
    if (answer === undefined) return undefined
    if (answer.status === 404) continue
    const provider = answer.status === 200 ? IDENTITY_PROVIDER.safeParse(answer.body).data : undefined
    if (provider === undefined) throw unexpectedAnswer('GET', path, answer)
    found.push(provider)
  }
  return found
}

const headcount = async ({ api, serverName, signal }: ReadRealm): Promise<KeycloakSeen['users']> => ({
  all: await countUsers(api, {}, signal),
  ours: await countUsers(api, { q: attributeQuery(MARKS.server, serverName) }, signal),
})
