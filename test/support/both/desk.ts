import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ending, type ProgramEnd, runTyped } from '../built-program.ts'

/** A folder in which an administrator types what a how-to says. */
export interface Desk {
  readonly folder: string
  type(line: string): Promise<ProgramEnd>
  /**
   * Types a line that must succeed.
   * @returns what it wrote to stdout
   */
  done(line: string): Promise<string>
  /**
   * Writes a file that only the administrator may read.
   * @returns its path
   */
  write(name: string, content: string): Promise<string>
  leave(): Promise<void>
}

export const sitDown = async (): Promise<Desk> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-desk-'))
  const type = (line: string): Promise<ProgramEnd> => runTyped(line, { folder })
  return {
    folder,
    type,
    done: async (line) => {
      const end = await type(line)
      if (end.code !== 0) throw new Error(`${line}: ${ending(end, 0)}`)
      return end.stdout
    },
    write: async (name, content) => {
      const file = join(folder, name)
      await writeFile(file, content, { mode: 0o600 })
      return file
    },
    leave: () => rm(folder, { recursive: true, force: true }),
  }
}
