import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseMapping } from '../../../../../src/mapping/load-mapping.ts'
import type { KeycloakPrepareDocument } from '../../../../../src/report/keycloak-prepare-document.ts'
import { keycloakPrepareSchema } from '../../../../../src/report/schema/keycloak-prepare.ts'
import { renderKeycloakPrepare } from '../../../../../src/report/text/keycloak-prepare.ts'
import type { SynapseProvider } from '../../../../../src/synapse/homeserver.ts'
import { masProviderId, wirings } from '../../../../../src/targets/keycloak/prepare/applications.ts'
import { DEFAULT_PROFILE } from '../../../../../src/targets/keycloak/prepare/default-profile.ts'
import type { UpstreamProvider } from '../../../../../src/targets/keycloak/prepare/discover-endpoints.ts'
import { type PlanWish, planPrepare } from '../../../../../src/targets/keycloak/prepare/plan-prepare.ts'
import type { RealmState } from '../../../../../src/targets/keycloak/prepare/read-realm-state.ts'
import { shownStep } from '../../../../../src/targets/keycloak/prepare/shown-steps.ts'

const ISSUER = 'https://id.example.org/realms/matrix'

const STATE: RealmState = {
  realm: { eventsEnabled: false, adminEventsEnabled: true },
  profile: DEFAULT_PROFILE,
  identityProviders: [],
  clients: new Map(),
  passwordProvider: 'there',
  notAllowed: [],
}

const CLIENT: UpstreamProvider = {
  path: 'oidc_providers[0]',
  issuer: 'https://login.example.org',
  clientId: 'synapse',
  clientSecret: 'a secret',
  clientAuthMethod: 'client_secret_basic',
  scopes: ['openid'],
  discover: true,
  endpoints: { authorization: 'https://login.example.org/a', token: 'https://login.example.org/t' },
}

const SSO: SynapseProvider = { authProvider: 'oidc-login', kind: 'oidc', path: 'oidc_providers[0]' }

const wishOf = (provider: SynapseProvider = SSO, client: UpstreamProvider = CLIENT): PlanWish => ({
  issuer: ISSUER,
  realm: 'matrix',
  realmMissing: 'tell',
  events: 'keep',
  profile: { attributes: [], usernames: 'keep' },
  providers: {
    issuer: ISSUER,
    providers: [{ id: 'login', authProvider: provider.authProvider }],
    synapse: { providers: [provider], clients: [client] },
  },
  wirings: [],
})

const byHandOf = (wish: PlanWish, state: RealmState = STATE) =>
  planPrepare(state, wish).byHand.filter(({ id }) => id !== 'statistics')

