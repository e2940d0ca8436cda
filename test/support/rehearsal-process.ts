import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that has begun a rehearsal and waits for its death. */
export interface RehearsalProcess {
  readonly pid: number
  /** What its script has told. */
  readonly told: Readonly<Record<string, unknown>>
  /** Numbers of the guards of its leases. */
  guards(): readonly number[]
  /** SIGKILL for it alone: its guard sees that. */
  kill(): Promise<void>
  /** SIGKILL for it and its guard, as where a whole container or machine ends: only a later sweep can help. */
  killWithGuard(): Promise<void>
}

/** What the kernel says of a process; undefined where it is gone, be it only since the file was opened. */
const ofProcess = (pid: number, file: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return undefined
    throw error
  }
}

const children = (pid: number): readonly number[] =>
  (ofProcess(pid, `task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number)

const guardsOf = (pid: number): readonly number[] =>
  children(pid).filter((child) => ofProcess(child, 'cmdline')?.includes('leases/guard.ts'))

/** Whether a process runs; one that has ended and waits to be asked does not. */
export const runs = (pid: number): boolean => {
  const stat = ofProcess(pid, 'stat') ?? ') X'
  return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '')
}

/** Within a minute, or more where the machine is slow. */
export const comesTrue = async (what: () => boolean): Promise<boolean> => {
  for (let attempt = 0; attempt < 3000; attempt++) {
    if (what()) return true
    await sleep(20)
  }
  return false
}

/** A folder for leases, which the user of a database server can get through. */
export const leaseFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-leases-test-'))
  await chmod(folder, 0o711)
  return join(folder, 'leases')
}

/** The lease's file as it is. */
export const readLease = async (root: string, id: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(root, id, 'lease.json'), 'utf8')) as Record<string, unknown>

/**
 * Begins a rehearsal in a process of its own.
 * @param script the body of a module that has `lease`, `context`, `load(path in src/rehearsal)`, and ends with `tell({...})`
 */
export const rehearsalProcess = async (root: string, script: string): Promise<RehearsalProcess> => {
  const source = `
    const load = (path) => import(${JSON.stringify(`${resolve('src/rehearsal')}/`)} + path)
    const { takeLease } = await load('leases/take-lease.ts')
    const lease = await takeLease({ root: ${JSON.stringify(root)} })
    const context = { lease, note: () => {}, signal: new AbortController().signal }
    const tell = (what) => console.log(JSON.stringify({ id: lease.id, ...what }))
    setInterval(() => {}, 1000)
    ${script}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  const told = await firstLine(child)
  const pid = child.pid ?? 0
  const kill = async (): Promise<void> => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return {
    pid,
    told,
    guards: () => guardsOf(pid),
    kill,
    async killWithGuard() {
      const guards = guardsOf(pid)
      if (guards.length === 0) throw new Error('the rehearsal has no guard')
      for (const guard of guards) process.kill(guard, 'SIGKILL')
      await kill()
      if (!(await comesTrue(() => !guards.some(runs)))) throw new Error('the guard does not end')
    },
  }
}

const firstLine = async (child: ChildProcess): Promise<Readonly<Record<string, unknown>>> => {
  if (child.stdout === null) throw new TypeError('it has no output')
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the rehearsal ended with ${code}`)
    }),
  ])
  return JSON.parse(line) as Record<string, unknown>
}
