import type { DatabaseSync } from 'node:sqlite'
import { AT_TARGET } from './journal-schema.ts'
import { withAttached } from './with-attached.ts'

/**
 * Enters as ended whoever is as the newest of some runs left him: at the target as he was, or held back for the same
 * reason. Whoever a request was begun about whose end nobody knows is left to be looked at. Whoever was refused, or in
 * conflict, is put behind all others: else these few would be all that limited runs ever try.
 * @param files of runs, the oldest first.
 */
export const settleKnown = (db: DatabaseSync, files: readonly string[]): void => {
  db.exec(`
    CREATE TEMP TABLE known (
      mxid TEXT PRIMARY KEY, decision TEXT NOT NULL, reason TEXT, digest TEXT, outcome TEXT
    ) WITHOUT ROWID`)
  for (const file of files) {
    withAttached(db, file, () => {
      db.exec(`
        INSERT OR REPLACE INTO known
        SELECT mxid, decision, reason, digest, outcome FROM earlier.account
        WHERE mxid IS NOT NULL AND (outcome <> 'not attempted' OR intended_at IS NOT NULL)`)
    })
  }
  db.exec(`
    UPDATE account SET outcome = CASE known.outcome WHEN 'held back' THEN 'held back' ELSE 'unchanged' END,
      outcome_reason = CASE known.outcome WHEN 'held back' THEN known.reason END
    FROM known
    WHERE known.mxid = account.mxid AND account.outcome IS NULL
      AND known.decision = account.decision AND known.reason IS account.reason AND known.digest IS account.digest
      AND (
        known.decision = 'migrate' AND known.outcome IN ${AT_TARGET}
        OR known.decision = 'hold back' AND known.outcome = 'held back'
      )`)
  db.exec(`
    UPDATE account SET position = position + (SELECT max(position) FROM account)
    WHERE outcome IS NULL AND mxid IN (
      SELECT mxid FROM known WHERE outcome = 'rejected' OR (decision = 'migrate' AND outcome = 'held back')
    )`)
  db.exec('DROP TABLE known')
}
