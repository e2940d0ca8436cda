import { DatabaseSync } from 'node:sqlite'
import { journalFailure } from './journal-errors.ts'

/**
 * Reads the file of a run that another process or an earlier run writes.
 * @throws Syn2opError run.unwritable where the file is gone or broken.
 */
export const readingJournal = <Result>(file: string, read: (db: DatabaseSync) => Result): Result => {
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      return read(db)
    } finally {
      db.close()
    }
  } catch (error) {
    throw journalFailure(file, error)
  }
}
