import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Person } from '../../../../src/accounts/account.ts'
import type { Finding } from '../../../../src/findings/finding.ts'
import { openAdminApi } from '../../../../src/targets/keycloak/api/admin-api.ts'
import { checkKeycloak } from '../../../../src/targets/keycloak/check/check-keycloak.ts'
import { readStatistics } from '../../../../src/targets/keycloak/check/read-statistics.ts'
import type { KeycloakConfig } from '../../../../src/targets/keycloak/config/keycloak-config.ts'
import type { TargetCheck } from '../../../../src/targets/target.ts'
import { configOf } from '../../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { declareAttributes } from '../../../support/keycloak/profile.ts'
import { directGrant, newRealm, type RealmOptions, type TestRealm } from '../../../support/keycloak/realm.ts'
import type { KeycloakAddress } from '../../../support/keycloak/server.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../../support/postgres.ts'
import { soundHomeserver } from '../../../support/sound-mas.ts'
import { openBalancer } from './balancer.ts'

const missing = await whyNoKeycloak()
const VIEWS_ALL = ['view-realm', 'view-users', 'view-identity-providers']
const VIEWS = ['view-identity-providers', 'view-clients']
const { signal } = new AbortController()

const person = (localpart: string, changes: Partial<Person> = {}): Person => ({
  mxid: `@${localpart}:example.org`,
  localpart,
  isDeactivated: false,
  threepids: [],
  ...changes,
})

async function* nobody(): AsyncGenerator<Person> {}

/** Who migrates: one has an address, one a phone. */
const PEOPLE: readonly Person[] = [
  person('ann', {
    primaryEmail: 'Bob@example.com',
    threepids: [{ medium: 'email', address: 'Bob@example.com', addedAt: 0 }],
  }),
  person('al', { threepids: [{ medium: 'msisdn', address: '447700900000', addedAt: 0 }] }),
  ...['a/b', 'x=y', 'Αννα', 'Jürgen', 'bob@example.com'].map((localpart) => person(localpart)),
]

async function* everybody(): AsyncGenerator<Person> {
  yield* PEOPLE
}

