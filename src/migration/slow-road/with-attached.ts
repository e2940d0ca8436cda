import type { DatabaseSync } from 'node:sqlite'

/** Works beside the file of an earlier run, whose tables are called `earlier.…` meanwhile. */
export const withAttached = (db: DatabaseSync, file: string, work: () => void): void => {
  db.prepare('ATTACH ? AS earlier').run(file)
  try {
    work()
  } finally {
    db.exec('DETACH earlier')
  }
}
