import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { platform } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is to become of a cluster's folder once its server has ended. */
export type Remains = 'delete' | 'keep'

const POLL_MS = 20
const PATIENCE_MS = 30_000

/**
 * The number of the server that serves a folder; undefined when none does. The first line of `postmaster.pid` says it, also after
 * a server that was killed: by then the number may be another program's, whose command line does not name the folder.
 */
const postmasterOf = async (folder: string): Promise<number | undefined> => {
  const data = join(folder, 'data')
  const lock = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(lock, 10)
  return Number.isSafeInteger(pid) && pid > 1 && serves(pid, data) ? pid : undefined
}

/** Whether a process was started for a folder; one that has ended has no command line any more. */
const serves = (pid: number, data: string): boolean => {
  try {
    if (platform() === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data)
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).includes(` ${data} `)
  } catch {
    return false
  }
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
 * A dead server whose parent is gone may stay a zombie: such a one has no command line.
 * @returns whether there was a server to end
 */
export const endCluster = async (folder: string, remains: Remains): Promise<boolean> => {
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
  return pid !== undefined
}