describe('what is missing at Keycloak', () => {
  it('is an identity provider with the address that its upstream must know', () => {
    const { steps, secrets } = planPrepare(STATE, wishOf())
    const step = steps.find(({ id }) => id === 'identity-provider login')
    expect(step?.notes.join('\n')).toContain('https://id.example.org/realms/matrix/broker/login/endpoint')
    expect(JSON.stringify(step)).not.toContain('a secret')
    expect(secrets).toEqual(new Map([['identity-provider login', 'a secret']]))
  })

  it.each([
    ['SAML', { ...SSO, authProvider: 'saml', kind: 'saml', path: 'saml2_config' } as const, CLIENT],
    ['CAS', { ...SSO, authProvider: 'cas', kind: 'cas', path: 'cas_config' } as const, CLIENT],
    ['no scope openid', SSO, { ...CLIENT, scopes: ['read:user'] }],
    ['it does not answer', SSO, { ...CLIENT, endpoints: {}, undiscovered: 'it does not answer' }],
  ])('is left to people where syn2op cannot make it: %s', (words, provider, client) => {
    const wish = wishOf(provider, client)
    expect(planPrepare(STATE, wish).steps.map(({ id }) => id)).toEqual(['user-profile'])
    expect(byHandOf(wish)).toMatchObject([{ id: 'identity-provider login', why: expect.stringContaining(words) }])
  })

  it('is a decision where Synapse knows people by another claim, also when the provider is there', () => {
    const wish = wishOf({ ...SSO, subject: 'the claim upn' })
    expect(byHandOf(wish, { ...STATE, identityProviders: ['login'] })).toMatchObject([
      { id: 'subject login', what: expect.stringContaining('the claim upn') },
    ])
  })

  it('is the secret where homeserver.yaml has none', () => {
    const { clientSecret: _, ...client } = CLIENT
    expect(byHandOf(wishOf(SSO, client))).toMatchObject([{ id: 'client-secret login' }])
  })

  it('is the provider for passwords, which only people can add', () => {
    expect(byHandOf(wishOf(), { ...STATE, passwordProvider: 'missing' })).toMatchObject([{ id: 'password-provider' }])
  })

  it('is a word about usernames where people may edit theirs', () => {
    const editable = { ...STATE, realm: { editUsernameAllowed: true } }
    expect(byHandOf(wishOf(), editable)).toMatchObject([{ id: 'usernames' }])
    const relaxed: PlanWish = { ...wishOf(), profile: { attributes: [], usernames: 'relax' } }
    expect(byHandOf(relaxed, editable)).toEqual([])
  })

  it('is a word about the address, where browsers would be sent to one without TLS', () => {
    const inside = 'http://keycloak:8080/realms/matrix'
    const wish = wishOf()
    const told: PlanWish = { ...wish, issuer: inside, providers: { ...wish.providers, issuer: inside } }
    expect(byHandOf(told)).toMatchObject([
      { id: 'address', why: expect.stringContaining(inside), lines: ['public_url: https://…'] },
    ])
    expect(byHandOf(told, { ...STATE, identityProviders: ['login'] })).toEqual([])
  })

  it('is fresh statistics only where the planner is far off', () => {
    const believed = [{ table: 'user_entity', believed: 10, rows: 5000 }]
    expect(planPrepare(STATE, wishOf(), believed).steps.map(({ id }) => id)).toContain('statistics')
    const fresh = [{ table: 'user_entity', believed: 4000, rows: 5000 }]
    expect(planPrepare(STATE, wishOf(), fresh).steps.map(({ id }) => id)).not.toContain('statistics')
  })

  it('is shown with every field that changes, what it is before and after', () => {
    const { steps, byHand } = planPrepare(STATE, { ...wishOf(), events: 'off' })
    const document: KeycloakPrepareDocument = {
      kind: 'keycloak-prepare',
      format: 1,
      syn2op: '0',
      action: 'plan',
      target: { url: 'https://id.example.org', realm: 'matrix' },
      steps: steps.map((step) => shownStep(step)),
      byHand,
      wirings: [],
    }
    expect(keycloakPrepareSchema.parse(document)).toEqual(document)
    const text = renderKeycloakPrepare(document, { width: 100, colour: 'off' })
    expect(text).toContain('realm matrix: 3 steps to do')
    expect(text).toContain('    - attributes.email.required: {roles: [user]}')
    expect(text).toContain('    ~ adminEventsEnabled: true → false')
    const written = renderKeycloakPrepare({ ...document, realmFile: 'realm.json' }, { width: 200, colour: 'off' })
    expect(written).toContain(
      'Wrote what the steps add and change to realm.json: a part of the realm, not for kc.sh import',
    )
    const [first, ...others] = document.steps
    const undoFile = `/srv/a folder/${'of-a-long-name/'.repeat(6)}undo.json`
    const failed = { ...first, notes: ['Its secret: in the console'], outcome: 'failed' }
    const applied = keycloakPrepareSchema.parse({
      ...document,
      action: 'applied',
      steps: [failed, ...others],
      undoFile,
    })
    const after = renderKeycloakPrepare(applied, { width: 60, colour: 'off', given: { 'target-config': ['k.yaml'] } })
    expect(after).toContain(`\n  syn2op keycloak prepare --undo '${undoFile}' --target-config k.yaml`)
    expect(after).not.toContain('Its secret')
  })
})

