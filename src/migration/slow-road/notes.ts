import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Notes } from '../../targets/earlier-runs.ts'
import { journalFailure } from './journal-errors.ts'

/** Which target, as runs name it. */
export interface NotesOf {
  readonly target: string
  readonly location: string
}

const TABLES = `
  PRAGMA synchronous = FULL;

  CREATE TABLE IF NOT EXISTS note (
    location TEXT NOT NULL,
    key      TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (location, key)
  ) WITHOUT ROWID;
`

/**
 * What a target has written down, beside the folders of its runs: it outlives each of them.
 * @param runs the folder of all runs, which is there; undefined: in memory only
 * @throws Syn2opError run.unwritable, as its methods do, where the file or its disk fails
 */
export const openNotes = (runs: string | undefined, { target, location }: NotesOf): Notes & { close(): void } => {
  const file = runs === undefined ? ':memory:' : join(runs, `notes-${encodeURIComponent(target)}.sqlite`)
  const telling = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      throw journalFailure(file, error)
    }
  }
  const db = telling(() => {
    const opened = new DatabaseSync(file)
    opened.exec(TABLES)
    return opened
  })
  return {
    ...(runs === undefined ? {} : { file }),
    all: async () =>
      telling(() => {
        const rows = db.prepare('SELECT key, text FROM note WHERE location = ? ORDER BY key').all(location)
        return new Map(rows.map(({ key, text }) => [String(key), String(text)]))
      }),
    set: async (key, text) =>
      telling(() => {
        if (text === undefined) db.prepare('DELETE FROM note WHERE location = ? AND key = ?').run(location, key)
        else db.prepare('INSERT OR REPLACE INTO note VALUES (?, ?, ?)').run(location, key, text)
      }),
    close: () => db.close(),
  }
}
