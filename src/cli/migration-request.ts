import type { Setting, Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { PacingRequest } from '../migration/pacing/pacing-request.ts'
import { rejectionLimit } from '../migration/pacing/rejections.ts'
import type { MigrationRequest } from '../migration/request.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { ProgressListener } from '../targets/target.ts'
import { foreignTargetOpener } from './target-opener.ts'

export interface RequestContext {
  readonly settings: Settings
  /** Targets that plugins bring, as their hook `syn2op:targets` gives them. */
  readonly announced: () => Promise<readonly unknown[]>
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

/** How many tables are read at the same time, unless `--concurrency` says otherwise. */
const READERS = 2

/** Connections that build indexes beside those that copies write through. */
const BUILDERS = 2

/**
 * Reads every file that the settings name and makes the request of a migration. Nothing is connected yet.
 * @throws Syn2opError config.invalid, config.unreadable, config.unsupported, mapping.invalid, target.missing or target.invalid.
 */
export const migrationRequest = async ({
  settings,
  announced,
  progress,
  signal,
}: RequestContext): Promise<MigrationRequest> => {
  const target = settings['target.name']?.value ?? 'mas'
  const synapseFiles = required(settings['synapse.config'], '--synapse-config', 'homeserver.yaml of your Synapse')
  const { loadHomeserver } = await import('../synapse/load-homeserver.ts')
  const homeserver = await loadHomeserver(synapseFiles, await overridden(settings['synapse.database']))
  const mapping = await mappingOf(settings, target)
  const readers = settings.concurrency?.value ?? READERS
  const openTarget =
    target === 'mas'
      ? await masOpener({ settings, homeserver, mapping, readers })
      : await foreignTargetOpener({ name: target, settings, homeserver, announced })
  const asOf = settings.asOf?.value
  return {
    homeserver,
    source: homeserver.database ?? noDatabase(homeserver.sqlite),
    openTarget,
    mapping,
    ...(settings.cohort === undefined ? {} : { cohort: settings.cohort.value }),
    ...(asOf === undefined ? {} : { asOf: Date.parse(asOf) }),
    ...(settings.limit === undefined ? {} : { limit: settings.limit.value }),
    pacing: pacingOf(settings),
    ...(settings['synapse.database'] === undefined
      ? {}
      : { replica: { primary: async () => (await loadHomeserver(synapseFiles, {})).database } }),
    readers,
    accept: await knownCodes(settings.accept?.value ?? []),
    progress,
    signal,
  }
}

const pacingOf = ({ maxRate, maxRejected }: Settings): PacingRequest => ({
  ...(maxRate === undefined ? {} : { maxRate: maxRate.value }),
  ...(maxRejected === undefined ? {} : { maxRejected: rejectionLimit(maxRejected.value) }),
})

const masOpener = async ({
  settings,
  homeserver,
  mapping: { conflicts },
  readers,
}: {
  readonly settings: Settings
  readonly homeserver: HomeserverConfig
  readonly mapping: Mapping
  readonly readers: number
}): Promise<MigrationRequest['openTarget']> => {
  const files = required(settings['target.config'], '--target-config', 'config.yaml of your MAS')
  const { loadMasConfig } = await import('../targets/mas/config/load-mas-config.ts')
  const { openMas } = await import('../targets/mas/mas-target.ts')
  const config = await loadMasConfig(files, await overridden(settings['target.database']))
  return (signal) => openMas({ config, pepper: homeserver.pepper, conflicts, writers: readers + BUILDERS, signal })
}

const required = (setting: Setting<readonly string[]> | undefined, flag: string, what: string): readonly string[] => {
  if (setting !== undefined) return setting.value
  throw new Syn2opError('usage', `Nobody says where the ${what} is`, {
    next: [
      `Give it with \`${flag} FILE\`, or in syn2op.yaml.`,
      'To see it work without any of yours: syn2op rehearse --demo',
    ],
  })
}

const overridden = async (
  setting: Setting<string> | undefined,
): Promise<{ readonly databaseUrl?: PostgresSettings }> => {
  if (setting === undefined) return {}
  const { parsePostgresUrl } = await import('../postgres/url.ts')
  return { databaseUrl: parsePostgresUrl(setting.value, setting.origin) }
}

const mappingOf = async (settings: Settings, target: string): Promise<Mapping> => {
  const { defaultMapping, loadMapping, starterMapping } = await import('../mapping/load-mapping.ts')
  if (settings.mapping !== undefined) return loadMapping(settings.mapping.value)
  return target === 'mas' ? loadMapping(starterMapping(target)) : defaultMapping()
}

const knownCodes = async (codes: readonly string[]): Promise<readonly string[]> => {
  const { unknownCodes } = await import('../report/accept.ts')
  const unknown = unknownCodes(codes)
  if (unknown.length === 0) return codes
  throw new Syn2opError('usage', `No finding has the code ${unknown.join(', ')}`, {
    next: ['`syn2op check` shows each finding with its code; docs/reference/codes.md lists them all.'],
  })
}

const noDatabase = (sqlite: string | undefined): never => {
  if (sqlite === undefined) {
    throw new Syn2opError('config.unsupported', 'homeserver.yaml names no database', {
      next: ['Name it: --synapse-database postgresql://user@host/database'],
    })
  }
  throw new Syn2opError(
    'config.unsupported',
    `This Synapse keeps its data in the SQLite file ${sqlite}; syn2op reads PostgreSQL`,
    {
      next: [
        'Port it to PostgreSQL with `synapse_port_db`, as the documentation of Synapse says, and run this again.',
        'MAS itself needs PostgreSQL too.',
      ],
    },
  )
}
