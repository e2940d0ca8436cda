import { startPostgresServer } from '../support/postgres-server.ts'
import { serverForTests, type TestPostgres } from '../support/server-for-tests.ts'

/** The flags of every measurement. */
export const SERVER_FLAGS = {
  /** A folder of PostgreSQL's programs, instead of the embedded ones. */
  'postgres-bin': { type: 'string' },
  /** Where the server's data stays for the next time. */
  'keep-dir': { type: 'string' },
} as const

interface ServerFlags {
  readonly 'postgres-bin'?: string | undefined
  readonly 'keep-dir'?: string | undefined
}

/** As on a server that somebody looks after, but for fsync, which would measure this machine's disk. */
const CONFIGURATION = {
  shared_buffers: '512MB',
  wal_level: 'replica',
  max_wal_size: '4GB',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  fsync: 'off',
}

/** Measures on a server of its own: says what is measured, on which version and with which configuration, and stops it afterwards. */
export const onBenchServer = async (
  what: string,
  { 'postgres-bin': binFolder, 'keep-dir': keptFolder }: ServerFlags,
  work: (postgres: TestPostgres) => Promise<void>,
): Promise<void> => {
  const server = await startPostgresServer({
    configuration: CONFIGURATION,
    ...(binFolder === undefined ? {} : { binFolder }),
    ...(keptFolder === undefined ? {} : { keptFolder }),
  })
  try {
    const postgres = serverForTests(server)
    const [about] = await postgres.execute('postgres', "SELECT current_setting('server_version') AS postgres")
    console.log(`${what} on ${JSON.stringify({ ...about, ...CONFIGURATION })}`)
    await work(postgres)
  } finally {
    await server.stop()
  }
}
