import { connectionRules } from '../../../../../src/targets/auth0/check/connection-rules.ts'
import type { PeopleCounts } from '../../../../../src/targets/auth0/check/count-people.ts'
import type { Auth0Judged } from '../../../../../src/targets/auth0/check/judge-auth0.ts'
import type { Auth0Seen, ConnectionSeen, ProviderSeen } from '../../../../../src/targets/auth0/check/seen.ts'
import type { Auth0Config } from '../../../../../src/targets/auth0/config/auth0-config.ts'

/** No text that could stand in a message by chance. */
export const SOUND_PEPPER = 'k3-Q9of-synapse7zPx-x9'
export const CLIENT_SECRET = 's4-of-the-client'

const soundConfig: Auth0Config = {
  files: ['auth0.yaml'],
  url: 'https://tenant.eu.auth0.com',
  client: { id: 'syn2op-m2m', secret: CLIENT_SECRET },
  connection: 'people',
  plan: 'professional',
  passwords: 'carry',
  pepper: 'disclose',
  usernames: { unfit: 'escape' },
  email: { without: 'allow' },
  providers: [{ id: 'corporate', authProvider: 'oidc-corporate', strategy: 'oidc', link: 'scim' }],
  application: { id: 'element' },
  rate: { share: 0.8 },
}

const soundConnection: ConnectionSeen = {
  id: 'con_1111111111111111',
  name: 'people',
  strategy: 'auth0',
  options: {
    requires_username: true,
    validation: { username: { min: 1, max: 128 } },
    disable_signup: true,
    brute_force_protection: true,
  },
  clients: ['element', 'syn2op-m2m'],
}

const soundProvider: ProviderSeen = {
  id: 'con_2222222222222222',
  name: 'corporate',
  strategy: 'oidc',
  clients: ['element'],
  scim: { userIdAttribute: 'externalId' },
}

const nobody = { count: 0, samples: [] }

/** Nobody lacks anything, and nobody has what is refused. */
const soundPeople: PeopleCounts = {
  all: 40,
  names: { notTaken: nobody, length: nobody, left: nobody, escaped: nobody, spellings: [] },
  withoutEmail: nobody,
  closedWithoutEmail: 0,
  withoutPhone: { count: 40, samples: ['@ann:example.org', '@bob:example.org', '@cem:example.org'] },
  nameless: nobody,
  phonesKept: nobody,
  large: nobody,
}

const soundSeen: Auth0Seen = {
  missingScopes: [],
  connection: soundConnection,
  providers: [soundProvider],
  people: { all: 0, ours: 0 },
  limits: [{ of: 'users read', limit: 40 }],
}

/** A tenant in which there is nothing to mend: cases change one thing in it. */
export const sound: Auth0Judged = {
  config: soundConfig,
  pepper: undefined,
  providersInUse: [{ authProvider: 'oidc-corporate', count: 3 }],
  passwords: 0,
  seen: soundSeen,
  people: soundPeople,
}

/** What is said of every tenant. */
export const ALWAYS_SAID = ['AUTH0_IMPORT_MAILS']

export const seeing = (changes: Partial<Auth0Seen>): Auth0Judged => ({ ...sound, seen: { ...soundSeen, ...changes } })

export const configured = (changes: Partial<Auth0Config>): Auth0Judged => ({
  ...sound,
  config: { ...soundConfig, ...changes },
})

export const connected = (changes: Partial<ConnectionSeen>): Auth0Judged =>
  seeing({ connection: { ...soundConnection, ...changes } })

/** With other options of the connection, beside those that it has. */
export const set = (options: Readonly<Record<string, unknown>>): Auth0Judged =>
  connected({ options: { ...soundConnection.options, ...options } })

export const provided = (changes: Partial<ProviderSeen>): Auth0Judged =>
  seeing({ providers: [{ ...soundProvider, ...changes }] })

export const counting = (changes: Partial<PeopleCounts>, judged: Auth0Judged = sound): Auth0Judged => ({
  ...judged,
  people: { ...soundPeople, ...changes },
})

export const naming = (changes: Partial<PeopleCounts['names']>): Auth0Judged =>
  counting({ names: { ...soundPeople.names, ...changes } })

/** What a connection takes that is as it should be. */
export const soundRules = { ...soundConfig, takes: connectionRules(soundConnection.options) }
