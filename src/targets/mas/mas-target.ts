import type { ConflictRules } from '../../mapping/mapping.ts'
import { describeServer } from '../../postgres/describe-server.ts'
import { isSameDatabase } from '../../postgres/same-database.ts'
import { readServerHealth } from '../../postgres/server-health.ts'
import { describeSettings } from '../../postgres/settings.ts'
import type { Target } from '../target.ts'
import { bcryptScheme } from './bcrypt-scheme.ts'
import { foldAsMas } from './check/fold.ts'
import { checkMas } from './check-mas.ts'
import type { MasConfig } from './config/mas-config.ts'
import { connectionsTo } from './connections.ts'
import { inspectMas } from './database/inspect.ts'
import type { MasInspection } from './database/inspection.ts'
import { readTablespaces } from './database/tablespaces.ts'
import { readRuns, STAGING_SCHEMA } from './load/journal.ts'
import { endBackendsOf, lockTarget, MERGE_APPLICATION, ownerName } from './load/lock.ts'
import { recoverDeadRun } from './load/recover.ts'
import type { MasDatabase } from './mas-database.ts'
import { applyChanges } from './merge/apply-changes.ts'
import type { MasChanges } from './merge/changes.ts'
import { planBatch } from './merge/plan-batch.ts'
import { readHistory } from './road/history.ts'
import { lookAside, standsAside } from './road/location.ts'
import { masRoad } from './road/mas-road.ts'
import { dropHelpingIndexes } from './rollback/helping-indexes.ts'
import { deriveSeedKey } from './rows/identifiers.ts'

export interface MasTargetOptions {
  readonly config: MasConfig
  /** Synapse's pepper, by which the password scheme is chosen; a secret. */
  readonly pepper: string | undefined
  readonly conflicts: ConflictRules
  /** How many connections a load works with. */
  readonly writers: number
  readonly signal: AbortSignal
}

/** What one transaction merges; larger ones hold row locks for longer, smaller ones wait for more commits. */
const BATCH_SIZE = 5000

/** MAS through its database. */
export const openMas = async ({
  config,
  pepper,
  conflicts,
  writers,
  signal,
}: MasTargetOptions): Promise<Target<MasChanges>> => {
  const { close, ...connections } = connectionsTo(config.database, signal)
  const control = await connections.open(ownerName(), 'read-write')
  let looked: Promise<MasInspection> | undefined
  const look = async (): Promise<MasInspection> => {
    if (await standsAside(control)) await lookAside(control, await homeSchema())
    return inspectMas(control)
  }
  const inspection = (): Promise<MasInspection> => (looked ??= look())
  let home: Promise<string> | undefined
  const findHome = async (): Promise<string> => {
    const copy = (await standsAside(control)) ? (await readRuns(control)).at(0) : undefined
    return copy?.homeSchema ?? (await inspection()).schema ?? 'public'
  }
  const homeSchema = (): Promise<string> => (home ??= findHome())
  const seedKey = deriveSeedKey(config.encryptionKey)
  const passwordVersion = bcryptScheme(config, pepper)?.version ?? 1
  const database: MasDatabase = {
    config,
    conflicts,
    control,
    writers,
    ...connections,
    inspection,
    homeSchema,
    schema: async () => ((await standsAside(control)) ? STAGING_SCHEMA : homeSchema()),
    seedKey,
    rows: (decisions, method) => ({
      decisions,
      serverName: config.homeserver,
      seeds: { method, key: seedKey },
      passwordVersion,
    }),
  }

  return {
    name: 'mas',
    batchSize: BATCH_SIZE,
    providers: config.providers.flatMap(({ uuid, synapseIdpId }) =>
      synapseIdpId === undefined ? [] : [{ id: uuid, authProvider: synapseIdpId }],
    ),
    rowRules: [`passwords under version ${passwordVersion} of MAS's password schemes`],
    shut: {
      passwords: !config.passwordsEnabled,
      providers: config.providers.filter(({ enabled }) => !enabled).map(({ uuid }) => uuid),
    },
    sql: masRoad(database),

    async describe() {
      const server = await describeServer(control)
      const { migrations, schema } = await inspection()
      const last = migrations?.versions.at(-1)
      return {
        product: 'MAS',
        version: last === undefined ? 'no schema' : `${migrations?.versions.length} schema migrations, last ${last}`,
        location: describeSettings(config.database),
        // Where MAS reads them, also while a copy stands aside.
        schema: schema === undefined ? 'none' : await homeSchema(),
        postgres: server.version,
      }
    },

    async identity() {
      const { systemIdentifier, serverAddress, database: name } = await describeServer(control)
      return [config.homeserver, systemIdentifier ?? serverAddress ?? describeSettings(config.database), name]
    },

    async takeOver() {
      await lockTarget(control)
      await endBackendsOf(control, MERGE_APPLICATION)
      await dropHelpingIndexes(control)
      const recovery = await recoverDeadRun(control)
      if (recovery === undefined) return undefined
      const doing = recovery.activity === '' ? '' : ` (it died in: ${recovery.activity})`
      return `Took back the unfinished run ${recovery.runId}${doing}: the tables of MAS are empty again, with all their indexes and constraints.`
    },

    async check({ homeserver, providersInUse, passwords, relations, source, road }) {
      const { unrecorded } = await readHistory(database)
      const first = (await readRuns(control)).findLast(({ state }) => state === 'done')
      return checkMas({
        config,
        homeserver,
        inspection: await inspection(),
        providersInUse,
        ...(passwords === undefined ? {} : { passwords }),
        sameDatabase: source === undefined ? false : await isSameDatabase(source, control),
        road,
        server: {
          health: await readServerHealth(control),
          // A load opens all of them at once; a merge works with what it gets.
          connections: road === 'load' ? writers : 1,
        },
        ...(relations === undefined || road !== 'load'
          ? {}
          : { disk: { relations, use: await readTablespaces(control, await homeSchema()) } }),
        ...(unrecorded === undefined ? {} : { unrecorded: unrecorded.runId }),
        ...(first === undefined ? {} : { migrationsOfCopy: first.masMigrations }),
      })
    },

    fold: (texts) => foldAsMas(control, texts),
    plan: (batch, stop) => planBatch(database, batch, stop),
    apply: (changes, run) => applyChanges(database, changes, run),

    close,
  }
}
