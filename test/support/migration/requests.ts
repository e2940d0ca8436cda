import type { ConflictRules, Mapping } from '../../../src/mapping/mapping.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import type { HomeserverConfig } from '../../../src/synapse/homeserver.ts'
import type { MasConfig } from '../../../src/targets/mas/config/mas-config.ts'
import { ulidToUuid } from '../../../src/targets/mas/config/ulid.ts'
import { openMas } from '../../../src/targets/mas/mas-target.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import type { Story } from '../expected-rows.ts'
import type { OracleRules } from '../oracle.ts'
import { soundConfig, soundHomeserver } from '../sound-mas.ts'

export interface Ends {
  readonly synapse: PostgresSettings
  readonly mas: PostgresSettings
}

export interface RequestRules {
  readonly serverName: string
  readonly asOf: number
  readonly mapping: Mapping
  readonly providers: MasConfig['providers']
  /** MAS's `secrets.encryption`. */
  readonly encryptionKey?: Uint8Array
}

/** A migration that accepts what is known of the data, and says nothing while it works. */
export const requestOf = (
  ends: Ends,
  { serverName, asOf, mapping, providers, encryptionKey }: RequestRules,
): MigrationRequest => {
  const homeserver: HomeserverConfig = {
    ...soundHomeserver,
    serverName,
    database: ends.synapse,
    accountValidityEnabled: true,
    approvalRequired: true,
  }
  const config: MasConfig = {
    ...soundConfig,
    database: ends.mas,
    homeserver: serverName,
    providers,
    ...(encryptionKey === undefined ? {} : { encryptionKey }),
  }
  return {
    homeserver,
    source: ends.synapse,
    openTarget: (signal) =>
      openMas({ config, pepper: homeserver.pepper, conflicts: mapping.conflicts, writers: 3, signal }),
    mapping,
    asOf,
    readers: 2,
    accept: ['all-warnings', 'SYNAPSE_BACKGROUND_UPDATES', 'NO_BACKUP'],
    progress: silentProgress,
    signal: new AbortController().signal,
  }
}

/** A provider of MAS, by the name under which Synapse's rows know it. */
export const masProvider = ({ id, uuid, authProvider }: { id: string; uuid: string; authProvider: string }) => ({
  id,
  uuid,
  synapseIdpId: authProvider,
  enabled: true,
})

/** The UUIDs under which MAS stores a story's providers. */
export const storyProviders = (story: Story): readonly string[] => Object.values(story.providers).map(ulidToUuid)

/** The migration of a story, by its own mapping, providers and as-of time. */
export const storyRequest = (story: Story, ends: Ends): MigrationRequest => {
  const { guests, deactivated, locked, withoutLogin, ghosts, providers } = story.mapping
  return requestOf(ends, {
    serverName: story.server_name,
    asOf: story.as_of === 'now' ? Date.now() : Date.parse(story.as_of),
    mapping: {
      file: `${story.story}.yaml`,
      sha256: '0'.repeat(64),
      accounts: { guests, deactivated, locked, withoutLogin },
      ghosts,
      providers,
      conflicts: plainMapping.conflicts,
      cohorts: [],
      accept: [],
    },
    providers: Object.entries(story.providers).map(([authProvider, id]) =>
      masProvider({ id, uuid: ulidToUuid(id), authProvider }),
    ),
  })
}

/** Everybody migrates, under the names that they have. */
export const plainMapping: Mapping = {
  file: 'plain.yaml',
  sha256: '0'.repeat(64),
  accounts: { guests: 'migrate', deactivated: 'migrate', locked: 'migrate', withoutLogin: 'migrate' },
  ghosts: [],
  providers: {},
  conflicts: { username: 'hold_back', email: 'hold_back', identity: 'hold_back' },
  cohorts: [],
  accept: [],
}

/** The UUIDs under which MAS stores the demo's providers. */
export const demoProviders: readonly string[] = DEMO_PROVIDERS.map(({ uuid }) => uuid)

/** The migration of a demo homeserver. */
export const demoRequest = (
  ends: Ends,
  { conflicts, ...options }: Pick<RequestRules, 'encryptionKey'> & { readonly conflicts?: Partial<ConflictRules> } = {},
): MigrationRequest =>
  requestOf(ends, {
    serverName: DEMO.serverName,
    asOf: DEMO.now,
    mapping: { ...plainMapping, conflicts: { ...plainMapping.conflicts, ...conflicts } },
    providers: DEMO_PROVIDERS.map(({ ulid, uuid, authProvider }) => masProvider({ id: ulid, uuid, authProvider })),
    ...options,
  })

/** By what the oracle decides about a demo homeserver. */
export const demoOracleRules: OracleRules = {
  serverName: DEMO.serverName,
  asOf: DEMO.now,
  mapping: plainMapping,
  providers: Object.fromEntries(DEMO_PROVIDERS.map(({ authProvider, uuid }) => [authProvider, uuid])),
}

/** The same by smaller batches, so that what belongs together falls apart. */
export const inBatchesOf = (batchSize: number, request: MigrationRequest): MigrationRequest => ({
  ...request,
  openTarget: async (signal) => ({ ...(await request.openTarget(signal)), batchSize }),
})
