import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is to become of a cluster's folder once its server has ended. */
export type Remains = 'delete' | 'keep'

const POLL_MS = 20
const PATIENCE_MS = 30_000

/** The process id in the first line of `postmaster.pid`; undefined when no server has the folder. */
const postmasterOf = async (folder: string): Promise<number | undefined> => {
  const lock = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(lock, 10)
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Ends the server of a cluster, waits until it has let go of its folder, and deletes the folder unless it is to be kept.
 * Safe to call again, and by two processes at once. The signals are PostgreSQL's own: SIGINT is the fast shutdown,
 * SIGQUIT the immediate one, which is enough for data nobody wants.
 * The lock file is watched and not the process: a dead server whose parent is gone may stay a zombie.
 */
export const endCluster = async (folder: string, remains: Remains): Promise<void> => {
  const pid = await postmasterOf(folder)
  if (pid !== undefined) {
    signal(pid, remains === 'keep' ? 'SIGINT' : 'SIGQUIT')
    const deadline = Date.now() + PATIENCE_MS
    while ((await postmasterOf(folder)) === pid) {
      if (Date.now() > deadline) {
        signal(pid, 'SIGKILL')
        break
      }
      await sleep(POLL_MS)
    }
  }
  if (remains === 'delete') await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}
