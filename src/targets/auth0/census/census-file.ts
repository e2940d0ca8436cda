import { hash } from 'node:crypto'
import { isDatabaseId } from '../accounts/user-id.ts'
import type { PresentUser } from '../api/user.ts'
import { isMarked, keptOf } from './kept-user.ts'
import { type KeySet, openKeySet } from './key-set.ts'
import { openScratchFile, type ScratchFile } from './scratch-file.ts'
import { openPacking } from './stored-user.ts'

/** What no two users of a connection have in common. */
export type Identifier = 'username' | 'email' | 'phone'

/** The users of a connection, as they were when they were exported, and as we have written them since. */
export interface Census {
  byId(id: string): PresentUser | undefined
  /** Compared without regard to capitals. */
  holder(of: Identifier, value: string): PresentUser | undefined
  /** In the place of who had this id. */
  put(user: PresentUser): void
  remove(id: string): void
}

export interface CensusFile extends Census {
  /** From now on everybody is told of, perhaps anew. What is put or removed meanwhile is newer than what is told of the same users. */
  begin(): void
  /** As Auth0 has exported them. */
  tell(user: PresentUser): void
  /** Everybody has been told of: whoever has not is there no more. */
  complete(): void
  close(): void
}

/** Who has been told of, by their key, and whom we have written since. */
interface Telling {
  readonly told: KeySet
  readonly written: Set<string>
}

interface Row {
  readonly key: number
  readonly isOurs: boolean
  readonly packed: Uint8Array
}

/**
 * Kept in a file, so that a million users take no more memory than one. It holds no secret. Names are found by numbers that are made of
 * them, since they would take more room than all the rest.
 * @throws Syn2opError temporary.unwritable, as its methods do
 */
export const openCensusFile = (folder?: string): CensusFile => {
  const file = openScratchFile(folder)
  const explained = <Given extends readonly unknown[], Result>(work: (...given: Given) => Result) => {
    return (...given: Given): Result => {
      try {
        return work(...given)
      } catch (error) {
        throw file.explained(error)
      }
    }
  }
  try {
    const census = censusIn(file)
    return {
      ...census,
      byId: explained(census.byId),
      holder: explained(census.holder),
      put: explained(census.put),
      remove: explained(census.remove),
      tell: explained(census.tell),
      complete: explained(census.complete),
    }
  } catch (error) {
    file.close()
    throw file.explained(error)
  }
}

const censusIn = ({ db, close }: ScratchFile): CensusFile => {
  db.exec(`
    CREATE TABLE user (
      key INTEGER PRIMARY KEY, id INTEGER NOT NULL, username INTEGER, email INTEGER, phone INTEGER,
      ours INTEGER NOT NULL, packed BLOB NOT NULL
    );
    CREATE INDEX by_id ON user (id);
    CREATE INDEX by_username ON user (username) WHERE username IS NOT NULL;
    CREATE INDEX by_email ON user (email) WHERE email IS NOT NULL;
    CREATE INDEX by_phone ON user (phone) WHERE phone IS NOT NULL`)
  const insert = db.prepare('INSERT INTO user (id, username, email, phone, ours, packed) VALUES (?, ?, ?, ?, ?, ?)')
  const update = db.prepare('UPDATE user SET username = ?, email = ?, phone = ?, ours = ?, packed = ? WHERE key = ?')
  const remove = db.prepare('DELETE FROM user WHERE key = ?')
  const keys = db.prepare('SELECT key FROM user')
  const having = (column: 'id' | Identifier) => db.prepare(`SELECT key, ours, packed FROM user WHERE ${column} = ?`)
  const by = { id: having('id'), username: having('username'), email: having('email'), phone: having('phone') }
  const packings = { ours: openPacking(), others: openPacking() }
  let telling: Telling | undefined

  const rowsOf = (column: keyof typeof by, value: string): readonly Row[] =>
    by[column].all(numberOf(value)).flatMap(({ key, ours, packed }) => {
      if (typeof key !== 'number' || !(packed instanceof Uint8Array)) return []
      return [{ key, isOurs: ours === 1, packed }]
    })
  const userIn = ({ isOurs, packed }: Row): PresentUser => (isOurs ? packings.ours : packings.others).unpack(packed)
  const rowOf = (id: string): Row | undefined => rowsOf('id', id).find((row) => userIn(row).id === id)

  const store = (user: PresentUser): void => {
    const { id } = user
    const isOurs = isMarked(user)
    const packed = (isOurs ? packings.ours : packings.others).pack(keptOf(user))
    const isSame = (row: Row): boolean => row.isOurs === isOurs && Buffer.compare(row.packed, packed) === 0
    const rows = rowsOf('id', id)
    const same = rows.find(isSame)
    const before = same ?? rows.find((row) => userIn(row).id === id)
    const fields = [...namesOf(user), isOurs ? 1 : 0, packed] as const
    let key = before?.key
    if (key === undefined) key = Number(insert.run(numberOf(id), ...fields).lastInsertRowid)
    else if (same === undefined) update.run(...fields, key)
    telling?.told.add(key)
  }
  return {
    byId(id) {
      const row = rowOf(id)
      return row === undefined ? undefined : userIn(row)
    },
    holder(of, value) {
      const folded = value.toLowerCase()
      return rowsOf(of, folded)
        .map(userIn)
        .find((user) => user[FIELDS[of]]?.toLowerCase() === folded)
    },
    put(user) {
      telling?.written.add(user.id)
      store(user)
    },
    remove(id) {
      telling?.written.add(id)
      const row = rowOf(id)
      if (row !== undefined) remove.run(row.key)
    },
    begin() {
      telling = { told: openKeySet(), written: new Set() }
    },
    tell(user) {
      if (telling?.written.has(user.id) !== true) store(user)
    },
    complete() {
      const told = telling?.told
      telling = undefined
      if (told === undefined) return
      const gone: number[] = []
      for (const { key } of keys.iterate()) if (typeof key === 'number' && !told.has(key)) gone.push(key)
      for (const key of gone) remove.run(key)
      db.exec('COMMIT; BEGIN')
    },
    close,
  }
}

const FIELDS = { username: 'username', email: 'email', phone: 'phoneNumber' } as const

/** Names that somebody of another connection has are in nobody's way here. */
const namesOf = ({ id, username, email, phoneNumber }: PresentUser): readonly (number | null)[] =>
  [username, email, phoneNumber].map((name) =>
    name === undefined || !isDatabaseId(id) ? null : numberOf(name.toLowerCase()),
  )

/** 48 bits: two names of a million have the same number one time in five hundred, and are told apart then. */
const numberOf = (text: string): number => hash('sha256', text, 'buffer').readIntBE(0, 6)
