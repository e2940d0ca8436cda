import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { InstalledSynapse } from './install.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('start-each.py', import.meta.url))

/** How a start of Synapse ended. */
export interface EndedStart {
  /** Negative where it went on running and was ended. */
  readonly code: number
  readonly said: string
}

/**
 * Really starts Synapse with each of the files, one after the other: for those that it refuses, a tenth of a second each.
 * @param modules a folder with modules of Python that the files name.
 */
export const startEach = async (
  { python }: InstalledSynapse,
  files: readonly string[],
  modules: string,
): Promise<readonly EndedStart[]> => {
  const { stdout } = await run(python, [script, ...files], {
    env: { PATH: process.env['PATH'], PYTHONPATH: modules },
    maxBuffer: 64 * 1024 * 1024,
  })
  return JSON.parse(stdout) as readonly EndedStart[]
}
