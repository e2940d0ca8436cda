import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type ProgramResult, runProgram } from '../../../support/run-program.ts'
import { homeserverSettings, type SynapseOptions } from '../../../support/synapse/configuration.ts'

/** Whoever moves the people: a folder with configurations, in which commands are typed. */
export interface Administrator {
  /** Runs a command that is told where everything is. */
  syn2op(...words: readonly string[]): Promise<ProgramResult>
  /**
   * Runs one that must succeed, and agrees to what it asks.
   * @returns what it wrote to stdout
   */
  done(...words: readonly string[]): Promise<string>
  /** @returns the path of the file */
  write(name: string, content: string): Promise<string>
  writeHomeserver(options: SynapseOptions, port: number): Promise<void>
  leave(): Promise<void>
}

const FLAGS = ['--target-config=keycloak.yaml', '--synapse-config=homeserver.yaml', '--runs-dir=runs'] as const

export const administrator = async (): Promise<Administrator> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-proof-'))
  const syn2op: Administrator['syn2op'] = (...words) => runProgram([...words, ...FLAGS], { folder })
  const write: Administrator['write'] = async (name, content) => {
    await writeFile(join(folder, name), content, { mode: 0o600 })
    return join(folder, name)
  }
  return {
    syn2op,
    write,
    done: async (...words) => {
      const { code, stdout, stderr } = await syn2op(...words, '--yes')
      if (code === 0) return stdout
      throw new Error(`syn2op ${words.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`)
    },
    writeHomeserver: async (options, port) => {
      const settings = homeserverSettings(options, { folder, port, registrationSecret: 'registrations' })
      await write('homeserver.yaml', stringify(settings))
    },
    leave: () => rm(folder, { recursive: true, force: true }),
  }
}
