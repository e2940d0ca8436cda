import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { locatePostgres } from './postgres-binaries.ts'

/** Where a test server is. Plain data: vitest hands it from the global set-up to the tests. */
export interface PostgresAddress {
  /** Always 127.0.0.1. */
  readonly host: string
  readonly port: number
  /** The folder of the unix socket. */
  readonly socketFolder: string
  /** A superuser who needs a password everywhere. */
  readonly user: string
  readonly password: string
}

export interface PostgresServerOptions {
  /** Lines for postgresql.conf, over the helper's own. */
  readonly configuration?: Readonly<Record<string, string>>
  /** Lines that stand before the helper's own in pg_hba.conf. */
  readonly hba?: readonly string[]
  /** Files to write into the data folder, such as server.key; they get mode 0600 and the server's owner. */
  readonly files?: Readonly<Record<string, string>>
  /** A folder that outlives `stop`, with the databases; one that an earlier server left is taken up again. */
  readonly keptFolder?: string
  /** The folder of `initdb` and `postgres`. Default: see `locatePostgres`. */
  readonly binFolder?: string
}

export interface PostgresServer extends PostgresAddress {
  stop(): Promise<void>
  /**
   * Ends the server and starts it again on the same port. `fast`: sessions are told; `immediate`: as if it had crashed, it
   * recovers from its log.
   */
  restart(mode: 'fast' | 'immediate'): Promise<void>
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root: the user postgres, or at worst nobody, does it then. */
const serverOwner = (): Owner | undefined => {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  }
  throw new Error('Running as root, and there is neither a user postgres nor nobody to run PostgreSQL as')
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port on the loopback address')
  return address.port
}

const configurationText = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')

const initialise = async (data: string, password: string, initdb: string, owner: Owner | undefined): Promise<void> => {
  const passwordFile = join(data, '..', 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (owner) await chown(passwordFile, owner.uid, owner.gid)
  const args = ['-D', data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync']
  const child = spawn(initdb, [...args, '--encoding=UTF8', '--locale=C'], {
    ...owner,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`initdb failed (${code}): ${complaint}`)
}

const answers = async (address: PostgresAddress): Promise<void> => {
  const client = new pg.Client({ ...address, database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  await client.end()
}

const waitUntilReady = async (address: PostgresAddress, child: ChildProcess, log: () => string): Promise<void> => {
  const deadline = Date.now() + 120_000
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The test server ended (${child.exitCode}): ${log()}`)
    try {
      return await answers(address)
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`The test server does not answer: ${log()}`, { cause: error })
      await sleep(50)
    }
  }
}

/**
 * Starts a throw-away PostgreSQL on the loopback address and a unix socket, in a new folder below the system's folder
 * for temporary files, which `stop` removes. Durability is off: keep nothing in it that cannot be made again.
 */
export const startPostgresServer = async (options: PostgresServerOptions = {}): Promise<PostgresServer> => {
  const { keptFolder, binFolder } = options
  const { initdb, postgres } = await locatePostgres(
    binFolder === undefined ? process.env : { SYN2OP_TEST_POSTGRES_BIN: binFolder },
  )
  const owner = serverOwner()
  const folder = keptFolder ?? (await mkdtemp(join(tmpdir(), 'syn2op-pg-')))
  await mkdir(folder, { recursive: true })
  const data = join(folder, 'data')
  if (owner) await chown(folder, owner.uid, owner.gid)
  const password = 'test'
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(data, password, initdb, owner)

  const socketFolder = join(folder, 'socket')
  await mkdir(socketFolder, { recursive: true })
  for (const [name, content] of Object.entries(options.files ?? {})) {
    await writeFile(join(data, name), content, { mode: 0o600 })
    if (owner) await chown(join(data, name), owner.uid, owner.gid)
  }
  if (owner) await chown(socketFolder, owner.uid, owner.gid)
  const port = await freePort()
  await appendFile(
    join(data, 'postgresql.conf'),
    configurationText({
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: socketFolder,
      max_connections: '200',
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      ...options.configuration,
    }),
  )
  if (options.hba) {
    const own = ['local all all scram-sha-256', 'host all all all scram-sha-256']
    await writeFile(join(data, 'pg_hba.conf'), `${[...options.hba, ...own].join('\n')}\n`)
  }

  let log = ''
  const launch = (): ChildProcess => {
    const launched = spawn(postgres, ['-D', data], { ...owner, stdio: ['ignore', 'ignore', 'pipe'] })
    launched.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000)
    })
    return launched
  }
  let child = launch()
  const end = async (signal: 'SIGQUIT' | 'SIGINT'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  // SIGQUIT ends the server at once; without this it would outlive a test run that dies.
  const killWithUs = (): void => void child.kill(keptFolder === undefined ? 'SIGQUIT' : 'SIGINT')
  process.once('exit', killWithUs)

  const address: PostgresAddress = { host: '127.0.0.1', port, socketFolder, user: 'postgres', password }
  const stop = async (): Promise<void> => {
    process.off('exit', killWithUs)
    await end(keptFolder === undefined ? 'SIGQUIT' : 'SIGINT')
    if (keptFolder === undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    await waitUntilReady(address, child, () => log)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ...address,
    stop,
    restart: async (mode) => {
      await end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
      child = launch()
      await waitUntilReady(address, child, () => log)
    },
  }
}
