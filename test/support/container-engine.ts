import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A container engine for tests: the one that runs already, or one of our own. */
export interface TestEngine {
  /** Its address for DOCKER_HOST; undefined: the usual one. */
  readonly address?: string
  stop(): Promise<void>
}

const has = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The engine's own client is asked: testcontainers remembers its first answer, and so the first DOCKER_HOST. */
const engineAnswers = (): boolean => {
  try {
    execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** SYN2OP_TEST_REQUIRE=containers (or all): a test of containers must not be skipped. */
const required = (): boolean => ['all', 'containers'].includes(process.env['SYN2OP_TEST_REQUIRE'] ?? '')

/** Why tests of containers are skipped here; undefined when they are not, or must not be. */
export const whyNoEngine = (): string | undefined => {
  if (required()) return undefined
  if (process.getuid?.() !== 0) return 'only root can make the image'
  for (const program of ['docker', 'debootstrap']) if (!has(program)) return `${program} is not installed`
  return engineAnswers() || has('dockerd') ? undefined : 'no container engine runs, and dockerd is not installed'
}

const daemon = async (folder: string, driver: readonly string[]): Promise<ChildProcess | undefined> => {
  const log = await open(join(folder, 'dockerd.log'), 'a')
  const child = spawn(
    'dockerd',
    [
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
      '--pidfile',
      join(folder, 'pid'),
      '--host',
      `unix://${join(folder, 'docker.sock')}`,
      ...driver,
    ],
    { stdio: ['ignore', log.fd, log.fd], detached: true },
  )
  await log.close()
  const ended = once(child, 'exit').then(
    () => 'ended',
    () => 'ended',
  )
  for (let attempt = 0; attempt < 600; attempt++) {
    if ((await readFile(join(folder, 'dockerd.log'), 'utf8')).includes('API listen on')) return child
    if ((await Promise.race([ended, sleep(50)])) === 'ended') return undefined
  }
  child.kill()
  return undefined
}

/**
 * Finds a running engine or starts Debian's, as root, with a folder and a socket of its own.
 * @throws when neither is possible, with the end of the daemon's log
 */
export const startEngine = async (): Promise<TestEngine> => {
  if (engineAnswers()) return { stop: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-engine-'))
  const child = (await daemon(folder, [])) ?? (await daemon(folder, ['--storage-driver=vfs']))
  if (child === undefined) {
    const log = existsSync(join(folder, 'dockerd.log')) ? await readFile(join(folder, 'dockerd.log'), 'utf8') : ''
    throw new Error(`dockerd does not start: ${log.trimEnd().split('\n').slice(-3).join('\n')}`)
  }
  const stop = async (): Promise<void> => {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  return { address: `unix://${join(folder, 'docker.sock')}`, stop }
}