describe('what Synapse and MAS are told', () => {
  const mappingOf = (text: string) => parseMapping(`version: 1\n${text}`, 'rules.yaml')

  it('is a block for homeserver.yaml that takes nobody for who has the same name', () => {
    const [wiring] = wirings({ issuer: ISSUER, mapping: mappingOf(''), synapse: 'https://matrix.example.org/' })
    expect(wiring?.application.redirectUri).toBe('https://matrix.example.org/_synapse/client/oidc/callback')
    expect(parse(wiring?.block ?? '')).toMatchObject({
      oidc_providers: [
        {
          idp_id: 'keycloak',
          issuer: ISSUER,
          allow_existing_users: false,
          user_mapping_provider: { config: { localpart_template: '{{ user.preferred_username }}' } },
        },
      ],
    })
  })

  it('is called as no other provider of Synapse is, and as it is there already', () => {
    const named = (...providers: readonly { readonly authProvider: string; readonly issuer?: string }[]): string => {
      const [wiring] = wirings({ issuer: ISSUER, mapping: mappingOf(''), synapse: 'https://m.example.org/', providers })
      return parse(wiring?.block ?? '').oidc_providers[0].idp_id
    }
    const elsewhere = { authProvider: 'oidc-keycloak', issuer: 'https://old.example.org/realms/staff' }
    expect(named({ authProvider: 'oidc-github' })).toBe('keycloak')
    expect(named(elsewhere)).toBe('keycloak-2')
    expect(named(elsewhere, { authProvider: 'oidc-keycloak-2' })).toBe('keycloak-3')
    expect(named(elsewhere, { authProvider: 'oidc-sso', issuer: ISSUER })).toBe('sso')
  })

  it('is no logout of Matrix, with its devices, wherever somebody logs out of another application', () => {
    const [wiring] = wirings({ issuer: ISSUER, mapping: mappingOf(''), synapse: 'https://matrix.example.org/' })
    expect(parse(wiring?.block ?? '').oidc_providers[0]).not.toHaveProperty('backchannel_logout_enabled')
    expect(wiring?.application.backchannelLogout).toBeUndefined()
  })

  it('is a client whose tokens give no rights at Keycloak, and a word where one has them', () => {
    const wish: PlanWish = {
      ...wishOf(),
      providers: { issuer: ISSUER, providers: [] },
      wirings: wirings({ issuer: ISSUER, mapping: mappingOf(''), synapse: 'https://matrix.example.org/' }),
    }
    const client = planPrepare(STATE, wish).steps.find(({ id }) => id === 'client synapse')
    expect(client?.work).toMatchObject({ body: { fullScopeAllowed: false } })
    const redirectUris = ['https://matrix.example.org/_synapse/client/oidc/callback']
    const presentClient = (fullScopeAllowed: boolean): RealmState => ({
      ...STATE,
      clients: new Map([['synapse', { id: '1', clientId: 'synapse', redirectUris, fullScopeAllowed }]]),
    })
    expect(byHandOf(wish, presentClient(true))).toMatchObject([
      { id: 'scope synapse', lines: ['kcadm.sh update clients/1 -r matrix -s fullScopeAllowed=false'] },
    ])
    expect(byHandOf(wish, presentClient(false))).toEqual([])
  })

  it('is a block for MAS whose identifier is always the same, and part of the address that Keycloak leads back to', () => {
    const [wiring] = wirings({ issuer: ISSUER, mapping: mappingOf(''), mas: 'https://auth.example.org/' })
    const id = masProviderId(ISSUER)
    expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
    expect(masProviderId(`${ISSUER}2`)).not.toBe(id)
    expect(wiring?.application.redirectUri).toBe(`https://auth.example.org/upstream/callback/${id}`)
    expect(parse(wiring?.block ?? '')).toMatchObject({
      upstream_oauth2: {
        providers: [{ id, issuer: ISSUER, claims_imports: { localpart: { action: 'require', on_conflict: 'fail' } } }],
      },
    })
  })

  it('is the localpart by a claim of its own where usernames are something else', () => {
    const mapping = mappingOf(
      "usernames:\n  from: '{email_localpart}'\nattributes:\n  matrix_localpart: '{localpart}'\n",
    )
    const [wiring] = wirings({ issuer: ISSUER, mapping, synapse: 'https://matrix.example.org/' })
    expect(wiring?.application.claims).toEqual({ matrix_localpart: 'matrix_localpart' })
    expect(wiring?.block).toContain('{{ user.matrix_localpart }}')
    expect(wiring?.caution).toBeUndefined()
  })

  it('is cautioned about where nothing at Keycloak says the localpart', () => {
    const mapping = mappingOf("usernames:\n  from: '{email_localpart}'\n")
    const wish: PlanWish = {
      ...wishOf(),
      providers: { issuer: ISSUER, providers: [] },
      wirings: wirings({ issuer: ISSUER, mapping, synapse: 'https://matrix.example.org/' }),
    }
    expect(byHandOf(wish)).toMatchObject([{ id: 'names synapse' }])
  })
})
