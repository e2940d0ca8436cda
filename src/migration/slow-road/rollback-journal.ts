import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Outcome } from '../../targets/changes.ts'
import { openJournal } from './journal.ts'
import type { JournalHead } from './journal-head.ts'
import type { SlowRun } from './runs.ts'
import type { WrittenByRuns } from './written-by-run.ts'

/**
 * Takes back with the file of the rollback around it: whom it is about is entered before the first request, so that later
 * runs know whom they have to look at whenever it dies.
 * @returns how everybody ended, those among them of whom nothing was there any more.
 */
export const takingBack = async (
  file: string,
  head: JournalHead,
  { created, added }: WrittenByRuns,
  takeBack: () => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const journal = openJournal(file)
  try {
    journal.write(head)
    const about = [...created, ...added]
    journal.enterGone(about)
    journal.intend(about.map((mxid) => ({ mxid, decision: 'gone' })))
    const told = await takeBack()
    const names = new Set(told.map(({ mxid }) => mxid))
    const absent = (mxids: readonly string[]): readonly Outcome[] =>
      mxids.filter((mxid) => !names.has(mxid)).map((mxid) => ({ mxid, outcome: 'removed', rows: [] }))
    // The target tells of everybody of whom it still has something: a rollback that died has taken back the others, or the
    // request about them never arrived.
    const ended = [...told, ...absent(created)]
    const own = new Set(created)
    journal.enterGone(names)
    journal.report([...ended, ...absent(added)].map((one) => (own.has(one.mxid) ? one : remaining(one))))
    return ended
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
