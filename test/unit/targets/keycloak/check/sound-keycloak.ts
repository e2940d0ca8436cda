import { createHmac } from 'node:crypto'
import type { KeycloakJudged } from '../../../../../src/targets/keycloak/check/judge-keycloak.ts'
import type { KeycloakSeen, ProfileAttribute } from '../../../../../src/targets/keycloak/check/seen.ts'

/** Of 16 bytes and more; no text that could stand in a message by chance. */
export const SOUND_PEPPER = 'k3-of-both-sides-x9'
export const CLIENT_SECRET = 's4-of-the-client'

const NONCE = Buffer.from('sixteen bytes ok').toString('base64url')

/** What the provider tells when it was given this pepper. */
export const toldOf = (pepper: string): Readonly<Record<string, string>> => ({
  version: '1.1.0',
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

export const hashing = (info: Readonly<Record<string, string>> | undefined): KeycloakSeen['server'] => ({
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
  bruteForceProtected: true,
  permanentLockout: false,
  failureFactor: 30,
  passwordPolicy: '',
  eventsEnabled: false,
  adminEventsEnabled: false,
  adminEventsDetailsEnabled: false,
  accessTokenLifespan: 300,
}

const google = { alias: 'google', enabled: true, hideOnLogin: false, linkOnly: false }

const soundSeen: KeycloakSeen = {
  ...seenServer(hashing(toldOf(SOUND_PEPPER))),
  missingRoles: [],
  settings: soundSettings,
  profile: soundProfile,
  identityProviders: [google],
  missingRealmRoles: [],
  missingGroups: [],
  requiredActions: [
    { alias: 'VERIFY_PROFILE', enabled: true },
    { alias: 'UPDATE_PASSWORD', enabled: true },
    { alias: 'TERMS_AND_CONDITIONS', enabled: false },
  ],
  federations: [],
  users: { all: 0, ours: 0 },
  canaryClients: [],
}

function seenServer(server: KeycloakSeen['server']): Pick<KeycloakSeen, 'server'> {
  return server === undefined ? {} : { server }
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
  providerVersion: '1.1.0',
  providersInUse: [{ authProvider: 'oidc-google', count: 3 }],
  passwords: 5,
  seen: soundSeen,
  names: { refused: { count: 0, samples: [] }, addresses: { count: 0, samples: [] } },
  withoutEmail: 2,
}

export const seeing = (changes: Partial<KeycloakSeen>): KeycloakJudged => ({
  ...sound,
  seen: { ...soundSeen, ...changes },
})

export const set = (changes: Partial<typeof soundSettings>): KeycloakJudged =>
  seeing({ settings: { ...soundSettings, ...changes } })

export const provider = (changes: Partial<typeof google>): KeycloakJudged =>
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

export const told = (info: Readonly<Record<string, string>> | undefined): KeycloakJudged => {
  const server = hashing(info)
  return seeing(seenServer(server))
}
