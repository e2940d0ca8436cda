import { randomBytes } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
import { Syn2opError } from '../errors/syn2op-error.ts'

/** Bytes below which a key could be tried out. */
const SHORTEST = 16

/** Bits of a file's mode by which others than its owner could read it. */
const OTHERS = 0o077

/**
 * A secret key: the bytes of a file, which is made with a random one where it is not there (0600).
 * @param flag names the file, for messages
 * @throws Syn2opError config.unreadable, or usage for a file that is too short or that others may read.
 */
export const secretKey = async (file: string, flag: string): Promise<Buffer> => {
  const made = await make(file, flag)
  if (made !== undefined) return made
  try {
    const { mode } = await stat(file)
    if ((mode & OTHERS) !== 0) {
      throw new Syn2opError('usage', `${flag}: others may read ${file}, which holds a secret`, {
        next: [`Take that away: chmod 600 ${file}`],
      })
    }
    const key = await readFile(file)
    if (key.length >= SHORTEST) return key
  } catch (error) {
    if (error instanceof Syn2opError) throw error
    throw unreadable(file, flag, error)
  }
  throw new Syn2opError('usage', `${flag}: ${file} has fewer than ${SHORTEST} bytes, too few for a key`, {
    next: ['Name a file that is not there: a key is put into it.'],
  })
}

const make = async (file: string, flag: string): Promise<Buffer | undefined> => {
  const key = Buffer.from(`${randomBytes(32).toString('base64url')}\n`)
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(key)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return key
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
    throw unreadable(file, flag, error)
  }
}

const unreadable = (file: string, flag: string, cause: unknown): Syn2opError =>
  new Syn2opError('config.unreadable', `${flag}: ${file} can be neither read nor made`, {
    cause,
    next: ['Name a file in a folder that exists and that you may write to.'],
  })
