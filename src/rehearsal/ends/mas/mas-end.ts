import { loadMapping, starterMapping } from '../../../mapping/load-mapping.ts'
import { requireFollowed } from '../../../mapping/require-followed.ts'
import { connect } from '../../../postgres/connect.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import { loadMasConfig } from '../../../targets/mas/config/load-mas-config.ts'
import type { MasConfig } from '../../../targets/mas/config/mas-config.ts'
import { masDdl } from '../../../targets/mas/database/schema.ts'
import { openMas } from '../../../targets/mas/mas-target.ts'
import type { Images } from '../../services/containers/images.ts'
import { firstThatWorks } from '../../services/first-that-works.ts'
import { masWays } from '../../services/mas/mas-ways.ts'
import type { PostgresService } from '../../services/postgres/postgres-service.ts'
import type { Backend, StartContext } from '../../services/way.ts'
import type { RehearsalSource } from '../../sources/rehearsal-source.ts'
import type { ThrowAwayTarget, Unproved } from '../throw-away-target.ts'
import { configureMas } from './configure-mas.ts'
import { insertProviders } from './provider-rows.ts'
import { startMasProofs } from './start-mas-proofs.ts'

export interface MasEndOptions {
  readonly postgres: Pick<PostgresService, 'createDatabase'>
  readonly homeserver: HomeserverConfig
  /** Whose people move; default: those of the homeserver itself. */
  readonly people?: RehearsalSource['kind']
  /** The administrator's own files; absent or empty: a configuration that fits the homeserver is made. */
  readonly targetConfig?: readonly string[]
  readonly mapping?: string
  /** The program mas-cli; absent: MAS's image, or the one on the PATH, or MAS's tables alone. */
  readonly masCli?: string
  readonly images: Images
  readonly wanted?: Backend
  /** How many tables of the source are read at the same time. */
  readonly readers: number
  readonly context: StartContext
}

/** Connections that build indexes beside those that copies write through. */
const BUILDERS = 2

const NO_MAS: readonly Unproved[] = [
  {
    what: 'logins',
    why: 'No mas-cli is there, so no MAS ran and no password was tried: give its path with --mas-cli',
  },
  {
    what: 'tokens',
    why: 'No mas-cli is there, so no MAS ran and no old token was shown to it: give its path with --mas-cli',
  },
]

const MASKED =
  "MAS's configuration is given the server name, the pepper and the shared secret of the sample: whether yours are right is not rehearsed, `syn2op check` says so"

const SSO: Unproved = {
  what: 'sso',
  why: 'Nobody logged in by an identity provider: log in once by each of them after the cut-over',
}

/**
 * A MAS with nobody in it: its tables by its own program where one is there, else by us; its configuration the administrator's own, or
 * made to fit the homeserver.
 * @throws Syn2opError rehearsal.no-backend, config.invalid, config.unreadable, mapping.invalid
 */
export const masEnd = async (options: MasEndOptions): Promise<ThrowAwayTarget> => {
  const { homeserver, people = 'real', postgres, targetConfig = [], context } = options
  const mapping = await loadMapping(options.mapping ?? starterMapping('mas'))
  requireFollowed(mapping, { name: 'MAS' })
  const database = await postgres.createDatabase('mas')
  // What is wrong with it is told by its own lines.
  const theirs = targetConfig.length === 0 ? undefined : await loadMasConfig(targetConfig, { databaseUrl: database })
  const service = await firstThatWorks('MAS', masWays(options), { context })
  const { program } = service
  if (theirs !== undefined && people === 'sample') context.note(MASKED)
  const configured = await configureMas({
    homeserver,
    people,
    targetConfig,
    ...(theirs === undefined ? {} : { theirs }),
    ...(program === undefined ? {} : { program }),
    database,
    folder: context.lease.folder,
  })
  const { config, files } = configured
  if (program === undefined) await makeTables(config, context)
  else {
    await program.run(['database', 'migrate'], files, context)
    await program.run(['config', 'sync'], files, context)
  }
  const { conflicts } = mapping
  return {
    name: 'mas',
    services: [service.what],
    configFile: files.configFile,
    mapping,
    open: (signal) =>
      openMas({ config, pepper: homeserver.pepper, conflicts, writers: options.readers + BUILDERS, signal }),
    ...(program === undefined
      ? {}
      : { startProofs: (proofs) => startMasProofs({ program, postgres, configured, context: proofs }) }),
    unproved: [...(program === undefined ? NO_MAS : []), ...(homeserver.providers.length === 0 ? [] : [SSO])],
    stop: () => service.stop(),
  }
}

const makeTables = async ({ database, providers }: MasConfig, { signal }: StartContext): Promise<void> => {
  const client = await connect(database, { applicationName: 'syn2op rehearsal', access: 'read-write', signal })
  try {
    for (const statement of masDdl()) await client.query(statement)
    const rows = providers.map((provider) => ({ ...provider, clientId: 'syn2op-rehearsal' }))
    await insertProviders(client, rows, Date.now())
  } finally {
    await client.end()
  }
}
