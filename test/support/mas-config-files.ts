import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { type Problem, Syn2opError } from '../../src/errors/syn2op-error.ts'
import { type LoadMasConfigOptions, loadMasConfig } from '../../src/targets/mas/config/load-mas-config.ts'
import type { MasConfig } from '../../src/targets/mas/config/mas-config.ts'

export const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
export const SECRETS = `secrets:\n  encryption: "${KEY}"\n`
export const DATABASE = 'database:\n  uri: postgresql://mas@db.example/mas\n'

/** The Syn2opError that a promise is rejected with. */
export const failure = async (promise: Promise<unknown>): Promise<Syn2opError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Syn2opError) return error
  throw new Error('No Syn2opError was raised', { cause: error })
}

export interface MasConfigFiles {
  path(name: string): string
  write(name: string, content: string): Promise<string>
  /** Writes the text as config.yaml and loads it. */
  load(content: string, options?: LoadMasConfigOptions): Promise<MasConfig>
  /** The problems with which such a text is refused. */
  problemsOf(content: string): Promise<readonly Problem[]>
}

/** A folder for configuration files, new for every test of the file that calls this. */
export const masConfigFiles = (): MasConfigFiles => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-mas-config-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const path = (name: string): string => join(folder, name)
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(path(name), content)
    return path(name)
  }
  const load = async (content: string, options?: LoadMasConfigOptions): Promise<MasConfig> =>
    loadMasConfig([await write('config.yaml', content)], options)
  const problemsOf = async (content: string): Promise<readonly Problem[]> => {
    const error = await failure(load(content))
    expect(error.code).toBe('config.invalid')
    return error.problems
  }
  return { path, write, load, problemsOf }
}
