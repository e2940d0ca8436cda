import { AT_TARGET } from './journal-schema.ts'
import { readingJournal } from './read-journal.ts'

/**
 * Whom the runs of some files left at the target, the oldest file first: whoever ended there, and whoever a request was
 * begun about whose end nobody knows.
 */
export const leftAtTarget = (files: readonly string[]): ReadonlySet<string> => {
  const left = new Set<string>()
  for (const file of files) {
    readingJournal(file, (db) => {
      const ended = db.prepare(`
        SELECT mxid, outcome = 'removed' AS removed FROM account
        WHERE mxid IS NOT NULL
          AND (outcome IN ${AT_TARGET} OR outcome = 'removed' OR (outcome IS NULL AND intended_at IS NOT NULL))`)
      for (const { mxid, removed } of ended.iterate()) {
        if (removed === 1) left.delete(String(mxid))
        else left.add(String(mxid))
      }
    })
  }
  return left
}
