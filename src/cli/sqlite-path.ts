import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { Syn2opError } from '../errors/syn2op-error.ts'

/** Synapse reads a relative path from the folder in which it is started, which nothing here tells. */
export interface SqliteName {
  /** As `database.args.database` has it. */
  readonly name: string
  /** The configuration files of Synapse. */
  readonly files: readonly string[]
  /** The working folder. */
  readonly folder: string
}

/**
 * The file that a name in homeserver.yaml means: beside the configuration, or in the working folder.
 * @throws Syn2opError config.invalid where both are there.
 */
export const sqlitePath = (
  { name, files, folder }: SqliteName,
  exists: (path: string) => boolean = existsSync,
): string => {
  if (isAbsolute(name)) return name
  const places = [...files.map((file) => dirname(file)), folder].map((place) => resolve(place, name))
  const found = [...new Set(places)].filter(exists)
  if (found.length > 1) {
    throw new Syn2opError('config.invalid', `The SQLite file ${name} of Synapse's configuration may be each of these`, {
      problems: found.map((message) => ({ message })),
      next: [`Say which: --synapse-database sqlite:${found[0]}`],
    })
  }
  return found[0] ?? places[0] ?? name
}
