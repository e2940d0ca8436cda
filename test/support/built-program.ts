import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ProgramOptions, ProgramResult } from './run-program.ts'

export interface ProgramEnd extends ProgramResult {
  /** The signal that ended it, when one did. */
  readonly signal: NodeJS.Signals | null
}

export interface RunningProgram {
  readonly child: ChildProcess
  readonly ended: Promise<ProgramEnd>
  /** Whether it has ended. */
  hasEnded(): boolean
  /** What it has said on stderr so far. */
  told(): string
}

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a line as a shell reads it, in which `syn2op` is syn2op as it was built. */
export const runTyped = (line: string, options: ProgramOptions = {}): Promise<ProgramEnd> => {
  const shell = `syn2op() { '${process.execPath}' '${repository}/bin/run.js' "$@"; }; ${line}`
  return watched(spawn('/bin/sh', ['-c', shell], spawnOptions(options))).ended
}

/** Starts syn2op as it was built, as administrators have it: a process of its own, without a terminal. */
export const startBuiltProgram = (args: readonly string[], options: ProgramOptions = {}): RunningProgram => {
  if (!existsSync(`${repository}/dist/commands`)) throw new Error('There is no dist/: run `npm run build` first')
  return watched(spawn(process.execPath, [`${repository}/bin/run.js`, ...args], spawnOptions(options)))
}

const spawnOptions = (options: ProgramOptions): SpawnOptions => ({
  cwd: options.folder ?? repository,
  env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
  stdio: ['ignore', 'pipe', 'pipe'],
})

const watched = (child: ChildProcess): RunningProgram => {
  const told = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (told.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (told.stderr += text))
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...told }))
  })
  return {
    child,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    told: () => told.stderr,
  }
}

export const runBuiltProgram = (args: readonly string[], options: ProgramOptions = {}): Promise<ProgramEnd> =>
  startBuiltProgram(args, options).ended

/** Waits until a run has said something on stderr. */
export const untilTold = async (run: RunningProgram, words: string): Promise<void> => {
  while (!run.hasEnded() && !run.told().includes(words)) await sleep(2)
  if (run.told().includes(words)) return
  await run.ended
  if (!run.told().includes(words)) throw new Error(`It ended without saying “${words}”: ${run.told()}`)
}

/** A short form for assertions that shows what the program said when it ended otherwise: its last words first. */
export const ending = ({ code, stdout, stderr }: ProgramEnd, wanted: number): string =>
  code === wanted ? `exit ${code}` : [`exit ${code}`, stderr, ...stdout.split('\n').toReversed()].join('\n')
