import { createHmac, randomBytes } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { refuseGivenAway } from './refuse-given-away.ts'

/** Bytes below which a key could be tried out. */
const SHORTEST = 16

/** Bits of a file's mode by which others than its owner could read it. */
const OTHERS = 0o077

/**
 * The key by which a sample is masked: the bytes of a file, which is made with a random one where it is not there (0600).
 * @param out the folder of the sample, in which the key must not be, nor in the same git repository.
 * @throws Syn2opError usage, config.unreadable
 */
export const sampleKey = async (file: string, out: string): Promise<Buffer> => {
  await refuseGivenAway(file, out)
  const made = await make(file)
  if (made !== undefined) return made
  const { mode } = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  if ((mode & OTHERS) !== 0) {
    throw new Syn2opError('usage', `--key: others may read ${file}, which holds a secret`, {
      next: [`Take that away: chmod 600 ${file}`],
    })
  }
  const key = await readFile(file).catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  if (key.length >= SHORTEST) return key
  throw new Syn2opError('usage', `--key: ${file} has fewer than ${SHORTEST} bytes, too few for a key`, {
    next: ['Name a file that is not there: a key is put into it.'],
  })
}

/** A number of the key, by which is ordered what has no order of its own. */
export const seedOf = (key: Buffer): bigint => createHmac('sha256', key).update('order').digest().readBigInt64BE()

const make = async (file: string): Promise<Buffer | undefined> => {
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
    throw unreadable(file, error)
  }
}

const unreadable = (file: string, cause: unknown): Syn2opError =>
  new Syn2opError('config.unreadable', `--key: ${file} can be neither read nor made`, {
    cause,
    next: ['Name a file in a folder that exists and that you may write to.'],
  })
