import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Outcome } from '../../targets/changes.ts'
import { openJournal } from './journal.ts'
import type { JournalHead } from './journal-head.ts'
import type { SlowRun } from './runs.ts'
import type { WrittenByRuns } from './written-by-run.ts'

/** The file of a rollback while it works. */
export interface RollbackAtWork {
  /**
   * Enters how a batch ended.
   * @param told of everybody of the batch of whom the target still had something
   * @returns how the accounts ended that the runs created, and those others of whom it was told
   */
  report(batch: readonly string[], told: readonly Outcome[]): readonly Outcome[]
}

/**
 * Takes back with the file of the rollback around it: whom it is about is entered before the first request, so that later
 * runs know whom they have to look at whenever it dies, and how each batch ended after it.
 */
export const takingBack = async (
  file: string,
  head: JournalHead,
  { created, added }: Pick<WrittenByRuns, 'created' | 'added'>,
  takeBack: (work: RollbackAtWork) => Promise<void>,
): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const journal = openJournal(file)
  try {
    journal.write(head)
    const about = [...created, ...added]
    journal.enterGone(about)
    journal.intend(about.map((mxid) => ({ mxid, decision: 'gone' })))
    const own = new Set(created)
    await takeBack({
      report(batch, told) {
        const names = new Set(told.map(({ mxid }) => mxid))
        // The target tells of everybody of whom it still has something: a rollback that died has taken back the others, or the
        // request about them never arrived.
        const absent = batch
          .filter((mxid) => !names.has(mxid))
          .map((mxid) => ({ mxid, outcome: 'removed', rows: [] }) as const)
        const ended = [...told, ...absent]
        journal.report(ended.map((one) => (own.has(one.mxid) ? one : remaining(one))))
        return ended.filter(({ mxid }) => own.has(mxid) || names.has(mxid))
      },
    })
  } finally {
    journal.close()
  }
}

/** Somebody else's account stays, without what was added to it. */
const remaining = (one: Outcome): Outcome => (one.outcome === 'removed' ? { ...one, outcome: 'updated' } : one)

/** Enters into the files of runs how far they are taken back. */
export const markRuns = (runs: readonly SlowRun[], state: 'taking back' | 'taken back'): void => {
  for (const { file, head } of runs) {
    const journal = openJournal(file)
    try {
      journal.write({ ...head, state })
    } finally {
      journal.close()
    }
  }
}
