import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { endProgram, REHEARSAL_VARIABLE } from './end-program.ts'
import type { Belonging, Lease } from './lease.ts'
import { processStart } from './process-start.ts'

export interface ProgramOptions {
  readonly cwd?: string
  /** All that it has of an environment; with REHEARSAL_VARIABLE, by which a sweep knows its children. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly uid?: number
  readonly gid?: number
  /** Its standard output and standard error: an open file, or a pipe that the caller reads (then it cannot be kept). */
  readonly output: number | 'pipe' | 'ignore'
}

/** A program that runs on its own, known to the lease before it does anything. */
export interface RunningProgram {
  readonly child: ChildProcess
  /** Its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Ends it and all that it has started: SIGTERM, and SIGKILL for those who are there after 10 seconds. May be called more than once. */
  stop(): Promise<void>
  /** Lets it go on when we end. */
  keep(): Promise<void>
}

/** Waits until it may go; when we die before, it ends. The program then has the number and the start of this shell. */
const WAIT_THEN_RUN = 'read -r go <&3 || exit 0; exec 3<&-; exec "$@"'

/**
 * Starts a program that leads a group of processes of its own, so that a terminal's Ctrl-C does not reach it. It does not run before
 * the lease knows of it, so that there is no moment at which it would be left behind.
 * @throws Syn2opError rehearsal.no-backend where it cannot be started; that a program is missing shows as its exit code 127
 */
export const startProgram = async (
  lease: Lease,
  program: string,
  args: readonly string[],
  { cwd, env = {}, uid, gid, output }: ProgramOptions,
): Promise<RunningProgram> => {
  const options: SpawnOptions = {
    cwd: cwd ?? lease.folder,
    env: { ...env, [REHEARSAL_VARIABLE]: lease.id },
    stdio: ['ignore', output, output, 'pipe'],
    detached: true,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  }
  const child = spawn('/bin/sh', ['-c', WAIT_THEN_RUN, 'syn2op', program, ...args], options)
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0))
  })
  await once(child, 'spawn').catch((cause: unknown) => {
    throw new Syn2opError('rehearsal.no-backend', `The program ${program} cannot be started`, { cause })
  })
  const pid = child.pid ?? 0
  const started = processStart(pid)
  if (started === undefined) throw new Syn2opError('rehearsal.no-backend', `The program ${program} ended as it started`)
  const belonging = { kind: 'program', pid, started } as const satisfies Belonging
  try {
    await lease.holds(belonging)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  release(child)
  const kept = { yes: false }
  return {
    child,
    ended,
    async stop() {
      if (kept.yes) return
      await endProgram(belonging, lease.id)
      await lease.gone(belonging)
    },
    async keep() {
      kept.yes = true
      child.unref()
    },
  }
}

const release = (child: ChildProcess): void => {
  const gate = child.stdio[3]
  if (gate === null || gate === undefined || !('end' in gate)) return
  // It may have been killed in between.
  gate.on('error', () => {})
  gate.end('go\n')
}
