import { readdir, readFile } from 'node:fs/promises'
import { REHEARSAL_VARIABLE } from './end-program.ts'

/** Each process of this machine that shows it: none where the system is no Linux. Source: proc(5). */
const everyProcess = async (): Promise<readonly string[]> =>
  (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name))

const wordsOf = async (pid: string, file: 'environ' | 'cmdline'): Promise<readonly string[]> =>
  (await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')).split('\0')

/** The groups of processes that bear a rehearsal's id in their environment, each by the number of its leader. */
export const leadersOf = async (id: string): Promise<readonly number[]> => {
  const leaders = new Set<number>()
  for (const pid of await everyProcess()) {
    if (!(await wordsOf(pid, 'environ')).includes(`${REHEARSAL_VARIABLE}=${id}`)) continue
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // The name before them is in parentheses, and may hold anything: state, parent, group.
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(group) > 1) leaders.add(Number(group))
  }
  return [...leaders]
}

/** Whether a guard waits for the end of a rehearsal: then that lives. */
export const isGuarded = async (id: string): Promise<boolean> => {
  for (const pid of await everyProcess()) {
    const words = await wordsOf(pid, 'cmdline')
    if (words.some((word) => /\/guard\.[jt]s$/u.test(word)) && words.some((word) => word.endsWith(`/${id}`)))
      return true
  }
  return false
}
