import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RehearsalDocument } from '../../../src/report/documents.ts'
import { ending, type RunningProgram, startBuiltProgram } from '../built-program.ts'

/** A folder in which `syn2op rehearse` runs, with a folder for temporary files that nobody else uses. */
export interface RehearsalPlace {
  readonly folder: string
  /** For TMPDIR, of a program that is not started by this. */
  readonly temporary: string
  /** Starts the built program. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningProgram
  /** Rehearses to the end, which must be this exit code, and gives the document. */
  rehearse(
    args: readonly string[],
    wanted?: { readonly code?: number; readonly env?: Readonly<Record<string, string>> },
  ): Promise<RehearsalDocument>
  /** Names of what is left of rehearsals in the temporary folder. */
  leftOver(): Promise<readonly string[]>
  remove(): Promise<void>
}

export const makeRehearsalPlace = async (): Promise<RehearsalPlace> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-rehearses-'))
  const temporary = await mkdtemp(join(tmpdir(), 'syn2op-rehearsed-'))
  // As root the database runs as somebody else.
  await chmod(temporary, 0o755)
  const start: RehearsalPlace['start'] = (args, env = {}) =>
    startBuiltProgram(['rehearse', ...args], { folder, env: { TMPDIR: temporary, ...env } })
  return {
    folder,
    temporary,
    start,
    rehearse: async (args, { code = 0, env } = {}) => {
      const end = await start([...args, '--json'], env).ended
      const told = ending(end, code)
      if (end.code !== code) throw new Error(told)
      return JSON.parse(end.stdout) as RehearsalDocument
    },
    leftOver: async () => {
      const entries = await readdir(temporary, { recursive: true })
      // Node itself keeps what it compiled; the folder of all rehearsals stays.
      return entries.filter((name) => !name.startsWith('node-compile-cache') && !/^syn2op-rehearsals-\d+$/u.test(name))
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true })
      await rm(temporary, { recursive: true, force: true })
    },
  }
}
