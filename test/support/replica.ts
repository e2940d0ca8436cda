import { execFile } from 'node:child_process'
import { appendFile, chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Client } from 'pg'
import { startPostgresServer } from './postgres-server.ts'
import { serverForTests, type TestPostgres } from './server-for-tests.ts'

/**
 * What a server needs so that another can follow it. What is committed is written at once, so that the position of the
 * log covers it.
 */
export const PRIMARY_OPTIONS = {
  configuration: {
    wal_level: 'replica',
    max_wal_senders: '5',
    wal_keep_size: '1GB',
    hot_standby: 'on',
    synchronous_commit: 'on',
  },
  hba: ['host replication all 127.0.0.1/32 scram-sha-256'],
} as const

/** A server that follows another one. */
export interface Replica extends TestPostgres {
  /** Waits until it has replayed all that the primary holds now. */
  catchUp(): Promise<void>
  /** Lets it receive, but not replay. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Makes it a primary of its own. */
  promote(): Promise<void>
  stop(): Promise<void>
}

const run = promisify(execFile)

/** Copies a running server's files while it is told that this happens: neither package of binaries has pg_basebackup. */
const copyData = async (primary: TestPostgres, from: string, to: string): Promise<void> => {
  const session: Client = await primary.superuser()
  try {
    await session.query(`SELECT pg_backup_start('replica', true)`)
    await run('cp', ['-a', from, to])
    const { rows } = await session.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    await writeFile(join(to, 'backup_label'), rows[0]?.labelfile ?? '')
  } finally {
    await session.end()
  }
  for (const file of ['postmaster.pid', 'postmaster.opts']) await rm(join(to, file), { force: true })
  const wal = join(to, 'pg_wal')
  for (const entry of await readdir(wal, { withFileTypes: true })) {
    if (entry.isFile()) await rm(join(wal, entry.name))
  }
}

const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 60_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`)
    await sleep(50)
  }
}

const ask = async (server: TestPostgres, expression: string): Promise<unknown> =>
  (await server.execute('postgres', `SELECT ${expression} AS answer`))[0]?.['answer']

/**
 * Starts a streaming replica of a server that was started with `PRIMARY_OPTIONS`.
 * @param options.binFolder the folder of the primary's binaries, where they are not the default ones.
 */
export const startReplica = async (
  primary: TestPostgres,
  options: { readonly binFolder?: string } = {},
): Promise<Replica> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-replica-'))
  const primaryData = join(primary.socketFolder, '..', 'data')
  const data = join(folder, 'data')
  await mkdir(folder, { recursive: true })
  await copyData(primary, primaryData, data)
  const { host, port, user, password } = primary
  await appendFile(
    join(data, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${host} port=${port} user=${user} password=${password} application_name=replica'\n`,
  )
  await writeFile(join(data, 'standby.signal'), '')
  const { uid, gid } = await stat(primaryData)
  for (const file of ['standby.signal', 'backup_label']) await chown(join(data, file), uid, gid)
  const server = await startPostgresServer({ keptFolder: folder, ...options, ...PRIMARY_OPTIONS })
  const replica = serverForTests(server)
  return {
    ...replica,
    catchUp: async () => {
      const position = await ask(primary, 'pg_current_wal_lsn()::text')
      await until(
        'the replica has caught up',
        async () => (await ask(replica, `pg_last_wal_replay_lsn() >= '${String(position)}'`)) === true,
      )
    },
    pause: async () => {
      await ask(replica, 'pg_wal_replay_pause()::text')
      await until('replay is paused', async () => (await ask(replica, 'pg_get_wal_replay_pause_state()')) === 'paused')
    },
    resume: async () => {
      await ask(replica, 'pg_wal_replay_resume()::text')
    },
    promote: async () => {
      await ask(replica, 'pg_promote()')
      await until('the replica is a primary', async () => (await ask(replica, 'pg_is_in_recovery()')) === false)
    },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
