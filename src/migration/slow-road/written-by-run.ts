import { readingJournal } from './read-journal.ts'

/** What a run's file says that the run has written. */
export interface WrittenByRun {
  /** Accounts that it created, and those about which a request was begun whose end nobody knows. */
  readonly created: number
  /** Accounts that were there before, of which it changed or removed something. */
  readonly changed: number
  /** The first of these. */
  readonly samples: readonly string[]
}

const SAMPLES = 3

export const writtenByRun = (file: string): WrittenByRun =>
  readingJournal(file, (db) => {
    const created = db
      .prepare(
        `SELECT count(*) AS n FROM account
         WHERE outcome = 'created' OR (outcome IS NULL AND intended_at IS NOT NULL)`,
      )
      .get()
    const changed = db
      .prepare(
        `SELECT mxid FROM account
         WHERE outcome = 'removed' OR (
           outcome = 'updated' AND EXISTS (
             SELECT 1 FROM json_each(account.rows) r
             WHERE json_extract(r.value, '$.update') > 0 OR json_extract(r.value, '$.remove') > 0
           )
         )
         ORDER BY mxid`,
      )
      .all()
      .map(({ mxid }) => String(mxid))
    return { created: Number(created?.['n']), changed: changed.length, samples: changed.slice(0, SAMPLES) }
  })
