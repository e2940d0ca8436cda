import type { Located, LocatedMap } from '../config/yaml/located.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import { describeSettings } from '../postgres/settings.ts'
import { readDatabase, type SynapseDatabase } from './database-section.ts'
import type { SynapseWorker } from './homeserver.ts'
import { isPresent, valueAt } from './yaml-truth.ts'

/** The main process, where settings name the process that does a work. */
const MAIN = ['main', 'master']

/** Settings whose value is the name of a process, or a list of names. */
const NAMING = [
  'federation_sender_instances',
  'pusher_instances',
  'run_background_tasks_on',
  'update_user_directory_from_worker',
  'notify_appservices_from_worker',
  'media_instance_running_background_jobs',
]

interface WorkersOptions {
  readonly root: LocatedMap
  /** The workers' own files. */
  readonly files: readonly LocatedMap[]
  /** Of the main process; absent: there is nothing to compare with. */
  readonly database: SynapseDatabase | undefined
}

/**
 * The workers that have a file among those given, and those that homeserver.yaml names for some work. One that has
 * neither is not known. Source: Synapse's documentation, "Scaling synapse via workers".
 */
export const readWorkers = (
  { root, files, database }: WorkersOptions,
  problems: Problem[],
): readonly SynapseWorker[] => {
  const ofFiles = files.map((worker): SynapseWorker => {
    const own = ownDatabase(worker, problems)
    const differs = own !== undefined && database !== undefined && own !== databaseName(database)
    return {
      name: textAt(worker, 'worker_name') ?? textAt(worker, 'worker_app') ?? worker.at.file,
      file: worker.at.file,
      ...(differs ? { database: own } : {}),
    }
  })
  const known = new Set(ofFiles.map(({ name }) => name))
  const named = [...new Set(namedIn(root))].filter((name) => !MAIN.includes(name) && !known.has(name))
  return [...ofFiles, ...named.map((name) => ({ name }))]
}

const textAt = (root: Located, path: string): string | undefined => {
  const value = valueAt(root, path)
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
}

const ownDatabase = (worker: LocatedMap, problems: Problem[]): string | undefined => {
  if (!['database', 'databases', 'database_path'].some((key) => isPresent(valueAt(worker, key)))) return undefined
  return databaseName(readDatabase(worker, problems))
}

const databaseName = ({ database, sqlite }: SynapseDatabase): string | undefined =>
  database === undefined ? sqlite : describeSettings(database)

const namedIn = (root: LocatedMap): readonly string[] => {
  const map = valueAt(root, 'instance_map')
  const writers = valueAt(root, 'stream_writers')
  return [
    ...(map?.kind === 'map' ? map.entries.keys() : []),
    ...(writers?.kind === 'map' ? [...writers.entries.values()].flatMap(textsIn) : []),
    ...NAMING.flatMap((path) => textsIn(valueAt(root, path))),
  ]
}

const textsIn = (value: Located | undefined): readonly string[] => {
  if (value?.kind === 'list') return value.items.flatMap(textsIn)
  return value?.kind === 'scalar' && typeof value.value === 'string' && value.value !== '' ? [value.value] : []
}
