import type { Client } from 'pg'
import { connect } from '../../postgres/connect.ts'
import { describeServer } from '../../postgres/describe-server.ts'
import { isSameDatabase } from '../../postgres/same-database.ts'
import { describeSettings } from '../../postgres/settings.ts'
import type { EndDescription } from '../../report/documents.ts'
import type { Finding } from '../../report/finding.ts'
import type { LoadRequest, LoadResult, PastRun, Target, TargetCheck, VerifyResult } from '../target.ts'
import { bcryptScheme } from './bcrypt-scheme.ts'
import { checkMas } from './check-mas.ts'
import type { MasConfig } from './config/mas-config.ts'
import { inspectMas } from './database/inspect.ts'
import type { MasInspection } from './database/inspection.ts'
import { readRuns } from './load/journal.ts'
import { loadWithFreshIdentifiers } from './load/load-with-fresh-identifiers.ts'
import { applicationName, lockTarget } from './load/lock.ts'
import { recoverDeadRun } from './load/recover.ts'
import { deriveSeedKey, type IdentifierMethod } from './rows/identifiers.ts'
import { masTables } from './rows/tables.ts'
import { verifyTables } from './verify/verify-tables.ts'

export interface MasTargetOptions {
  readonly config: MasConfig
  /** Synapse's pepper, by which the password scheme is chosen; a secret. */
  readonly pepper: string | undefined
  /** How many connections a load works with. */
  readonly writers: number
  readonly signal: AbortSignal
}

/** MAS through its database. */
export const openMas = async ({ config, pepper, writers, signal }: MasTargetOptions): Promise<Target> => {
  const { database } = config
  const open: Client[] = []
  const openClient = async (name: string, access: 'read-only' | 'read-write'): Promise<Client> => {
    const client = await connect(database, { applicationName: name, signal, access })
    open.push(client)
    return client
  }
  const control = await openClient('syn2op', 'read-write')
  // One look serves a whole command; what matters to a load is asked again under its locks.
  let looked: Promise<MasInspection> | undefined
  const inspection = (): Promise<MasInspection> => (looked ??= inspectMas(control))
  const seedKey = deriveSeedKey(config.encryptionKey)
  const context = (decisions: LoadRequest['decisions'], method: IdentifierMethod) => ({
    decisions,
    seeds: { method, key: seedKey },
    passwordVersion: bcryptScheme(config, pepper)?.version ?? 1,
  })

  return {
    name: 'mas',
    providers: config.providers.flatMap(({ uuid, synapseIdpId }) =>
      synapseIdpId === undefined ? [] : [{ id: uuid, authProvider: synapseIdpId }],
    ),

    async describe(): Promise<EndDescription> {
      const server = await describeServer(control)
      const { migrations, schema } = await inspection()
      const last = migrations?.versions.at(-1)
      return {
        product: 'MAS',
        version: last === undefined ? 'no schema' : `${migrations?.versions.length} schema migrations, last ${last}`,
        location: describeSettings(database),
        schema: schema ?? 'none',
        postgres: server.version,
      }
    },

    async takeOver() {
      await lockTarget(control)
      const recovery = await recoverDeadRun(control)
      if (recovery === undefined) return undefined
      const doing = recovery.activity === '' ? '' : ` (it died in: ${recovery.activity})`
      return `Took back the unfinished run ${recovery.runId}${doing}: the tables of MAS are empty again, with all their indexes and constraints.`
    },

    async check({ homeserver, providersInUse, passwords, source }: TargetCheck): Promise<readonly Finding[]> {
      return checkMas({
        config,
        homeserver,
        inspection: await inspection(),
        providersInUse,
        passwords,
        sameDatabase: source === undefined ? false : await isSameDatabase(source, control),
      })
    },

    async load(request: LoadRequest): Promise<LoadResult> {
      const { schema } = await inspection()
      const clients = await Promise.all(
        Array.from({ length: writers }, () => openClient(applicationName(request.runId), 'read-write')),
      )
      return loadWithFreshIdentifiers({
        request,
        homeSchema: schema ?? 'public',
        seedKey,
        control,
        writers: clients,
        tables: (method) => masTables(context(request.decisions, method)),
      })
    },

    async pastRuns(): Promise<readonly PastRun[]> {
      return (await readRuns(control)).filter(({ state }) => state === 'done')
    },

    async verify({ decisions, readers }): Promise<VerifyResult> {
      const [last] = (await readRuns(control)).filter(({ state }) => state === 'done')
      const { schema } = await inspection()
      const clients = await Promise.all(readers.map(() => openClient('syn2op verify', 'read-only')))
      return verifyTables({
        shapes: masTables(context(decisions, last?.identifierMethod ?? 'fast')),
        schema: schema ?? 'public',
        sources: readers,
        targets: clients,
      })
    },

    async close() {
      await Promise.allSettled(open.map((client) => client.end()))
    },
  }
}
