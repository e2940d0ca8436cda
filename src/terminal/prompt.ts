import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { Syn2opError } from '../errors/syn2op-error.ts'

export interface ConfirmOptions {
  readonly input: Readable
  /** Where the question is written: stderr, so that stdout stays the result's. */
  readonly output: Writable
  /** Whether a person can answer. */
  readonly interactive: boolean
  /** The flag that answers beforehand, such as `--yes`. */
  readonly flag: string
}

/**
 * Asks a question that a person answers with yes; everything else, end of input and Ctrl-C included, is no.
 * @throws Syn2opError usage.confirmation-needed when nobody can answer.
 */
export const confirm = async (question: string, options: ConfirmOptions): Promise<boolean> => {
  if (!options.interactive)
    throw new Syn2opError('usage.confirmation-needed', `There is no terminal to ask on: ${question}`, {
      next: [`Add ${options.flag} to answer yes beforehand.`],
    })
  const lines = createInterface({ input: options.input, output: options.output })
  const closed = new AbortController()
  lines.once('SIGINT', () => lines.close())
  lines.once('close', () => closed.abort())
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: closed.signal })
    return /^\s*y(es)?\s*$/iu.test(answer)
  } catch (error) {
    if (!closed.signal.aborted) throw error
    options.output.write('\n')
    return false
  } finally {
    lines.close()
  }
}
