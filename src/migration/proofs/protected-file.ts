import { open } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { Syn2opError } from '../../errors/syn2op-error.ts'

/** Bits of a file's mode by which others than its owner could read it. */
const OTHERS = 0o077

/** In bytes. */
const LARGEST = 64 * 1024 * 1024

/**
 * The text of a file that holds secrets; `-` is the standard input.
 * @param flag that names the file, for messages.
 * @throws Syn2opError usage where others may read it or it is huge, config.unreadable where we may not.
 */
export const readProtected = async (file: string, flag: string): Promise<string> => {
  if (file === '-') return text(process.stdin)
  const unreadable = (cause?: unknown): Syn2opError =>
    // Nobody says that it is a name: somebody may have written the secret itself there.
    new Syn2opError('config.unreadable', `${flag} names no file that can be read`, {
      ...(cause === undefined ? {} : { cause }),
      next: [`${flag} wants the name of a file that is there and that you may read, not what stands in it.`],
    })
  const handle = await open(file).catch((cause: unknown) => {
    throw unreadable(cause)
  })
  try {
    const stat = await handle.stat()
    if (stat.isDirectory()) throw unreadable()
    if (stat.size > LARGEST) {
      throw new Syn2opError('usage', `${flag}: ${file} is too large for a file of secrets`, {
        next: ['Take some hundreds of them: each is tried on its own.'],
      })
    }
    const { mode } = stat
    if ((mode & OTHERS) !== 0) {
      throw new Syn2opError('usage', `${flag}: others may read ${file}, which holds secrets`, {
        next: [`Take that away: chmod 600 ${file}`],
      })
    }
    return await handle.readFile('utf8').catch((cause: unknown) => {
      throw unreadable(cause)
    })
  } finally {
    await handle.close()
  }
}
