import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { endCluster } from '../end-cluster.ts'
import { wordsOf } from '../words-of.ts'
import { endProgram } from './end-program.ts'
import { filesIn, leftAlone, RUNS, UNSEEN } from './left-alone.ts'
import { folderOfProcesses, isGuarded, leadersOf, showsProcesses } from './processes-of.ts'
import type { Swept } from './sweep.ts'

/** Why nothing may be touched of a rehearsal that has no folder among the leases; undefined: its processes say nothing against it. */
export const whyAlone = async (id: string): Promise<string | undefined> => {
  if (await isGuarded(id)) return RUNS
  const folder = await folderOfProcesses(id)
  return folder === undefined ? undefined : filesIn(folder)
}

/**
 * Ends what bears the id of a rehearsal on this machine, or is in its folder, where its record was deleted: what empties /tmp by age
 * may take the record alone, or the whole folder. A rehearsal that lives has its guard, and is left alone; so is what may live for all
 * that can be seen.
 * @param folder where it is still there
 * @returns undefined where nothing is there
 */
export const endWithoutRecord = async (id: string, folder?: string): Promise<Swept | undefined> => {
  if (await isGuarded(id)) return leftAlone(id, RUNS)
  if (folder !== undefined && !(await showsProcesses()))
    return leftAlone(id, `${UNSEEN}: where it is not, delete ${folder}`)
  const what: string[] = []
  const left: string[] = []
  const end = async (name: string, work: () => Promise<boolean>): Promise<void> => {
    try {
      if (await work()) what.push(name)
    } catch (error) {
      left.push(`${name}: ${wordsOf(error)}`)
    }
  }
  for (const pid of await leadersOf(id)) {
    await end(`a program with the number ${pid}`, () => endProgram({ kind: 'program', pid, started: 'unknown' }, id))
  }
  if (folder !== undefined) {
    for (const name of await readdir(folder).catch(() => [])) {
      await end('a PostgreSQL server', () => endCluster(join(folder, name), 'keep'))
    }
    if (left.length === 0) {
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
      what.push('its files')
    }
  }
  return what.length === 0 && left.length === 0 ? undefined : { id, what, left }
}
