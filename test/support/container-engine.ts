import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type NetworkBridge, networkBridge } from './network-bridge.ts'

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
  if (process.getuid?.() !== 0) return 'only root can make the images'
  for (const program of ['docker', 'mmdebstrap']) if (!has(program)) return `${program} is not installed`
  return engineAnswers() || has('dockerd') ? undefined : 'no container engine runs, and dockerd is not installed'
}

/** Another engine of this machine has rules for its own network, and a new one would begin by clearing them. */
const NO_RULES = ['--iptables=false']

const daemon = async (folder: string, options: readonly string[]): Promise<ChildProcess | undefined> => {
  const log = await open(join(folder, 'dockerd.log'), 'a')
  const places = Object.entries({ 'data-root': 'data', 'exec-root': 'exec', 'pidfile': 'pid' })
  const child = spawn(
    'dockerd',
    [
      ...places.map(([option, name]) => `--${option}=${join(folder, name)}`),
      `--host=unix://${join(folder, 'docker.sock')}`,
      ...NO_RULES,
      ...options,
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

/** Ends the engine when its standard input is closed: when it is told so, and when we end, whatever ends us. */
const END_ENGINE = join(import.meta.dirname, 'end-engine')

const guard = ({ pid = 0 }: ChildProcess, folder: string, { name }: NetworkBridge): ChildProcess => {
  const child = spawn('bash', [END_ENGINE, String(pid), folder, name], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  child.unref()
  return child
}

/**
 * Finds a running engine or starts Debian's, as root, with a folder, a socket and a network of its own. It ends with this
 * process, whatever ends that.
 * @throws when neither is possible, with the end of the daemon's log
 */
export const startEngine = async (): Promise<TestEngine> => {
  if (engineAnswers()) return { stop: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-engine-'))
  const bridge = await networkBridge()
  const network = `--bridge=${bridge.name}`
  const child = (await daemon(folder, [network])) ?? (await daemon(folder, [network, '--storage-driver=vfs']))
  if (child === undefined) {
    const log = await readFile(join(folder, 'dockerd.log'), 'utf8').catch(() => '')
    await bridge.remove()
    throw new Error(`dockerd does not start: ${log.trimEnd().split('\n').slice(-3).join('\n')}`)
  }
  const guarding = guard(child, folder, bridge)
  const gone = once(guarding, 'exit')
  const stop = async (): Promise<void> => {
    guarding.ref()
    guarding.stdin?.end()
    await gone
  }
  return { address: `unix://${join(folder, 'docker.sock')}`, stop }
}
