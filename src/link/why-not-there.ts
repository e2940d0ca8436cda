import type { SQLOutputValue } from 'node:sqlite'
import { readingJournal } from '../migration/slow-road/read-journal.ts'
import { refusalWords } from '../report/words.ts'

/** Why the runs of some files, the oldest first, did not bring accounts to their target, in words; of others nothing. */
export const whyNotThere = (files: readonly string[]): ReadonlyMap<string, string> => {
  const whys = new Map<string, string>()
  for (const file of files) {
    readingJournal(file, (db) => {
      const ended = db.prepare(`
        SELECT mxid, outcome_reason AS reason, message FROM account
        WHERE mxid IS NOT NULL AND outcome IN ('held back', 'rejected')`)
      for (const { mxid, reason, message } of ended.iterate()) {
        whys.set(String(mxid), refusalWords({ reason: text(reason), message: text(message) }))
      }
    })
  }
  return whys
}

const text = (value: SQLOutputValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