describe.skipIf(missing !== undefined)(`check of a Keycloak${missing === undefined ? '' : ` (${missing})`}`, () => {
  const realms: TestRealm[] = []
  let server: KeycloakAddress

  const fresh = async (options: RealmOptions = {}): Promise<TestRealm> => {
    const realm = await newRealm(server, { profile: 'relaxed', ...options })
    realms.push(realm)
    return realm
  }

  /** As `syn2op keycloak prepare` leaves it, and with nothing else to find. */
  const prepared = async (options: RealmOptions = {}): Promise<TestRealm> => {
    const realm = await fresh(options)
    await declareAttributes(realm)
    await realm.admin.put('', { bruteForceProtected: true })
    return realm
  }

  let sound: Promise<TestRealm> | undefined
  /** One for the tests that leave it as good as they found it: to make a realm takes seconds. */
  const soundRealm = (): Promise<TestRealm> => {
    sound ??= prepared({ identityProviders: ['google', 'github'], roles: ['manage-realm', 'manage-users', ...VIEWS] })
    return sound
  }

  interface Given {
    readonly config?: Partial<KeycloakConfig>
    readonly check?: Partial<TargetCheck>
    readonly pepper?: string
  }

  const found = async (realm: TestRealm, { config, check, pepper }: Given = {}): Promise<readonly Finding[]> => {
    const api = openAdminApi(configOf(realm, config))
    try {
      return await checkKeycloak({
        api,
        config: configOf(realm, config),
        pepper: pepper ?? server.pepper,
        conflicts: { email: 'hold_back' },
        check: {
          homeserver: soundHomeserver,
          providersInUse: [],
          passwords: 4,
          road: 'load',
          people: nobody,
          ...check,
        },
        signal,
      })
    } finally {
      await api.close()
    }
  }

  const codes = async (realm: TestRealm, given: Given = {}): Promise<readonly string[]> =>
    (await found(realm, given)).map(({ code }) => code)

  beforeAll(async () => {
    server = await sharedKeycloak()
  })
  afterAll(async () => {
    for (const realm of realms) await realm.remove()
  })

  it('finds nothing but the service account in a realm that was prepared', async () => {
    expect(await codes(await soundRealm())).toEqual([])
  })

  it('finds in a fresh realm what prepare has to do', async () => {
    const findings = await found(await fresh({ profile: 'as-made' }), { check: { people: everybody } })
    expect(findings.map(({ code }) => code)).toEqual([
      'KEYCLOAK_PROFILE_REQUIRES',
      'KEYCLOAK_ATTRIBUTES_UNDECLARED',
      'KEYCLOAK_BRUTE_FORCE_OFF',
      'KEYCLOAK_USERNAME_IS_EMAIL',
    ])
    expect(findings[0]).toMatchObject({ count: 7, samples: ['email', 'firstName', 'lastName'] })
    expect(findings[0]?.message).toContain('email (6 accounts that migrate lack it)')
    expect(findings[1]?.samples).toEqual(['syn2op_server', 'syn2op_run', 'syn2op_written', 'emails', 'phones'])
    expect(findings[3]).toMatchObject({ count: 1, samples: ['@bob@example.com:example.org'] })
  })

  it('foresees whom Keycloak stops at the next login by what they have, and whom it lets in', async () => {
    const realm = await soundRealm()
    const { body } = await realm.admin.send('GET', 'users/profile')
    const profile: Profile = Object(body)
    const withPhones = (edit: readonly string[]): Promise<unknown> =>
      realm.admin.put('users/profile', {
        ...profile,
        attributes: profile.attributes.map((one) =>
          one.name === 'phones'
            ? { ...one, permissions: { view: ['admin', 'user'], edit }, validations: { length: { max: '5' } } }
            : one,
        ),
      })
    const phones = { phones: ['+447700900000'] }
    const credentials = [{ type: 'password', value: 'correct horse' }]
    const users = [{ username: 'al', enabled: true, attributes: phones, credentials }]
    await realm.admin.post('partialImport', { ifResourceExists: 'FAIL', users })
    try {
      await withPhones(['admin', 'user'])
      expect(await found(realm, { check: { people: everybody } })).toContainEqual(
        expect.objectContaining({ code: 'KEYCLOAK_VALUES_REFUSED', samples: ['@al:example.org'] }),
      )
      expect((await directGrant(realm, 'al', 'correct horse')).status).toBe(400)
      await withPhones(['admin'])
      expect(await codes(realm, { check: { people: everybody } })).not.toContain('KEYCLOAK_VALUES_REFUSED')
      expect((await directGrant(realm, 'al', 'correct horse')).status).toBe(200)
    } finally {
      await realm.admin.put('users/profile', profile)
      const [user] = await realm.admin.get('users?username=al&exact=true', FOUND)
      await realm.admin.delete(`users/${user.id}`)
    }
  })

  it('proves the pepper: another one, none, and none at Synapse', async () => {
    const realm = await soundRealm()
    expect(await codes(realm, { pepper: 'another' })).toEqual(['KEYCLOAK_PEPPER'])
    expect(await codes(realm, { pepper: '' })).toEqual(['KEYCLOAK_PEPPER'])
    expect(await codes(realm, { pepper: 'another', check: { passwords: 0 } })).toEqual([])
  })

  it.each([
    [['manage-realm'], ['manage-users', 'view-identity-providers']],
    [['manage-users'], ['manage-realm', 'view-identity-providers']],
    [VIEWS_ALL, ['manage-realm', 'manage-users']],
  ])('says which roles a client with %j lacks', async (roles, lacking) => {
    const realm = await soundRealm()
    const giveBack = await withRoles(realm, roles)
    try {
      const findings = await found(realm, { config: { providers: [{ id: 'google', authProvider: 'oidc-google' }] } })
      expect(findings.find(({ code }) => code === 'KEYCLOAK_ROLES_MISSING')?.samples).toEqual(lacking)
      expect(findings.map(({ code }) => code)).not.toContain('KEYCLOAK_VERSION_UNKNOWN')
    } finally {
      await giveBack()
    }
  })

  it('gives up with the reason where the client may do nothing at all', async () => {
    const realm = await soundRealm()
    const giveBack = await withRoles(realm, [])
    try {
      await expect(found(realm)).rejects.toMatchObject({ code: 'target.not-allowed' })
    } finally {
      await giveBack()
    }
  })

  it('leaves nobody behind by asking what the client may do', async () => {
    const realm = await soundRealm()
    await found(realm)
    expect(await realm.admin.send('GET', 'users/count')).toMatchObject({ body: 0 })
  })

  it('asks several nodes, where a balancer leads to them, and says of how many a finding is true', async () => {
    const realm = await soundRealm()
    const balancer = await openBalancer(server.url)
    try {
      expect(await found(realm, { config: { url: balancer.url } })).toMatchObject([
        { code: 'KEYCLOAK_NODES', count: 2 },
        { code: 'KEYCLOAK_PROVIDER_MISSING', message: expect.stringMatching(/So on 1 of the 2 nodes/) },
      ])
    } finally {
      balancer.close()
    }
  })

  it.skipIf(process.env['SYN2OP_TEST_KEYCLOAK_URL'] !== undefined)(
    'asks the database of Keycloak, where keycloak.yaml names it, what its planner takes the users for',
    async () => {
      const statistics = await readStatistics(testPostgres().settings(server.database ?? ''), signal)
      if (statistics === 'no users') throw new Error('it is the database of another server')
      expect(statistics.rows).toBeGreaterThan(0)
      expect(statistics.estimate).toBeGreaterThanOrEqual(0)
      expect(await readStatistics(testPostgres().settings('postgres'), signal)).toBe('no users')
    },
  )

  it('finds identity providers that are missing, disabled or hidden', async () => {
    const realm = await soundRealm()
    const providers = ['google', 'github', 'gitlab'].map((id) => ({ id, authProvider: `oidc-${id}` }))
    const providersInUse = [...providers, { authProvider: 'saml' }].map(({ authProvider }) => ({
      authProvider,
      count: 2,
    }))
    const change = async (alias: string, changes: object): Promise<void> => {
      const { body } = await realm.admin.send('GET', `identity-provider/instances/${alias}`)
      await realm.admin.put(`identity-provider/instances/${alias}`, { ...Object(body), ...changes })
    }
    await change('google', { enabled: false })
    await change('github', { hideOnLogin: true })
    expect(await codes(realm, { config: { providers }, check: { providersInUse } })).toEqual([
      'KEYCLOAK_PROVIDER_NOT_NAMED',
      'KEYCLOAK_PROVIDER_OFF',
      'KEYCLOAK_PROVIDER_HIDDEN',
      'KEYCLOAK_PROVIDER_UNKNOWN',
    ])
  })

  it('finds an alias that stands for another provider than that of Synapse, and one of another client', async () => {
    const realm = await soundRealm()
    const providers = ['google', 'github'].map((id) => ({ id, authProvider: `oidc-${id}` }))
    const ofSynapse = { kind: 'oidc', path: 'oidc_providers[0]' } as const
    const homeserver = {
      ...soundHomeserver,
      providers: [
        { ...ofSynapse, authProvider: 'oidc-google', issuer: 'https://accounts.google.com/' },
        { ...ofSynapse, authProvider: 'oidc-github', issuer: 'https://github.example.org', clientId: 'synapse' },
      ],
    }
    const providersInUse = providers.map(({ authProvider }) => ({ authProvider, count: 2 }))
    const said = await codes(realm, { config: { providers }, check: { homeserver, providersInUse } })
    expect(said).toContain('KEYCLOAK_PROVIDER_ELSEWHERE')
    expect(said).toContain('KEYCLOAK_PROVIDER_OTHER_CLIENT')
  })

  it('finds a login page without passwords, what newcomers have to do, and clients that let nobody in', async () => {
    const realm = await soundRealm()
    await realm.admin.post('authentication/flows/browser/copy', { newName: 'our own' })
    const flow = z.array(z.looseObject({ id: z.string(), providerId: z.string().optional() }))
    const steps = await realm.admin.get('authentication/flows/our%20own/executions', flow)
    const [form, redirector] = ['auth-username-password-form', 'identity-provider-redirector'].map((wanted) =>
      steps.find(({ providerId }) => providerId === wanted),
    )
    await realm.admin.put('authentication/flows/our%20own/executions', { ...form, requirement: 'DISABLED' })
    const config = { alias: 'to google', config: { defaultProvider: 'google' } }
    await realm.admin.post(`authentication/executions/${redirector?.id}/config`, config)
    const action = 'authentication/required-actions/CONFIGURE_TOTP'
    const totp = await realm.admin.get(action, z.looseObject({}))
    const client = {
      clientId: 'synapse',
      redirectUris: ['https://matrix.example.org/_synapse/client/oidc/callback'],
      standardFlowEnabled: false,
      protocolMappers: [
        { name: 'pairwise', protocol: 'openid-connect', protocolMapper: 'oidc-sha256-pairwise-sub-mapper' },
      ],
    }
    const { location = '' } = await realm.admin.post('clients', client)
    await realm.admin.put('', { browserFlow: 'our own', registrationEmailAsUsername: true })
    await realm.admin.put(action, { ...totp, defaultAction: true })
    try {
      expect(await codes(realm)).toEqual([
        'KEYCLOAK_EMAIL_AS_USERNAME',
        'KEYCLOAK_LOGIN_FLOW',
        'KEYCLOAK_NO_PASSWORD_FORM',
        'KEYCLOAK_LOGIN_REDIRECTS',
        'KEYCLOAK_ACTIONS_MISSED',
        'KEYCLOAK_CLIENT_PAIRWISE',
        'KEYCLOAK_CLIENT_OFF',
      ])
    } finally {
      await realm.admin.put('', { browserFlow: 'browser', registrationEmailAsUsername: false })
      await realm.admin.put(action, totp)
      await realm.admin.delete(`clients/${location.split('/').at(-1)}`)
    }
  })

  it('finds roles, groups and required actions that are named and not there', async () => {
    const realm = await soundRealm()
    await realm.admin.post('roles', { name: 'member/x' })
    const { location = '' } = await realm.admin.post('groups', { name: 'staff' })
    await realm.admin.post(`groups/${location.split('/').at(-1)}/children`, { name: 'on matrix' })
    const config = {
      roles: ['member/x'],
      groups: ['/staff/on matrix'],
      admins: { roles: ['admins'], groups: ['/staff/admins'] },
      requiredActions: ['UPDATE_PASSWORD', 'terms'],
    }
    expect(await found(realm, { config })).toMatchObject([
      { code: 'KEYCLOAK_ROLE_UNKNOWN', samples: ['admins', '/staff/admins'] },
      { code: 'KEYCLOAK_ACTIONS_UNKNOWN', samples: ['terms'] },
    ])
  })

  it('finds usernames that the realm refuses once they can be edited, and addresses as usernames', async () => {
    const realm = await soundRealm()
    await realm.admin.put('', { editUsernameAllowed: true })
    const findings = await found(realm, { check: { people: everybody } })
    await realm.admin.put('', { editUsernameAllowed: false })
    expect(findings.map(({ code }) => code)).toEqual(['KEYCLOAK_USERNAMES_REFUSED', 'KEYCLOAK_USERNAME_IS_EMAIL'])
    // al, a/b, x=y and Αννα: Jürgen is Latin, and an @ is none of the signs that are refused.
    expect(findings[0]).toMatchObject({ count: 4 })
    expect(findings[1]).toMatchObject({ count: 1, samples: ['@bob@example.com:example.org'] })
  })

  it('finds settings that are in the way', async () => {
    const realm = await soundRealm()
    await realm.admin.put('', {
      registrationAllowed: true,
      loginWithEmailAllowed: false,
      duplicateEmailsAllowed: true,
      permanentLockout: true,
      adminEventsEnabled: true,
      accessTokenLifespan: 5,
      passwordPolicy: 'length(8) and forceExpiredPasswordChange(90) and hashAlgorithm(synapse-bcrypt)',
    })
    await realm.admin.post('components', {
      name: 'corporate',
      providerId: 'ldap',
      providerType: 'org.keycloak.storage.UserStorageProvider',
      config: {
        enabled: ['true'],
        editMode: ['READ_ONLY'],
        vendor: ['other'],
        connectionUrl: ['ldap://127.0.0.1:1'],
        usersDn: ['ou=people'],
        usernameLDAPAttribute: ['uid'],
        rdnLDAPAttribute: ['uid'],
        uuidLDAPAttribute: ['entryUUID'],
        userObjectClasses: ['person'],
        authType: ['none'],
      },
    })
    await realm.admin.post('clients', { clientId: `syn2op-canary-${(Date.now() - 3_600_000).toString(36)}-x` })
    await realm.admin.post('clients', { clientId: `syn2op-canary-${Date.now().toString(36)}-at-work` })
    const findings = await found(realm)
    expect(findings.at(-1)).toMatchObject({ code: 'KEYCLOAK_CANARY_CLIENTS', count: 1 })
    expect(findings.map(({ code }) => code)).toEqual([
      'KEYCLOAK_REGISTRATION_OPEN',
      'KEYCLOAK_EMAIL_LOGIN_OFF',
      'KEYCLOAK_LOCKS_OUT',
      'KEYCLOAK_EVENTS',
      'KEYCLOAK_TOKENS_SHORT',
      'KEYCLOAK_PASSWORDS_EXPIRE',
      'KEYCLOAK_POLICY_HASH',
      'KEYCLOAK_POLICY_NOT_MET',
      'KEYCLOAK_FEDERATED',
      'KEYCLOAK_CANARY_CLIENTS',
    ])
  })
})

interface Profile {
  readonly attributes: readonly { readonly name: string }[]
}

const NAMED = z.array(z.looseObject({ id: z.string(), name: z.string() }))
const FOUND = z.tuple([z.object({ id: z.string() })])

/** Gives syn2op's client these roles of realm-management and no others, and says how to give back what it had. */
const withRoles = async (realm: TestRealm, names: readonly string[]): Promise<() => Promise<void>> => {
  const [client] = await realm.admin.get('clients?clientId=realm-management', FOUND)
  const [user] = await realm.admin.get('users?username=service-account-syn2op&exact=true', FOUND)
  const path = `users/${user.id}/role-mappings/clients/${client.id}`
  const had = await realm.admin.get(path, NAMED)
  const all = await realm.admin.get(`clients/${client.id}/roles`, NAMED)
  await realm.admin.delete(path, had)
  await realm.admin.post(
    path,
    all.filter(({ name }) => names.includes(name)),
  )
  return async () => void (await realm.admin.post(path, had))
}
