import type { KnownRuns } from './known-runs.ts'
import { readingJournal } from './read-journal.ts'

export interface AccountsOfRuns {
  /** Whom the runs left at the target or held back. */
  readonly recorded: ReadonlySet<string>
  /** Whom a rollback took away, or was about when it died, and no run has attempted since. */
  readonly takenBack: ReadonlySet<string>
}

/** How the accounts ended that the runs of some files attempted. */
export const accountsOfRuns = ({ runs }: Pick<KnownRuns, 'runs'>): AccountsOfRuns => {
  const recorded = new Set<string>()
  const takenBack = new Set<string>()
  for (const { file, head } of runs) {
    const takesBack = head.state === 'rollback'
    readingJournal(file, (db) => {
      const ended = db.prepare(`
        SELECT mxid, outcome FROM account
        WHERE mxid IS NOT NULL AND (outcome <> 'not attempted' OR (outcome IS NULL AND ?))`)
      for (const { mxid: name, outcome } of ended.iterate(Number(takesBack))) {
        const mxid = String(name)
        const isGone = outcome === 'removed' || outcome === null
        if (isGone) recorded.delete(mxid)
        else if (outcome !== 'rejected') recorded.add(mxid)
        if (takesBack && isGone) takenBack.add(mxid)
        else takenBack.delete(mxid)
      }
    })
  }
  return { recorded, takenBack }
}
