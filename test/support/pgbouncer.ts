import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../src/rehearsal/free-port.ts'
import { ordinaryUser } from '../../src/rehearsal/ordinary-user.ts'
import { serverForTests, type TestPostgres } from './server-for-tests.ts'

/** A real PgBouncer in front of a server. */
export interface Pooler extends TestPostgres {
  stop(): Promise<void>
}

/** Debian keeps it where an ordinary user's path does not lead. */
const PROGRAM = '/usr/sbin/pgbouncer'

/** Why tests with a pooler are skipped here; undefined when they are not, or must not be. */
export const whyNoPooler = (): string | undefined => {
  if (process.env['SYN2OP_TEST_REQUIRE'] === 'all') return undefined
  try {
    execFileSync(PROGRAM, ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'pgbouncer is not installed'
  }
}

const answers = async (postgres: TestPostgres): Promise<boolean> => {
  const client = new pg.Client({ ...postgres, database: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

const stopped = async (program: ChildProcess): Promise<void> => {
  if (program.exitCode !== null || program.signalCode !== null) return
  const end = once(program, 'exit')
  program.kill('SIGTERM')
  await end
}

/**
 * Starts one that whoever knows its port may use.
 * @param options.mode when a session of the server is given to somebody else: after each transaction, or when its client leaves.
 * @param options.settings more lines of its configuration.
 */
export const startPooler = async (
  postgres: TestPostgres,
  options: { readonly mode: 'transaction' | 'session'; readonly settings?: readonly string[] },
): Promise<Pooler> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-pgbouncer-'))
  const port = await freePort()
  const { host, user, password } = postgres
  const file = join(folder, 'pgbouncer.ini')
  await writeFile(
    file,
    [
      '[databases]',
      `* = host=${host} port=${postgres.port} user=${user} password=${password}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${options.mode}`,
      'ignore_startup_parameters = extra_float_digits',
      ...(options.settings ?? []),
      '',
    ].join('\n'),
    { mode: 0o600 },
  )
  const as = await ordinaryUser()
  if (as !== undefined) for (const path of [folder, file]) await chown(path, as.uid, as.gid)
  const program = spawn(PROGRAM, ['-q', file], { stdio: 'ignore', ...as })
  const stop = async (): Promise<void> => {
    await stopped(program)
    await rm(folder, { recursive: true, force: true })
  }
  const pooled = serverForTests({ ...postgres, host: '127.0.0.1', port })
  for (const deadline = Date.now() + 60_000; !(await answers(pooled)); await sleep(50)) {
    if (Date.now() < deadline && program.exitCode === null) continue
    await stop()
    throw new Error('PgBouncer does not answer')
  }
  return { ...pooled, stop }
}
