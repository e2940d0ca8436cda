import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { freePort } from '../../free-port.ts'
import { type RunningProgram, startProgram } from '../../leases/start-program.ts'
import { writeSecret } from '../../write-secret.ts'
import type { StartContext } from '../way.ts'
import { type Configuration, configurationText } from './configuration.ts'
import { guardGroup } from './guard-group.ts'
import type { KeycloakAddress, KeycloakService } from './keycloak-service.ts'
import { untilAdministered } from './until-administered.ts'

/** Java's. quick: it starts in half the time and then works more slowly, so that times mean little. */
export type Compiler = 'quick' | 'thorough'

export interface KeycloakRun {
  /** As `makeHome` made it; goes with the server. */
  readonly home: string
  /** Without ports. */
  readonly configuration: Configuration
  /** Whom the configuration makes. */
  readonly administrator: Pick<KeycloakAddress, 'adminUser' | 'adminPassword'>
  readonly compiler: Compiler
  readonly context: StartContext
}

export type RunningKeycloak = KeycloakAddress & Pick<KeycloakService, 'keep' | 'stop'>

/** What of our environment it gets: a variable such as `KC_DB_URL` would lead it to somebody's real database. */
const PASSED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'JAVA_HOME']

const HEAP = { JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx1g' }
const COMPILERS = { quick: { JAVA_OPTS_APPEND: '-XX:TieredStopAtLevel=1' }, thorough: {} } as const

/** Somebody else may take a port while it starts. */
const ATTEMPTS = 3

const PORT_TAKEN = /already in use|already bound|BindException/iu

/**
 * Runs a Keycloak on free ports, and waits until its administrator can sign in.
 * @throws Syn2opError rehearsal.no-backend with the last lines of its log; the signal's reason when it is aborted
 */
export const runKeycloak = async (run: KeycloakRun): Promise<RunningKeycloak> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runAt(await freePort(), await freePort(), run)
    } catch (error) {
      const taken = error instanceof Syn2opError && error.problems.some(({ message }) => PORT_TAKEN.test(message))
      if (taken && attempt < ATTEMPTS) continue
      await rm(run.home, { recursive: true, force: true, maxRetries: 5 })
      throw error
    }
  }
}

const runAt = async (port: number, managementPort: number, run: KeycloakRun): Promise<RunningKeycloak> => {
  const { home, configuration, context } = run
  const { lease, signal } = context
  const ports = { 'http-port': String(port), 'http-management-port': String(managementPort) }
  await writeSecret(join(home, 'conf'), 'keycloak.conf', configurationText({ ...configuration, ...ports }))
  const log = join(lease.folder, 'keycloak.log')
  const program = await begin(run, log)
  const guard = guardGroup(program.child.pid ?? 0, home)
  const state: { ended?: string; isKept?: true } = {}
  void program.ended.then((how) => {
    state.ended = `it has ended (${how})`
    guard.dismiss()
  })
  const end = async (): Promise<void> => {
    await program.stop()
    guard.dismiss()
  }
  const address = { url: `http://127.0.0.1:${port}`, ...run.administrator }
  try {
    await untilAdministered(address, { ended: () => state.ended, signal })
  } catch (error) {
    await end()
    throw error instanceof Syn2opError ? await withLog(error, log) : error
  }
  return {
    ...address,
    async keep() {
      state.isKept = true
      await program.keep()
      guard.dismiss()
    },
    async stop() {
      if (state.isKept) return
      await end()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const begin = async ({ home, compiler, context }: KeycloakRun, log: string): Promise<RunningProgram> => {
  const output = await open(log, 'w', 0o600)
  const passed = Object.fromEntries(PASSED.map((name) => [name, process.env[name]]))
  try {
    return await startProgram(
      context.lease,
      join(home, 'bin', 'kc.sh'),
      ['-cf', join(home, 'conf', 'keycloak.conf'), 'start'],
      { env: { ...passed, ...HEAP, ...COMPILERS[compiler] }, output: output.fd },
    )
  } finally {
    await output.close()
  }
}

const LAST_LINES = 10

/** With the last of what it has written, which may name the database but no secret. */
const withLog = async (error: Syn2opError, log: string): Promise<Syn2opError> => {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-LAST_LINES)
  return new Syn2opError(error.code, error.message, {
    problems: lines.filter((line) => line.trim() !== '').map((message) => ({ message })),
    next: [...error.next],
    cause: error,
  })
}
