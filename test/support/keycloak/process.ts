import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { guardGroup } from '../../../src/rehearsal/services/keycloak/guard-group.ts'

export interface KeycloakProcess {
  /** Resolves when it is gone. Whoever does not heed SIGTERM for 20 seconds is killed. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export interface Launch {
  readonly distribution: string
  readonly home: string
  readonly managementUrl: string
  readonly compiler: 'quick' | 'thorough'
}

/** A loaded machine takes minutes for what takes half of one at rest. */
const START_LIMIT_MS = 220_000

const COMPILERS = { quick: '-XX:TieredStopAtLevel=1', thorough: '' } as const

/** `kc.sh` and Java are a group of processes of their own, which one signal reaches. */
const signalGroup = (leader: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-leader, signal)
  } catch {
    // They are gone.
  }
}

const isReady = async (managementUrl: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${managementUrl}/health/ready`, { signal: AbortSignal.timeout(5000) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const waitUntilReady = async (child: ChildProcess, managementUrl: string, log: () => string): Promise<void> => {
  for (const deadline = Date.now() + START_LIMIT_MS; !(await isReady(managementUrl)); await sleep(200)) {
    if (!hasEnded(child) && Date.now() < deadline) continue
    const what = hasEnded(child) ? `ended (${child.exitCode ?? child.signalCode})` : 'is not ready'
    throw new Error(`The Keycloak of the tests ${what}: ${log().trimEnd().split('\n').slice(-20).join('\n')}`)
  }
}

/**
 * Starts a built Keycloak in a home folder and waits until it is ready.
 * @throws Error with the last lines of the log
 */
export const launch = async (options: Launch): Promise<KeycloakProcess> => {
  const { distribution, home, managementUrl, compiler } = options
  const child = spawn(
    join(distribution, 'bin', 'kc.sh'),
    [`-Dkc.home.dir=${home}`, '-cf', join(home, 'conf', 'keycloak.conf'), 'start', '--optimized'],
    {
      env: { ...process.env, JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx768m', JAVA_OPTS_APPEND: COMPILERS[compiler] },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  )
  let log = ''
  const note = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-20_000)
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  // Comes when the last process of the group has let go of the log: then its ports are free too.
  const gone = once(child, 'close')
  await once(child, 'spawn')
  const leader = child.pid
  if (leader === undefined) throw new Error('kc.sh has no process id')
  const guard = guardGroup(leader, home)
  const end: KeycloakProcess['end'] = async (signal) => {
    signalGroup(leader, hasEnded(child) ? 'SIGKILL' : signal)
    const patience = setTimeout(() => signalGroup(leader, 'SIGKILL'), 20_000)
    await gone
    clearTimeout(patience)
    guard.dismiss()
  }
  try {
    await waitUntilReady(child, managementUrl, () => log)
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return { end }
}
