import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { listRunIds } from '../migration/runs/read-run.ts'
import { journalFailure } from '../migration/slow-road/journal-errors.ts'

/** Which database a run of links wrote to, and by which provider. */
export interface LinkJournalHead {
  readonly to: 'synapse' | 'mas'
  readonly serverName: string
  /** user@host:port/database. */
  readonly location: string
  /** By which the database is known again; empty where the role may not ask. */
  readonly system: string
  readonly database: string
  readonly schema: string
  /** What the provider's links are known by, and what people call it. */
  readonly provider: string
  readonly providerName: string
  /** The transaction that wrote them: its number is on record before it is committed. */
  readonly transaction: string
}

/** What one run of links wrote: kept so that exactly that can be taken back. */
export interface LinkJournal {
  /** Enters the rows that a transaction has written and not committed yet. */
  enter(head: LinkJournalHead, rows: readonly (readonly string[])[]): void
  /** The transaction is committed. */
  committed(): void
  close(): void
}

export interface RecordedLinks {
  readonly head: LinkJournalHead
  readonly rows: readonly (readonly string[])[]
  /** false: the process died before it knew whether they were committed. */
  readonly isCommitted: boolean
}

const TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE link (position INTEGER PRIMARY KEY, "values" TEXT NOT NULL);
`

const fileOf = (runs: string, runId: string): string => join(runs, runId, 'links.sqlite')

/** @throws Syn2opError run.unwritable, as its methods do. */
export const openLinkJournal = (runs: string, runId: string): LinkJournal => {
  const file = fileOf(runs, runId)
  const telling = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      throw journalFailure(file, error)
    }
  }
  const db = telling(() => new DatabaseSync(file))
  telling(() => db.exec(TABLES))
  const inTransaction = (work: () => void): void =>
    telling(() => {
      db.exec('BEGIN')
      try {
        work()
        db.exec('COMMIT')
      } catch (error) {
        // A full disk ends the transaction by itself.
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    })
  return {
    enter: (head, rows) =>
      inTransaction(() => {
        const name = db.prepare('INSERT INTO run VALUES (?, ?)')
        for (const [key, value] of Object.entries(head)) name.run(key, String(value))
        const link = db.prepare('INSERT INTO link ("values") VALUES (?)')
        for (const row of rows) link.run(JSON.stringify(row))
      }),
    committed: () => inTransaction(() => db.exec(`INSERT OR REPLACE INTO run VALUES ('committed', 'yes')`)),
    close: () => db.close(),
  }
}

/**
 * What a run of links wrote.
 * @returns undefined where it ended before it wrote anything.
 * @throws Syn2opError run.missing where it is no run of links.
 */
export const readLinkJournal = (runs: string, runId: string): RecordedLinks | undefined => {
  const file = fileOf(runs, runId)
  if (!existsSync(file)) {
    throw new Syn2opError('run.missing', `The folder of the runs has no run ${runId} that wrote links`, {
      next: ['`syn2op runs list` shows the runs, those of links by their kind; --runs-dir names another folder.'],
    })
  }
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      const found = Object.fromEntries(
        db
          .prepare('SELECT name, value FROM run')
          .all()
          .map((row) => [String(row['name']), String(row['value'])]),
      )
      const { committed, ...head } = found
      if (head['transaction'] === undefined) return undefined
      const rows = db.prepare('SELECT "values" FROM link ORDER BY position').all()
      return {
        // It was entered as a whole, by `enter`.
        head: head as unknown as LinkJournalHead,
        rows: rows.map((row) => JSON.parse(String(row['values'])) as readonly string[]),
        isCommitted: committed === 'yes',
      }
    } finally {
      db.close()
    }
  } catch (error) {
    throw journalFailure(file, error)
  }
}

/**
 * The newest run that wrote links.
 * @throws Syn2opError run.missing
 */
export const lastLinkRun = async (runs: string): Promise<string> => {
  const last = (await listRunIds(runs)).find((runId) => existsSync(fileOf(runs, runId)))
  if (last !== undefined) return last
  throw new Syn2opError('run.missing', `No run in ${runs} wrote links`, {
    next: ['`syn2op runs list` shows the runs; --runs-dir names another folder.'],
  })
}
