import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupGiven, BackupSeen } from './backup.ts'

/** So many files tell enough of a folder's age: a backup of a whole machine has millions. */
const ENOUGH = 10_000

/** Looks at the file, or at the whole tree of a folder; its age is that of the file in it that was written last. */
export const lookAtBackup = async (given: Exclude<BackupGiven, 'not needed'> | undefined): Promise<BackupSeen> => {
  if (given === undefined) return { state: 'not said' }
  if ('at' in given) return { state: 'made', at: given.at }
  const { file } = given
  try {
    const parts = await partsOf(file)
    const full = parts.filter(({ size }) => size > 0)
    if (full.length === 0) return { state: 'empty', file }
    return { state: 'made', at: parts.reduce((newest, { mtimeMs }) => Math.max(newest, mtimeMs), 0), file }
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return why === 'ENOENT' ? { state: 'not there', file } : { state: 'closed to us', file, why }
  }
}

interface Part {
  /** Bytes. */
  readonly size: number
  readonly mtimeMs: number
}

const partsOf = async (file: string): Promise<readonly Part[]> => {
  const whole = await stat(file)
  if (!whole.isDirectory()) return [whole]
  const parts: Part[] = []
  let closed: Error | undefined
  const folders = [file]
  for (let folder = folders.shift(); folder !== undefined && parts.length < ENOUGH; folder = folders.shift()) {
    try {
      for await (const entry of await opendir(folder)) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) folders.push(path)
        else {
          // A link that leads nowhere, or a file that went meanwhile, is no part of it.
          const part = await stat(path).catch(() => undefined)
          if (part?.isFile()) parts.push(part)
        }
        if (parts.length >= ENOUGH) break
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      closed ??= error
    }
  }
  // Where there is nothing to see but behind a closed door, it is not empty for all we know.
  if (parts.length === 0 && closed !== undefined) throw closed
  return parts
}
