import { AT_TARGET } from './journal-schema.ts'
import type { KnownRuns } from './known-runs.ts'
import { readingJournal } from './read-journal.ts'

export interface AccountsOfRuns {
  /** Whom the runs left at the target or held back. */
  readonly recorded: ReadonlySet<string>
  /** Whom a rollback took away, and no run has attempted since. */
  readonly takenBack: ReadonlySet<string>
}

/** How the accounts ended that the runs of some files attempted. */
export const accountsOfRuns = ({ runs }: Pick<KnownRuns, 'runs'>): AccountsOfRuns => {
  const recorded = new Set<string>()
  const takenBack = new Set<string>()
  for (const { file, head } of runs) {
    readingJournal(file, (db) => {
      const ended = db.prepare(`
        SELECT mxid, outcome = 'removed' AS removed, outcome IN ${AT_TARGET} OR outcome = 'held back' AS recorded
        FROM account
        WHERE mxid IS NOT NULL AND outcome IS NOT NULL AND outcome <> 'not attempted'`)
      for (const row of ended.iterate()) {
        const mxid = String(row['mxid'])
        if (row['removed'] === 1) recorded.delete(mxid)
        if (row['recorded'] === 1) recorded.add(mxid)
        if (head.state === 'rollback' && row['removed'] === 1) takenBack.add(mxid)
        else takenBack.delete(mxid)
      }
    })
  }
  return { recorded, takenBack }
}
