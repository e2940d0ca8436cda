import { randomBytes } from 'node:crypto'
import { stringify } from 'yaml'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import { loadMasConfig } from '../../../targets/mas/config/load-mas-config.ts'
import type { MasConfig } from '../../../targets/mas/config/mas-config.ts'
import { freePort } from '../../free-port.ts'
import type { MasFiles, MasProgram } from '../../services/mas/mas-service.ts'
import type { RehearsalSource } from '../../sources/rehearsal-source.ts'
import { writeSecret } from '../../write-secret.ts'
import { asTheSample } from './as-the-sample.ts'
import { fittingConfig } from './fitting-config.ts'
import { type MasYaml, namedFiles, readOwnConfig, sectionOf } from './own-config.ts'
import { throwAwayConfig } from './throw-away-config.ts'

export interface MasToConfigure {
  readonly homeserver: HomeserverConfig
  /** The administrator's own files. */
  readonly targetConfig: readonly string[]
  /** The same, read. */
  readonly theirs?: MasConfig
  /** Whose people move into it. */
  readonly people: RehearsalSource['kind']
  readonly program?: MasProgram
  readonly database: PostgresSettings
  /** For the files. */
  readonly folder: string
}

/** What is put into a file of its own for each use. */
export interface MasPlace {
  readonly file: string
  readonly database: PostgresSettings
  readonly port: number
  readonly homeserverUrl: string
}

/** MAS's configuration in a rehearsal. */
export interface ConfiguredMas {
  readonly config: MasConfig
  readonly files: MasFiles
  /** What the homeserver and MAS know each other by: a secret. */
  readonly secret: string
  /** The same configuration for another place. */
  writeFor(place: MasPlace): Promise<MasFiles>
}

/** Where Synapse usually answers its MAS. Nobody asks there before the proofs. */
const USUAL_SYNAPSE = 'http://127.0.0.1:8008/'

/** Paths of this machine are nothing to a container: it has its own. */
const withoutPlaces = (yaml: MasYaml): MasYaml => {
  const { templates: _, ...others } = yaml
  const { wasm_module: __, ...policy } = sectionOf(yaml, 'policy')
  return { ...others, policy }
}

const ownConfig = async ({
  homeserver,
  targetConfig,
  people,
}: Pick<MasToConfigure, 'homeserver' | 'targetConfig' | 'people'>): Promise<MasYaml> => {
  const yaml = await readOwnConfig(targetConfig)
  return people === 'sample' ? asTheSample(yaml, homeserver) : yaml
}

/**
 * Writes MAS's configuration, which only its owner can read: the administrator's own where there is one, in a place of its own.
 * @throws Syn2opError config.invalid, config.unreadable
 */
export const configureMas = async ({
  homeserver,
  targetConfig,
  theirs,
  people,
  program,
  database,
  folder,
}: MasToConfigure): Promise<ConfiguredMas> => {
  const own = theirs === undefined ? fittingConfig(homeserver) : await ownConfig({ homeserver, targetConfig, people })
  const yaml = program?.sees === 'files it is given' ? withoutPlaces(own) : own
  // Its file need not be on this machine; then any will do, since both who know it are ours.
  const unknown = theirs !== undefined && theirs.matrixSecret === undefined
  const made = unknown ? { secret: homeserver.delegation?.secret ?? randomBytes(32).toString('hex') } : {}
  const { share } = program ?? {}
  const writeFor = async ({ file, ...place }: MasPlace): Promise<MasFiles> => {
    const content = throwAwayConfig(yaml, {
      ...place,
      ...made,
      use: program === undefined ? 'to read' : 'to run',
      ...(share === undefined ? {} : { share }),
    })
    return { configFile: await writeSecret(folder, file, stringify(content)), named: namedFiles(content) }
  }
  const files = await writeFor({ file: 'mas.yaml', database, port: await freePort(), homeserverUrl: USUAL_SYNAPSE })
  const config = await loadMasConfig([files.configFile], { databaseUrl: database })
  return { config, files, secret: config.matrixSecret ?? '', writeFor }
}
