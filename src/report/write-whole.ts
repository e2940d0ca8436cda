import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Reports name people and their addresses: only their owner reads them. */
const PRIVATE = 0o600

/**
 * Readers see the old file or the whole new one, after a power cut too.
 * @param mode of the file; absent: only its owner reads it.
 */
export const writeWhole = async (file: string, content: string | Buffer, mode = PRIVATE): Promise<void> => {
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  try {
    const handle = await open(draft, 'wx', PRIVATE)
    try {
      await handle.writeFile(content)
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'the folder is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already',
  EACCES: 'the folder does not let you write',
  EPERM: 'the folder does not let you write',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
}

/** Why the file system refuses, in words; undefined for an error that is none of its. */
export const causeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error && 'code' in error)) return undefined
  const code = String(error.code)
  return CAUSES[code] ?? `the system says ${code}`
}
