import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import type { HomeserverConfig } from '../../../src/synapse/homeserver.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'

export interface ConfigFolder {
  readonly path: string
  /** Writes files, by their names in the folder, and reads the first (or those named) as Synapse's configuration. */
  load(files: Readonly<Record<string, string>>, named?: readonly string[]): Promise<HomeserverConfig>
  /** What is wrong, each as `file:line: message`. Fails where nothing is. */
  problems(files: Readonly<Record<string, string>>, named?: readonly string[]): Promise<readonly string[]>
  remove(): void
}

export const configFolder = (): ConfigFolder => {
  const path = mkdtempSync(join(tmpdir(), 'syn2op-config-'))
  const load: ConfigFolder['load'] = (files, named = Object.keys(files).slice(0, 1)) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      writeFileSync(join(path, name), text)
    }
    return loadHomeserver(named.map((name) => join(path, name)))
  }
  return {
    path,
    load,
    problems: async (files, named) => {
      const error: unknown = await load(files, named).then(
        () => new Error('The configuration was accepted'),
        (reason: unknown) => reason,
      )
      if (!(error instanceof Syn2opError)) throw error
      return error.problems.map(({ message, at }) => `${at?.file.slice(path.length + 1)}:${at?.line}: ${message}`)
    },
    remove: () => rmSync(path, { recursive: true }),
  }
}
