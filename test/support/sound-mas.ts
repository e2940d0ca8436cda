import type { HomeserverConfig } from '../../src/synapse/homeserver.ts'
import type { MasCheck } from '../../src/targets/mas/check-mas.ts'
import type { MasConfig } from '../../src/targets/mas/config/mas-config.ts'
import { MAS_CATALOGUE } from '../../src/targets/mas/database/catalogue.ts'
import type { MasInspection, PresentTable } from '../../src/targets/mas/database/inspection.ts'

/** A table of the catalogue as a live database would show it, empty and ours. */
const present = ({ name, columns }: (typeof MAS_CATALOGUE.tables)[number]): PresentTable => ({
  name,
  schema: 'public',
  owner: 'mas',
  owned: true,
  readable: true,
  writable: true,
  referencable: true,
  hasRows: false,
  columns: columns.map((column) => ({
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    filledByItself: column.default !== null,
  })),
})

/** On both sides; no text that could stand in a message by chance. */
export const SOUND_PEPPER = 'k3-of-both-sides'

const PROVIDER = { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', uuid: '01563e3a-b5d3-d676-4c61-efb99302bd5b' }

export const soundInspection: MasInspection = {
  database: 'mas',
  user: 'mas',
  schema: 'public',
  serverVersion: '15.18',
  serverVersionNumber: 150_018,
  encoding: 'UTF8',
  inRecovery: false,
  superuser: false,
  mayCreateInDatabase: true,
  mayCreateInSchema: true,
  extensions: ['pg_trgm', 'plpgsql'],
  tables: MAS_CATALOGUE.tables.map(present),
  elsewhere: [],
  unknownConstraints: [],
  triggers: [],
  migrations: { versions: MAS_CATALOGUE.migrations.map(({ version }) => version), failed: [] },
  providers: [{ uuid: PROVIDER.uuid, disabled: false }],
  otherSessions: [],
  importerTables: [],
}

const database = {
  host: 'db',
  port: 5432,
  database: 'mas',
  user: 'mas',
  sslMode: 'prefer',
  connectTimeoutMs: 30_000,
  origin: 'config.yaml:1',
} as const

export const soundConfig: MasConfig = {
  files: ['config.yaml'],
  database,
  homeserver: 'example.org',
  passwordsEnabled: true,
  passwordSchemes: [
    { version: 1, algorithm: 'bcrypt', unicodeNormalization: true, secret: new TextEncoder().encode(SOUND_PEPPER) },
    { version: 2, algorithm: 'argon2id', unicodeNormalization: true },
  ],
  providers: [{ ...PROVIDER, synapseIdpId: 'oidc-one', humanName: 'One', enabled: true }],
  encryptionKey: new Uint8Array(32),
}

export const soundHomeserver: HomeserverConfig = {
  files: ['homeserver.yaml'],
  serverName: 'example.org',
  pepper: SOUND_PEPPER,
  passwordsEnabled: true,
  passwordLocalDatabase: true,
  providers: [],
  allowGuestAccess: false,
  enableRegistration: false,
  jwtEnabled: false,
  modules: [],
  passwordProviders: [],
  applicationServices: [],
  unreadable: [],
  userConsent: false,
  registrationRequiresToken: false,
  accountValidityEnabled: false,
  approvalRequired: false,
  workers: [],
  leftSettings: [],
  conflictsWithMas: [],
}

/** A check in which there is nothing to find: tests change one thing in it. */
export const soundCheck: MasCheck = {
  config: soundConfig,
  homeserver: soundHomeserver,
  inspection: soundInspection,
  providersInUse: [{ authProvider: 'oidc-one', count: 3 }],
  sameDatabase: false,
  passwords: 5,
}
