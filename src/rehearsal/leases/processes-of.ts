import { readdir, readFile, readlink } from 'node:fs/promises'
import { REHEARSAL_VARIABLE } from './end-program.ts'
import { mayExist } from './may-exist.ts'

/** Each process of this machine that shows it: none where the system is no Linux. Source: proc(5). */
const everyProcess = async (): Promise<readonly string[]> =>
  (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name))

/** Whether processes can be looked at here: no Linux, no /proc. */
export const showsProcesses = async (): Promise<boolean> => (await everyProcess()).length > 0

const wordsOf = async (pid: string, file: 'environ' | 'cmdline'): Promise<readonly string[]> =>
  (await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')).split('\0')

/** The processes that bear a rehearsal's id, each with the words of its environment. */
const bearersOf = async (
  id: string,
): Promise<readonly { readonly pid: string; readonly words: readonly string[] }[]> => {
  const bearers: { readonly pid: string; readonly words: readonly string[] }[] = []
  for (const pid of await everyProcess()) {
    const words = await wordsOf(pid, 'environ')
    if (words.includes(`${REHEARSAL_VARIABLE}=${id}`)) bearers.push({ pid, words })
  }
  return bearers
}

/**
 * The folder of a rehearsal's lease, where a process names it and it is there: as the folder that it works in, as a database server does,
 * or in its environment where it bears the rehearsal's id. Undefined: no such process, or its folder was deleted.
 */
export const folderOfProcesses = async (id: string): Promise<string | undefined> => {
  const named = new Set<string>()
  for (const pid of await everyProcess()) named.add(await readlink(`/proc/${pid}/cwd`).catch(() => ''))
  for (const { words } of await bearersOf(id)) {
    for (const word of words) for (const path of word.slice(word.indexOf('=') + 1).split(':')) named.add(path)
  }
  for (const path of named) {
    const folder = folderIn(path, id)
    if (folder !== undefined && (await mayExist(folder))) return folder
  }
  return undefined
}

/** The part of a path that ends with the id. */
const folderIn = (path: string, id: string): string | undefined => {
  const parts = path.split('/')
  const at = parts.indexOf(id)
  return path.startsWith('/') && at !== -1 ? parts.slice(0, at + 1).join('/') : undefined
}

/** The groups of processes that bear a rehearsal's id in their environment, each by the number of its leader. */
export const leadersOf = async (id: string): Promise<readonly number[]> => {
  const leaders = new Set<number>()
  for (const { pid } of await bearersOf(id)) {
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
