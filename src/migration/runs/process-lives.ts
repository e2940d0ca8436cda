import { hostname } from 'node:os'
import type { RunEvent } from '../../report/run-record.ts'
import { bootOfMachine, processMark } from './process-mark.ts'

type Started = Extract<RunEvent, { event: 'started' }>

/** Whether the process that began a run is still there, as far as this machine can say: a number alone is given anew. */
export const processLives = ({ host, pid, mark }: Pick<Started, 'host' | 'pid' | 'mark'>): boolean => {
  if (host !== hostname()) return false
  if (mark !== undefined) return processMark(pid) === mark
  // Who looks is not who runs: in a container the dead run had our number.
  return pid !== process.pid && processExists(pid)
}

/**
 * Whether the process that began a run ended with its machine, which was started anew since. Its sessions stay for a moment,
 * and are nobody's. More of a mark says nothing here: who looks may not see the processes of another container.
 */
export const diedWithMachine = ({ host, mark }: Pick<Started, 'host' | 'mark'>): boolean => {
  if (host !== hostname() || mark === undefined) return false
  try {
    return !mark.startsWith(`${bootOfMachine()}/`)
  } catch {
    return false
  }
}

/** Whether any process that we can see has this number, whosever it is. */
export const processExists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
