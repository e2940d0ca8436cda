import { createHmac } from 'node:crypto'
import type { SynapseProvider } from '../../../../../src/synapse/homeserver.ts'
import type { PeopleCounts } from '../../../../../src/targets/keycloak/check/count-people.ts'
import type { KeycloakJudged } from '../../../../../src/targets/keycloak/check/judge-keycloak.ts'
import type {
  IdentityProvider,
  KeycloakSeen,
  ProfileAttribute,
  SeenClient,
  ServerInfo,
} from '../../../../../src/targets/keycloak/check/seen.ts'

/** No text that could stand in a message by chance, and not one to be guessed. */
export const SOUND_PEPPER = 'k3-Q9of-both7zPx-x9'
export const CLIENT_SECRET = 's4-of-the-client'

const NONCE = Buffer.from('sixteen bytes ok').toString('base64url')

/** What the provider tells when it was given this pepper. */
export const toldOf = (pepper: string): Readonly<Record<string, string>> => ({
  version: '1.2.0',
  selfTest: 'passed',
  ...(pepper === ''
    ? { pepper: 'none' }
    : {
        pepper: 'set',
        pepperHasReplacementCharacter: String(pepper.includes('\uFFFD')),
        nonce: NONCE,
        pepperProof: createHmac('sha256', pepper).update(Buffer.from(NONCE, 'base64url')).digest('base64url'),
      }),
})

export const hashing = (info: Readonly<Record<string, string>> | undefined): ServerInfo => ({
  systemInfo: { version: '26.7.3' },
  providers: {
    'password-hashing': {
      providers: { argon2: {}, ...(info === undefined ? {} : { 'synapse-bcrypt': { operationalInfo: info } }) },
    },
  },
})

export const attribute = (name: string, changes: Partial<ProfileAttribute> = {}): ProfileAttribute => ({
  name,
  permissions: { view: ['admin'], edit: ['admin'] },
  validations: {},
  multivalued: true,
  ...changes,
})

const byAll = { permissions: { view: ['admin', 'user'], edit: ['admin', 'user'] }, multivalued: false }

export const soundProfile = {
  attributes: [
    attribute('username', { ...byAll, validations: { length: { min: 3, max: 255 } } }),
    attribute('email', byAll),
    ...['syn2op_server', 'syn2op_run', 'syn2op_written', 'emails', 'phones', 'displayname'].map((name) =>
      attribute(name),
    ),
  ],
}

export const soundSettings = {
  enabled: true,
  editUsernameAllowed: false,
  loginWithEmailAllowed: true,
  registrationAllowed: false,
  registrationEmailAsUsername: false,
  browserFlow: 'browser',
  bruteForceProtected: true,
  permanentLockout: false,
  failureFactor: 30,
  passwordPolicy: '',
  eventsEnabled: false,
  adminEventsEnabled: false,
  adminEventsDetailsEnabled: false,
  accessTokenLifespan: 300,
}

const google = {
  alias: 'google',
  providerId: 'oidc',
  config: { issuer: 'https://accounts.google.com', clientId: 'of-both' },
  enabled: true,
  hideOnLogin: false,
  linkOnly: false,
}

const synapseGoogle = {
  authProvider: 'oidc-google',
  kind: 'oidc',
  issuer: 'https://accounts.google.com/',
  clientId: 'of-both',
  path: 'oidc_providers[0]',
} as const

const matrixClient = {
  clientId: 'synapse',
  enabled: true,
  standardFlowEnabled: true,
  redirectUris: ['https://matrix.example.org/_synapse/client/oidc/callback'],
  protocolMappers: [{ protocolMapper: 'oidc-usermodel-attribute-mapper' }],
}

/** Nobody lacks anything, and nobody has what is refused. */
const nobody: PeopleCounts = { lacking: new Map(), refused: new Map(), addresses: { count: 0, samples: [] } }

const soundSeen: KeycloakSeen = {
  servers: [hashing(toldOf(SOUND_PEPPER))],
  missingRoles: [],
  settings: soundSettings,
  profile: soundProfile,
  identityProviders: [google],
  missingRealmRoles: [],
  missingGroups: [],
  requiredActions: [
    { alias: 'VERIFY_PROFILE', enabled: true, defaultAction: false },
    { alias: 'UPDATE_PASSWORD', enabled: true, defaultAction: false },
    { alias: 'TERMS_AND_CONDITIONS', enabled: false, defaultAction: true },
  ],
  federations: [],
  users: { all: 0, ours: 0 },
  canaryClients: [],
  clients: [matrixClient],
  login: { asksForPassword: true },
}

/** A Keycloak in which there is nothing to find: cases change one thing in it. */
export const sound: KeycloakJudged = {
  config: {
    files: ['keycloak.yaml'],
    url: 'https://login.example.org',
    realm: 'people',
    client: { id: 'syn2op', secret: CLIENT_SECRET, realm: 'people' },
    providers: [{ id: 'google', authProvider: 'oidc-google' }],
    roles: [],
    groups: [],
    admins: { roles: [], groups: [] },
    requiredActions: [],
    attributes: { emails: 'emails', phones: 'phones' },
  },
  pepper: SOUND_PEPPER,
  mapped: ['displayname'],
  providerVersion: '1.2.0',
  providersInUse: [{ authProvider: 'oidc-google', count: 3 }],
  passwords: 5,
  seen: soundSeen,
  people: nobody,
  configured: [synapseGoogle],
}

export const seeing = (changes: Partial<KeycloakSeen>): KeycloakJudged => ({
  ...sound,
  seen: { ...soundSeen, ...changes },
})

export const set = (changes: Partial<typeof soundSettings>): KeycloakJudged =>
  seeing({ settings: { ...soundSettings, ...changes } })

export const provider = (changes: Partial<IdentityProvider>): KeycloakJudged =>
  seeing({ identityProviders: [{ ...google, ...changes }] })

/** With one attribute of the profile in another way; undefined: it is not declared. */
export const profiled = (name: string, other: ProfileAttribute | undefined): KeycloakJudged =>
  seeing({
    profile: {
      attributes: [
        ...soundProfile.attributes.filter((one) => one.name !== name),
        ...(other === undefined ? [] : [other]),
      ],
    },
  })

export const told = (...infos: readonly (Readonly<Record<string, string>> | undefined)[]): KeycloakJudged =>
  seeing({ servers: infos.map(hashing) })

/** With some who lack an attribute, or have a value of it that is refused. */
export const counting = (judged: KeycloakJudged, changes: Partial<PeopleCounts>): KeycloakJudged => ({
  ...judged,
  people: { ...nobody, ...changes },
})

/** With another provider of homeserver.yaml, and of Keycloak. */
export const ends = (ofSynapse: Partial<SynapseProvider>, ofKeycloak: Partial<IdentityProvider>): KeycloakJudged => ({
  ...provider(ofKeycloak),
  configured: [{ ...synapseGoogle, ...ofSynapse }],
})

export const client = (changes: Partial<SeenClient>): KeycloakJudged =>
  seeing({ clients: [{ ...matrixClient, ...changes }] })
