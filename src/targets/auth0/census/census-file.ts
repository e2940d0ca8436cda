import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { decodeMarks, MARKS } from '../accounts/marks.ts'
import { isDatabaseId } from '../accounts/user-id.ts'
import type { PresentUser } from '../api/user.ts'
import { fromStored, toStored } from './stored-user.ts'

/** What no two users of a connection have in common. */
export type Identifier = 'username' | 'email' | 'phone'

/** The users of a connection, as they were when they were exported, and as we have written them since. */
export interface Census {
  byId(id: string): PresentUser | undefined
  /** Compared without regard to capitals. */
  holder(of: Identifier, value: string): PresentUser | undefined
  /** How many there are of whom we wrote something, for whichever homeserver. */
  readonly marked: () => number
  /** In the place of who had this id. */
  put(user: PresentUser): void
  remove(id: string): void
}

/** Told of everybody before it is asked of anybody. */
export interface CensusFile extends Census {
  /** Everybody has been told of. */
  complete(): void
  close(): void
}

/** How many users are written to the file at once. */
const PER_TRANSACTION = 5000

/**
 * Kept in a file, so that a million users take no more memory than one. Only this process's user may read it; it holds no secret.
 * Where files that are open can be deleted it is so at once, and nothing is left of it whatever becomes of the process.
 */
export const openCensusFile = (): CensusFile => {
  const folder = mkdtempSync(join(tmpdir(), 'syn2op-census-'))
  const forget = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'users.sqlite')
    closeSync(openSync(path, 'wx', 0o600))
    const db = new DatabaseSync(path)
    return censusIn(db, forget)
  } catch (error) {
    forget()
    throw error
  }
}

const censusIn = (db: DatabaseSync, forget: () => void): CensusFile => {
  db.exec(`
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    CREATE TABLE user (
      id TEXT PRIMARY KEY, username TEXT, email TEXT, phone TEXT, marked INTEGER NOT NULL, json TEXT NOT NULL
    ) WITHOUT ROWID`)
  if (process.platform !== 'win32') forget()
  const put = db.prepare('INSERT OR REPLACE INTO user VALUES (?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM user WHERE id = ?')
  const byId = db.prepare('SELECT json FROM user WHERE id = ?')
  const count = db.prepare('SELECT count(*) AS marked FROM user WHERE marked = 1')
  let holders: Readonly<Record<Identifier, typeof byId>> | undefined
  let pending = 0
  const commit = (): void => {
    if (pending > 0) db.exec('COMMIT')
    pending = 0
  }
  return {
    byId: (id) => userIn(byId.get(id)),
    holder(of, value) {
      return userIn(holders?.[of].get(value.toLowerCase()))
    },
    marked() {
      const marked = count.get()?.['marked']
      return typeof marked === 'number' ? marked : 0
    },
    put(user) {
      if (holders === undefined && pending++ === 0) db.exec('BEGIN')
      const { id, username, email, phoneNumber, appMetadata } = user
      // Names that somebody of another connection has are in nobody's way here.
      const isDatabase = isDatabaseId(id)
      const isMarked = isDatabase && decodeMarks(appMetadata[MARKS]) !== undefined
      const names = isDatabase ? [username, email, phoneNumber] : []
      put.run(id, folded(names[0]), folded(names[1]), folded(names[2]), isMarked ? 1 : 0, toStored(user))
      if (pending === PER_TRANSACTION) commit()
    },
    remove: (id) => void remove.run(id),
    complete() {
      commit()
      db.exec(`
        CREATE INDEX by_username ON user (username) WHERE username IS NOT NULL;
        CREATE INDEX by_email ON user (email) WHERE email IS NOT NULL;
        CREATE INDEX by_phone ON user (phone) WHERE phone IS NOT NULL;
        CREATE INDEX by_mark ON user (marked) WHERE marked = 1`)
      holders = {
        username: db.prepare('SELECT json FROM user WHERE username = ?'),
        email: db.prepare('SELECT json FROM user WHERE email = ?'),
        phone: db.prepare('SELECT json FROM user WHERE phone = ?'),
      }
    },
    close() {
      if (db.isOpen) db.close()
      forget()
    },
  }
}

const folded = (text: string | undefined): string | null => text?.toLowerCase() ?? null

const userIn = (row: Readonly<Record<string, unknown>> | undefined): PresentUser | undefined => {
  const json = row?.['json']
  return typeof json === 'string' ? fromStored(json) : undefined
}
