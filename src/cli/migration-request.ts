import type { Setting, Settings } from '../config/settings.ts'
import { isTime, SQLITE_SCHEME } from '../config/value-kinds.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { type Follower, requireFollowed } from '../mapping/require-followed.ts'
import type { BackupGiven } from '../migration/backup/backup.ts'
import type { PacingRequest } from '../migration/pacing/pacing-request.ts'
import { rejectionLimit } from '../migration/pacing/rejections.ts'
import type { MigrationRequest } from '../migration/request.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { StagedFile } from '../synapse/sqlite/staged-source.ts'
import type { ProgressListener } from '../targets/progress.ts'
import { auth0ConfigOf } from './auth0-tenant.ts'
import { runsFolder } from './runs-folder.ts'
import { sqlitePath } from './sqlite-path.ts'
import { foreignTargetOpener } from './target-opener.ts'
import { type NamedTarget, onlyTarget } from './targets.ts'

export interface RequestContext {
  readonly settings: Settings
  /** Which of the targets; absent: the only one. */
  readonly target?: NamedTarget
  /** Targets that plugins bring, as their hook `syn2op:targets` gives them. */
  readonly announced: () => Promise<readonly unknown[]>
  /** Stages the file of a SQLite homeserver; whoever gives it ends what it began. */
  readonly stage: (file: string) => Promise<StagedFile>
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

/** MAS makes the Matrix id of the username, and has neither primary addresses nor attributes. */
const MAS: Follower = { name: 'MAS' }

/** Targets that come with syn2op, each with a mapping of its own. */
const OWN_TARGETS: readonly string[] = ['mas', 'keycloak', 'auth0']

/** How many tables are read at the same time, unless `--concurrency` says otherwise. */
const READERS = 2

/** Connections that build indexes beside those that copies write through. */
const BUILDERS = 2

/**
 * Reads every file that the settings name and makes the request of a migration. Nothing is connected yet; but a SQLite
 * homeserver is staged, once everything else has been read.
 * @throws Syn2opError config.invalid, config.unreadable, config.unsupported, mapping.invalid, target.missing or target.invalid.
 */
export const migrationRequest = async ({
  settings,
  target = onlyTarget(settings),
  announced,
  stage,
  progress,
  signal,
}: RequestContext): Promise<MigrationRequest> => {
  const { loadHomeserver } = await import('../synapse/load-homeserver.ts')
  const homeserver = await homeserverOf(settings)
  const synapseFiles = settings['synapse.config']?.value ?? []
  const mapping = await mappingOf(target)
  const readers = settings.concurrency?.value ?? READERS
  const openTarget = await openerOf({ target, settings, homeserver, mapping, readers, announced })
  const asOf = settings.asOf?.value
  return {
    homeserver,
    openTarget,
    mapping,
    ...(settings.cohort === undefined ? {} : { cohort: settings.cohort.value }),
    ...(asOf === undefined ? {} : { asOf: Date.parse(asOf) }),
    ...(settings.limit === undefined ? {} : { limit: settings.limit.value }),
    pacing: pacingOf(settings),
    ...(settings['synapse.database'] === undefined
      ? {}
      : { replica: { primary: async () => (await loadHomeserver(synapseFiles, {})).database } }),
    ...(settings.backup === undefined ? {} : { backup: backupOf(settings.backup.value) }),
    readers,
    accept: await knownCodes(settings.accept?.value ?? []),
    progress,
    signal,
    ...(await sourceOf(homeserver, stage)),
  }
}

/** Synapse's configuration, read. */
export const homeserverOf = async (settings: Settings): Promise<HomeserverConfig> => {
  const files = required(settings['synapse.config'], '--synapse-config', 'homeserver.yaml of your Synapse')
  const { loadHomeserver } = await import('../synapse/load-homeserver.ts')
  return loadHomeserver(files, await otherSource(settings['synapse.database']))
}

/** The database to read from: a SQLite homeserver's is staged. */
export const sourceOf = async (
  { database, sqlite, files }: HomeserverConfig,
  stage: RequestContext['stage'],
): Promise<Pick<MigrationRequest, 'source' | 'staged'>> => {
  if (database !== undefined) return { source: database }
  if (sqlite === undefined) throw noDatabase()
  const staged = await stage(sqlitePath({ name: sqlite, files, folder: process.cwd() }))
  return { source: staged.settings, staged }
}

const backupOf = (value: string): BackupGiven => (isTime(value) ? { at: Date.parse(value) } : { file: value })

const pacingOf = ({ maxRate, maxRejected }: Settings): PacingRequest => ({
  ...(maxRate === undefined ? {} : { maxRate: maxRate.value }),
  ...(maxRejected === undefined ? {} : { maxRejected: rejectionLimit(maxRejected.value) }),
})

interface OpeningContext extends Pick<RequestContext, 'settings' | 'announced'> {
  readonly target: NamedTarget
  readonly homeserver: HomeserverConfig
  readonly mapping: Mapping
  readonly readers: number
}

const openerOf = (context: OpeningContext): Promise<MigrationRequest['openTarget']> => {
  const { name, config } = context.target
  switch (name) {
    case 'mas':
      return masOpener(context)
    case 'keycloak':
      return keycloakOpener(context)
    case 'auth0':
      return auth0Opener(context)
    default:
      return foreignTargetOpener({ ...context, name, configFiles: config?.value ?? [] })
  }
}

const masOpener = async ({
  target,
  settings,
  homeserver,
  mapping: { conflicts },
  readers,
}: OpeningContext): Promise<MigrationRequest['openTarget']> => {
  const files = required(target.config, '--target-config', 'config.yaml of your MAS')
  const { loadMasConfig } = await import('../targets/mas/config/load-mas-config.ts')
  const { openMas } = await import('../targets/mas/mas-target.ts')
  const config = await loadMasConfig(files, await overridden(settings['target.database']))
  return (signal) => openMas({ config, pepper: homeserver.pepper, conflicts, writers: readers + BUILDERS, signal })
}

const keycloakOpener = async ({
  target,
  settings,
  homeserver: { serverName, pepper },
  mapping: { conflicts, attributes = {} },
}: OpeningContext): Promise<MigrationRequest['openTarget']> => {
  const files = required(target.config, '--target-config', 'keycloak.yaml of your Keycloak')
  const { loadKeycloakConfig } = await import('../targets/keycloak/config/load-keycloak-config.ts')
  const { openKeycloak } = await import('../targets/keycloak/keycloak-target.ts')
  const config = await loadKeycloakConfig(files, await overridden(settings['target.database']))
  return (signal) =>
    openKeycloak({ config, serverName, conflicts, pepper, attributes: Object.keys(attributes), signal })
}

const auth0Opener = async ({
  target,
  settings,
  homeserver: { serverName, pepper },
  mapping: { conflicts },
}: OpeningContext): Promise<MigrationRequest['openTarget']> => {
  const files = required(target.config, '--target-config', 'auth0.yaml of your tenant')
  const { openAuth0 } = await import('../targets/auth0/auth0-target.ts')
  const config = await auth0ConfigOf(files)
  return (signal) => openAuth0({ config, serverName, conflicts, pepper, folder: runsFolder(settings), signal })
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

/** A database by its URL, in the place of the one that a configuration names. */
export const overridden = async (
  setting: Setting<string> | undefined,
): Promise<{ readonly databaseUrl?: PostgresSettings }> => {
  if (setting === undefined) return {}
  const { parsePostgresUrl } = await import('../postgres/url.ts')
  return { databaseUrl: parsePostgresUrl(setting.value, setting.origin) }
}

/** As `--synapse-database` names it: a URL, or a file of SQLite. */
const otherSource = async (
  setting: Setting<string> | undefined,
): Promise<{ readonly databaseUrl?: PostgresSettings } | { readonly sqlite: string }> =>
  setting?.value.startsWith(SQLITE_SCHEME) ? { sqlite: setting.value.slice(SQLITE_SCHEME.length) } : overridden(setting)

/**
 * The rules file, read.
 * @throws Syn2opError config.unreadable, mapping.invalid; also where MAS cannot follow a rule, which needs no database to be known.
 */
export const mappingOf = async ({ name, mapping: given }: NamedTarget): Promise<Mapping> => {
  const { defaultMapping, loadMapping, starterMapping } = await import('../mapping/load-mapping.ts')
  if (!OWN_TARGETS.includes(name)) return given === undefined ? defaultMapping() : loadMapping(given.value)
  const mapping = await loadMapping(given?.value ?? starterMapping(name))
  if (name === 'mas') requireFollowed(mapping, MAS)
  return mapping
}

const knownCodes = async (codes: readonly string[]): Promise<readonly string[]> => {
  const { unknownCodes } = await import('../findings/accept.ts')
  const unknown = unknownCodes(codes)
  if (unknown.length === 0) return codes
  throw new Syn2opError('usage', `No finding has the code ${unknown.join(', ')}`, {
    next: ['`syn2op check` shows each finding with its code; docs/reference/codes.md lists them all.'],
  })
}

const noDatabase = (): Syn2opError =>
  new Syn2opError('config.unsupported', 'homeserver.yaml names no database', {
    next: ['Name it: --synapse-database postgresql://user@host/database'],
  })
