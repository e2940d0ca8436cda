import { finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import type { ServerHealth } from '../../postgres/server-health.ts'
import type { RelationCount } from '../../report/documents.ts'
import type { HomeserverConfig } from '../../synapse/homeserver.ts'
import { checkDatabaseState } from './check/database-state.ts'
import { checkDisk } from './check/disk.ts'
import { checkPasswords } from './check/passwords.ts'
import { checkProviders, type ProviderInUse } from './check/providers.ts'
import { checkSchema } from './check/schema.ts'
import { checkServer } from './check/server.ts'
import { checkSynapseSettings } from './check/synapse-settings.ts'
import type { MasConfig } from './config/mas-config.ts'
import type { MasInspection } from './database/inspection.ts'
import type { TablespaceUse } from './database/tablespaces.ts'

export interface MasCheck {
  readonly config: MasConfig
  readonly homeserver: HomeserverConfig
  readonly inspection: MasInspection
  /** The providers of the links that are to be carried. */
  readonly providersInUse: readonly ProviderInUse[]
  /** Are Synapse's and MAS's databases one and the same? */
  readonly sameDatabase: boolean
  /** What the run is about to do; without it, a load. */
  readonly road?: 'load' | 'copy' | 'merge'
  /** The run that filled MAS and ended before its rows were on record. */
  readonly unrecorded?: string
  /** Versions of MAS's schema migrations when the copy was made that stands aside. */
  readonly migrationsOfCopy?: readonly number[]
  /** How its server stands, and how many more connections the run opens at once. */
  readonly server?: { readonly health: ServerHealth; readonly connections: number }
  /** What a load writes, and where to. */
  readonly disk?: { readonly relations: readonly RelationCount[]; readonly use: TablespaceUse }
  /** How many password hashes are to be carried; without a count there are taken to be some. */
  readonly passwords?: number
}

const isSynapseDatabase = ({ database }: MasInspection): Finding =>
  finding('MAS_IS_SYNAPSE_DATABASE', {
    message: `MAS's configuration names the database ${database}, which is Synapse's.`,
    samples: [database],
    remedy: [
      `CREATE DATABASE mas OWNER <MAS's role> ENCODING 'UTF8' TEMPLATE template0;`,
      "Name it under `database` in MAS's configuration and run `mas-cli database migrate` and `mas-cli config sync`.",
    ],
  })

const isUnreadable = ({ tables }: MasInspection, name: string): boolean =>
  tables.some((table) => table.name === name && (!table.readable || table.filtered === true))

/**
 * Everything about MAS that stands in the way of a correct migration or that an administrator must know before one,
 * judged from what was read. Errors first is the renderer's affair: the order here is that of the work to do.
 */
export const checkMas = (check: MasCheck): readonly Finding[] => {
  const { config, homeserver, inspection, providersInUse, sameDatabase, server, disk } = check
  const settings = [
    ...checkSynapseSettings(config, homeserver),
    ...checkPasswords({ config, homeserver, pepper: homeserver.pepper, count: check.passwords }),
  ]
  const providers = checkProviders({
    configured: config.providers,
    // In Synapse's database no row can be there, and in a table that we may not read none is seen: both are said already.
    present:
      sameDatabase || isUnreadable(inspection, 'upstream_oauth_providers')
        ? config.providers.map(({ uuid }) => ({ uuid, disabled: false }))
        : inspection.providers,
    inUse: providersInUse,
  })
  const database = sameDatabase
    ? [isSynapseDatabase(inspection)]
    : [
        ...checkSchema(inspection),
        ...checkDatabaseState(inspection, check),
        ...(server === undefined ? [] : checkServer({ ...inspection, ...server })),
        ...(disk === undefined ? [] : checkDisk(disk.relations, disk.use)),
      ]
  return [...database, ...settings, ...providers]
}
