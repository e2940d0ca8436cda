import { readFileSync } from 'node:fs'

/**
 * What tells a process from another one that has its number later, or in another container of the same name: the boot of the
 * machine and the moment of the start. Undefined where there is no such process, and where the system does not say so.
 * Source: proc(5), /proc/pid/stat: state is its third field, starttime (in ticks since boot) its 22nd.
 */
export const processMark = (pid: number): string | undefined => {
  try {
    const boot = bootOfMachine()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it is in parentheses, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state = ''] = fields
    const startTime = fields[19]
    return startTime === undefined || ENDED.includes(state) ? undefined : `${boot}/${startTime}`
  } catch {
    return undefined
  }
}

/** What a mark begins with. */
export const bootOfMachine = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Nobody has asked yet how it ended. */
const ENDED = ['Z', 'X']
