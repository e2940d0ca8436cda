import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { parseMapping } from '../../../../src/mapping/load-mapping.ts'
import { type AdminApi, openAdminApi } from '../../../../src/targets/keycloak/api/admin-api.ts'
import type { KeycloakConfig } from '../../../../src/targets/keycloak/config/keycloak-config.ts'
import { wirings } from '../../../../src/targets/keycloak/prepare/applications.ts'
import {
  type AppliedPrepare,
  applyPrepare,
  type PrepareRequest,
  type PrepareWish,
  showPrepare,
} from '../../../../src/targets/keycloak/prepare/prepare.ts'
import { attributesAskedFor } from '../../../../src/targets/keycloak/prepare/profile-attributes.ts'
import { applyUndo, showUndo, type UndoRequest } from '../../../../src/targets/keycloak/prepare/undo-prepare.ts'
import { admin } from '../../../support/keycloak/admin.ts'
import type { TestRealm } from '../../../support/keycloak/realm.ts'
import type { KeycloakAddress } from '../../../support/keycloak/server.ts'

/** A homeserver whose people the realm has had before. */
export const OTHER_SERVER = 'other.example.org'

/** Every role that a preparation can need. */
export const ALL_ROLES = [
  'manage-realm',
  'manage-users',
  'view-users',
  'manage-identity-providers',
  'manage-clients',
] as const

const MAPPING = "version: 1\nattributes:\n  matrix_user_id: '{mxid}'\n  displayname: '{displayname}'\n"

export const configOf = (
  { name, url, client }: Pick<TestRealm, 'name' | 'url' | 'client'>,
  change: Partial<KeycloakConfig> = {},
): KeycloakConfig => ({
  files: [],
  url,
  realm: name,
  client: { ...client, realm: name },
  providers: [],
  roles: [],
  groups: [],
  admins: { roles: [], groups: [] },
  requiredActions: [],
  attributes: { emails: 'emails', phones: 'phones' },
  ...change,
})

export interface Asked extends Partial<Pick<PrepareWish, 'realmMissing' | 'events'>> {
  readonly applications?: 'synapse' | 'mas'
  readonly usernames?: 'keep' | 'relax'
  readonly synapse?: PrepareWish['providers']['synapse']
}

export const requestOf = (config: KeycloakConfig, asked: Asked = {}): PrepareRequest => {
  const { url, realm, providers } = config
  const issuer = `${url}/realms/${realm}`
  const mapping = parseMapping(MAPPING, 'rules.yaml')
  return {
    config,
    openApi: () => openAdminApi(config),
    signal: new AbortController().signal,
    wish: {
      issuer,
      realm,
      realmMissing: asked.realmMissing ?? 'tell',
      events: asked.events ?? 'keep',
      profile: {
        attributes: attributesAskedFor({ mapping: Object.keys(mapping.attributes ?? {}), ...config.attributes }),
        usernames: asked.usernames ?? 'keep',
      },
      providers: { issuer, providers, ...(asked.synapse === undefined ? {} : { synapse: asked.synapse }) },
      wirings: wirings({
        issuer,
        mapping,
        ...(asked.applications === 'synapse' ? { synapse: 'https://matrix.example.org/' } : {}),
        ...(asked.applications === 'mas' ? { mas: 'https://auth.example.org/' } : {}),
      }),
    },
  }
}

/** A folder for runs, not made yet. */
export const newRuns = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'prepare-')), 'runs')

/** Shows and does, as an administrator who agrees. */
export const prepare = async (request: PrepareRequest, runs: string): Promise<AppliedPrepare> =>
  applyPrepare(await showPrepare(request), { ...request, runs, note: () => {} })

/** What a second look finds to do. */
export const leftToDo = async (request: PrepareRequest): Promise<readonly string[]> =>
  (await showPrepare(request)).plan.steps.map(({ id }) => id)

/** Takes back what a file says was done. */
export const takeBack = (config: KeycloakConfig, file: string | undefined, runs: string): Promise<AppliedPrepare> =>
  asClient(config, runs, async (request) => applyUndo(await showUndo(file ?? '', request), request))

export const asClient = async <Result>(
  config: KeycloakConfig,
  runs: string,
  work: (request: UndoRequest) => Promise<Result>,
): Promise<Result> => {
  const api: AdminApi = openAdminApi(config)
  try {
    return await work({ config, api, runs, signal: new AbortController().signal })
  } finally {
    await api.close()
  }
}

/** Keycloak answers lists of names now in this order, now in that. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const list = value.map(sorted)
    return list.every((one) => typeof one === 'string') ? list.toSorted() : list
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sorted(one)]))
}

/**
 * The whole of what a preparation may touch, as its administrator sees it. Of a profile that was ever changed Keycloak keeps a copy
 * among the components, though it is as it was: they are left out. Realm and profile are compared letter by letter.
 */
export const everything = async (realm: TestRealm): Promise<Readonly<Record<string, unknown>>> => {
  const lists = ['clients', 'identity-provider/instances', 'client-scopes']
  const read = await Promise.all(
    lists.map(async (path) => [path, sorted(await realm.admin.get(path, z.unknown()))] as const),
  )
  const [itself, profile] = [
    await realm.admin.get('', z.unknown()),
    await realm.admin.get('users/profile', z.unknown()),
  ]
  return { realm: JSON.stringify(itself), profile: JSON.stringify(profile), ...Object.fromEntries(read) }
}

export const outcomesOf = ({ document }: AppliedPrepare): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(document.steps.map(({ id, outcome }) => [id, outcome]))

/** Somebody of another homeserver who is known by name alone, with a password in plain text for the test's sake. */
export const importByName = async (realm: TestRealm, username: string, password: string): Promise<string> => {
  const id = `${randomBytes(4).toString('hex')}-1111-5111-8111-111111111111`
  await realm.admin.post('partialImport', {
    ifResourceExists: 'FAIL',
    users: [
      {
        id,
        username,
        enabled: true,
        attributes: { syn2op_server: [OTHER_SERVER] },
        credentials: [{ type: 'password', value: password }],
      },
    ],
  })
  return id
}

/** A client of the realm master that may create realms, and has every right over those. */
export const masterClient = async (
  server: KeycloakAddress,
): Promise<{ readonly id: string; readonly secret: string; remove(): Promise<void> }> => {
  const [clientId, secret] = [`maker-${randomBytes(6).toString('hex')}`, randomBytes(16).toString('hex')]
  const master = admin(server, 'realms/master')
  const { location = '' } = await master.post('clients', {
    clientId,
    secret,
    serviceAccountsEnabled: true,
    standardFlowEnabled: false,
    publicClient: false,
  })
  const id = location.slice(location.lastIndexOf('/') + 1)
  const user = await master.get(`clients/${id}/service-account-user`, z.object({ id: z.string() }))
  const role = await master.get('roles/create-realm', z.unknown())
  await master.post(`users/${user.id}/role-mappings/realm`, [role])
  return { id: clientId, secret, remove: async () => void (await master.delete(`clients/${id}`)) }
}
