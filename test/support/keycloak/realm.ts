import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type AdminApi, type Answer, admin, readAnswer } from './admin.ts'
import type { KeycloakAddress } from './server.ts'

/** A realm that one test file has for itself. */
export interface TestRealm {
  readonly name: string
  /** The server's URL, without a slash at its end. */
  readonly url: string
  /** The client that syn2op signs in with; its service account has the roles asked for. */
  readonly client: { readonly id: string; readonly secret: string }
  /** The Admin API below this realm, as the administrator of everything. */
  readonly admin: AdminApi
  remove(): Promise<void>
}

export interface TestIdentityProvider {
  readonly alias: string
  readonly issuer: string
  readonly clientId: string
}

export interface RealmOptions {
  /** Roles of the client realm-management for syn2op's service account. */
  readonly roles?: readonly string[]
  /** `relaxed`: nobody needs an e-mail address, a first or a last name. Default: as Keycloak makes it. */
  readonly profile?: 'relaxed' | 'as-made'
  /** Aliases of OpenID providers to sign in with; they lead nowhere. */
  readonly identityProviders?: readonly (string | TestIdentityProvider)[]
  /** Realm roles that everybody gets, beside those that Keycloak gives. */
  readonly defaultRoles?: readonly string[]
}

/** What a service account needs to load, to verify and to roll back. */
const ROLES = ['manage-realm', 'manage-users', 'view-identity-providers'] as const

/** The client that people of a realm sign in with by password alone. */
const LOGINS = 'tests-login'

const madeUp = (alias: string): TestIdentityProvider => ({
  alias,
  issuer: `https://${alias}.example.org`,
  clientId: 'keycloak',
})

const identityProvider = (given: string | TestIdentityProvider): object => {
  const { alias, issuer, clientId } = typeof given === 'string' ? madeUp(given) : given
  return {
    alias,
    providerId: 'oidc',
    enabled: true,
    config: {
      issuer,
      authorizationUrl: `${issuer}/authorize`,
      tokenUrl: `${issuer}/token`,
      clientId,
      clientSecret: 'made-up',
    },
  }
}

const representation = (name: string, secret: string, options: RealmOptions): object => ({
  realm: name,
  enabled: true,
  clients: [
    { clientId: 'syn2op', secret, serviceAccountsEnabled: true, standardFlowEnabled: false, publicClient: false },
    { clientId: LOGINS, publicClient: true, directAccessGrantsEnabled: true, standardFlowEnabled: false },
  ],
  users: [
    {
      username: 'service-account-syn2op',
      enabled: true,
      serviceAccountClientId: 'syn2op',
      clientRoles: { 'realm-management': options.roles ?? ROLES },
    },
  ],
  identityProviders: (options.identityProviders ?? []).map(identityProvider),
})

const PROFILE = z.looseObject({ attributes: z.array(z.record(z.string(), z.unknown())) })

const relaxProfile = async (api: AdminApi): Promise<void> => {
  const profile = await api.get('users/profile', PROFILE)
  await api.put('users/profile', {
    ...profile,
    attributes: profile.attributes.map((attribute) => ({ ...attribute, required: undefined })),
  })
}

const addDefaultRoles = async (api: AdminApi, names: readonly string[]): Promise<void> => {
  const { defaultRole } = await api.get('', z.object({ defaultRole: z.object({ id: z.string() }) }))
  const roles: unknown[] = []
  for (const name of names) {
    await api.post('roles', { name })
    roles.push(await api.get(`roles/${encodeURIComponent(name)}`, z.unknown()))
  }
  await api.post(`roles-by-id/${defaultRole.id}/composites`, roles)
}

/** Makes a realm with a name that no other has. Remove it in `afterAll`. */
export const newRealm = async (server: KeycloakAddress, options: RealmOptions = {}): Promise<TestRealm> => {
  const name = `realm-${randomBytes(6).toString('hex')}`
  const secret = randomBytes(16).toString('hex')
  await admin(server).post('realms', representation(name, secret, options))
  const api = admin(server, `realms/${name}`)
  if (options.profile === 'relaxed') await relaxProfile(api)
  if (options.defaultRoles !== undefined) await addDefaultRoles(api, options.defaultRoles)
  return {
    name,
    url: server.url,
    client: { id: 'syn2op', secret },
    admin: api,
    remove: async () => void (await api.delete('')),
  }
}

/** Signs somebody in as an app would that asks for the password itself: 200 with tokens, or a refusal that says why. */
export const directGrant = async (realm: TestRealm, username: string, password: string): Promise<Answer> =>
  readAnswer(
    await fetch(`${realm.url}/realms/${realm.name}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'password', client_id: LOGINS, username, password }),
    }),
  )
