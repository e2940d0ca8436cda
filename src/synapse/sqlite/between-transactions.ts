import { setTimeout as sleep } from 'node:timers/promises'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { type FileState, lookAtFile } from './open-file.ts'
import { signsOfUse } from './signs-of-use.ts'

/** Synapse's transactions take far less, milliseconds. */
const PATIENCE_MS = 3_000

const LOOK_AGAIN_MS = 20

/**
 * Waits until no journal of a transaction lies beside the file. As long as one does the file is of no one moment, and to read
 * it as SQLite does would keep whoever writes waiting; one that a crash has left is only undone by a writer.
 * @throws Syn2opError database.failed where the journal stays; config.unreadable, and the signal's reason.
 */
export const betweenTransactions = async (file: string, signal: AbortSignal): Promise<FileState> => {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    signal.throwIfAborted()
    const state = await lookAtFile(file)
    if (!state.journal) return state
    if (performance.now() > end) throw journalStays(file, await signsOfUse(state))
    await sleep(LOOK_AGAIN_MS)
  }
}

const journalStays = (file: string, signs: readonly string[]): Syn2opError =>
  new Syn2opError(
    'database.failed',
    `A transaction on the SQLite file is not finished: its journal ${file}-journal lies beside it`,
    {
      problems: signs.map((message) => ({ message })),
      next: [
        'Where Synapse runs: run it again, or stop Synapse first.',
        'Where Synapse was killed or the machine crashed: start Synapse once and stop it, which takes back what was not finished.',
        `Where it is a copy of yours, with its journal: sqlite3 ${file} .tables does the same.`,
      ],
    },
  )
