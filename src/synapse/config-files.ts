import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocatedMap, Place } from '../config/yaml/located.ts'
import { parseLocated } from '../config/yaml/parse-located.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'

/** The main process, when a file says so in `worker_app`. */
const MAIN_APP = 'synapse.app.homeserver'

export interface SynapseFiles {
  /** The files read, folders replaced by the files in them. */
  readonly files: readonly string[]
  /** The top-level sections of the main process's files, the last file's winning whole. */
  readonly root: LocatedMap
  /** The files of workers among them: what they say counts for that worker alone. */
  readonly workers: readonly LocatedMap[]
  readonly problems: readonly Problem[]
}

/** A folder stands for its `*.yaml` files in sorted order, as for Synapse's own `--config-path`. */
const expand = async (path: string): Promise<readonly string[]> => {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const files: string[] = []
  for (const entry of entries) {
    const file = join(path, entry.name)
    if (entry.name.endsWith('.yaml') && (await stat(file)).isFile()) files.push(file)
  }
  return files.toSorted()
}

const readAll = async (paths: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const texts = new Map<string, string>()
  const problems: Problem[] = []
  for (const path of paths) {
    try {
      const files = await expand(path)
      if (files.length === 0) problems.push({ message: 'is a folder without any file *.yaml', at: { file: path } })
      for (const file of files) {
        // A file named twice counts where it stands last.
        texts.delete(file)
        texts.set(file, await readFile(file, 'utf8'))
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      problems.push({ message: `cannot be read (${code})`, at: { file: path } })
    }
  }
  if (problems.length === 0) return texts
  throw new Syn2opError('config.unreadable', "Synapse's configuration cannot be read", {
    problems,
    next: [
      'Give the paths of homeserver.yaml and of the files that Synapse reads over it, as a user who may read them',
    ],
  })
}

/** Where a file makes a worker of the process that reads it: the place of `worker_app`. */
const workerApp = (root: LocatedMap): Place | undefined => {
  const app = root.entries.get('worker_app')
  const isWorker = app?.kind === 'scalar' && typeof app.value === 'string' && app.value !== MAIN_APP
  return isWorker ? app.at : undefined
}

/**
 * Reads Synapse's configuration files and puts the later over the earlier, one top-level section at a time; files of
 * workers are kept apart.
 * Raises `config.unreadable` with every file that cannot be read; what is wrong inside them is returned.
 */
export const readSynapseFiles = async (paths: readonly string[]): Promise<SynapseFiles> => {
  const texts = await readAll(paths)
  const files = [...texts.keys()]
  const problems: Problem[] = []
  const roots: LocatedMap[] = []
  for (const [file, text] of texts) {
    const parsed = parseLocated(text, file, '1.1')
    problems.push(...parsed.problems)
    if (parsed.value === undefined) continue
    if (parsed.value.kind === 'map') roots.push(parsed.value)
    else problems.push({ message: 'the file must be a map of keys and values', at: parsed.value.at })
  }
  const workers = roots.filter((root) => workerApp(root) !== undefined)
  const main = roots.filter((root) => !workers.includes(root))
  if (main.length === 0 && problems.length === 0) problems.push(...workers.map(onlyWorkers))
  const entries = new Map(main.flatMap((root) => [...root.entries]))
  const keys = new Map(main.flatMap((root) => [...root.keys]))
  return {
    files,
    root: { kind: 'map', at: { file: main.at(-1)?.at.file ?? files.at(-1) ?? '', line: 1, column: 1 }, entries, keys },
    workers,
    problems,
  }
}

const onlyWorkers = (root: LocatedMap): Problem => ({
  message: 'this is the file of a worker; homeserver.yaml is missing',
  at: workerApp(root) ?? root.at,
  remedy: 'Name homeserver.yaml too, before the files of the workers',
})
