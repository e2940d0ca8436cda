import { readdir, readFile } from 'node:fs/promises'
import { platform } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Belonging } from './lease.ts'
import { processStart } from './process-start.ts'

type Program = Extract<Belonging, { kind: 'program' }>

/** By which the processes of a rehearsal are known, also when the one that led them has ended. */
export const REHEARSAL_VARIABLE = 'SYN2OP_REHEARSAL'

const POLL_MS = 50
const PATIENCE_MS = 10_000

/**
 * Whether a program, or a process that it has started, is there. Where it has ended itself, its number may be another group's by
 * now: only processes that bear the rehearsal's id are taken for its own, and where a system does not show that, none.
 * Source: proc(5), /proc/pid/environ.
 */
export const groupLives = async ({ pid, started }: Program, id: string): Promise<boolean> => {
  if (processStart(pid) === started) return true
  if (platform() !== 'linux') return false
  for (const member of await membersOf(pid)) {
    const environment = await readFile(`/proc/${member}/environ`, 'utf8').catch(() => '')
    if (environment.split('\0').includes(`${REHEARSAL_VARIABLE}=${id}`)) return true
  }
  return false
}

/** Numbers of the processes in a group; those that have ended and only wait to be asked are none. */
const membersOf = async (group: number): Promise<readonly number[]> => {
  const members: number[] = []
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/u.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // The name before them is in parentheses, and may hold anything: state, parent, group.
    const [state, , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(its) === group && state !== 'Z' && state !== 'X') members.push(Number(name))
  }
  return members
}

/**
 * Ends a program and all that it has started: SIGTERM, and SIGKILL for those who are still there after 10 seconds.
 * Before each signal it is asked whether the group is still the program's.
 * @returns whether there was anything to end
 * @throws the system's error where the group may not be signalled, and Error where it outlives SIGKILL
 */
export const endProgram = async (program: Program, id: string): Promise<boolean> => {
  if (!(await groupLives(program, id))) return false
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    signalGroup(program.pid, name)
    const deadline = Date.now() + PATIENCE_MS
    while (Date.now() < deadline) {
      if (!(await groupLives(program, id))) return true
      await sleep(POLL_MS)
    }
  }
  throw new Error(`the program with the number ${program.pid} does not end`)
}

const signalGroup = (group: number, name: NodeJS.Signals): void => {
  try {
    process.kill(-group, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
