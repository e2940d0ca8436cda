import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileState } from './open-file.ts'

/** The bytes of the file that SQLite locks. Source: sqlite.org, "File Locking And Concurrency", PENDING_BYTE. */
const LOCKED_BYTES = { first: 0x40000000, last: 0x40000000 + 511 } as const

/**
 * The processes that hold SQLite's locks on the file, in the text of Linux's /proc/locks: with a write-ahead log whoever has
 * the file open holds one, whichever user it runs as. Devices are not compared: some file systems tell two of one file.
 */
export const lockHolders = (locks: string, inode: bigint): readonly number[] => {
  const holders = locks.split('\n').flatMap((line) => {
    const found = /^\d+:(?: ->)? POSIX\s+\S+\s+\S+\s+(\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)\s+(\d+)\s+(\d+)/u.exec(line)
    if (found === null || found[2] !== String(inode)) return []
    const [first, last] = [Number(found[3]), Number(found[4])]
    return first >= LOCKED_BYTES.first && last <= LOCKED_BYTES.last ? [Number(found[1])] : []
  })
  return [...new Set(holders)]
}

/** The processes that have the file open, as far as this user may look. */
const openers = async (inode: bigint): Promise<readonly number[]> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const folder = join('/proc', pid, 'fd')
      const names = await readdir(folder).catch(() => [])
      const inodes = await Promise.all(
        names.map(async (name) => {
          const target = await readlink(join(folder, name)).catch(() => '')
          // Sockets and pipes have numbers of their own.
          return target.startsWith('/')
            ? (await stat(join(folder, name), { bigint: true }).catch(() => undefined))?.ino
            : undefined
        }),
      )
      return inodes.includes(inode) ? [Number(pid)] : []
    }),
  )
  return found.flat()
}

const nameOf = async (pid: number): Promise<string> => {
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()
  return name === '' ? `process ${pid}` : `process ${pid} (${name})`
}

/**
 * What tells that somebody else uses the file, each in words. A clean end of whoever had it open removes the write-ahead
 * log, so that its absence is the proof that nobody has; its presence may also be left from a process that was killed.
 */
export const signsOfUse = async ({ log, inode }: FileState): Promise<readonly string[]> => {
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '')
  const pids = [...new Set([...lockHolders(locks, inode), ...(await openers(inode))])].filter(
    (pid) => pid !== process.pid,
  )
  const users = await Promise.all(pids.map(async (pid) => `${await nameOf(pid)} has it open`))
  if (users.length > 0) return users
  if (log === undefined || log === 0) return []
  return [`beside it lies a write-ahead log of ${log.toLocaleString('en-US')} bytes, which a clean end removes`]
}
