import type { DatabaseSync } from 'node:sqlite'
import { withAttached } from './with-attached.ts'

/**
 * Takes the outcomes of a run that did not end, of accounts that are as they were then; but of nobody whom a rollback
 * was about since: they are looked at again.
 * @param rollbacks files of those that came after the run.
 */
export const adoptOutcomes = (db: DatabaseSync, file: string, rollbacks: readonly string[]): void => {
  withAttached(db, file, () => {
    db.exec(`
      UPDATE account
      SET (intended_at, outcome, outcome_reason, message, rows, ended_at) =
        (SELECT e.intended_at, e.outcome, e.outcome_reason, e.message, e.rows, e.ended_at
         FROM earlier.account e WHERE e.mxid = account.mxid)
      WHERE mxid IN (
        SELECT e.mxid FROM earlier.account e
        WHERE e.mxid = account.mxid AND e.decision = account.decision AND e.digest IS account.digest
          AND e.reason IS account.reason AND e.outcome IS NOT NULL AND e.outcome NOT IN ('rejected', 'not attempted')
      )`)
  })
  for (const rollback of rollbacks) {
    withAttached(db, rollback, () => {
      db.exec(`
        UPDATE account
        SET intended_at = NULL, outcome = NULL, outcome_reason = NULL, message = NULL, rows = '[]', ended_at = NULL
        WHERE mxid IN (SELECT mxid FROM earlier.account)`)
    })
  }
}
