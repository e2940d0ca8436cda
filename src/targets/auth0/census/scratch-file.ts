import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Syn2opError } from '../../../errors/syn2op-error.ts'

/** A database that is there for as long as this process works with it. */
export interface ScratchFile {
  readonly db: DatabaseSync
  /** In its words, where an error is one of the file's or its disk's; else the error itself. */
  explained(error: unknown): unknown
  close(): void
}

/**
 * Only this process's user may read it. Where files that are open can be deleted it is so at once, and nothing is left of it whatever
 * becomes of the process.
 * @param folder where it is made if there is such a folder; else where the system keeps temporary files
 * @throws Syn2opError temporary.unwritable
 */
export const openScratchFile = (folder?: string): ScratchFile => {
  const parent = folder !== undefined && existsSync(folder) ? folder : tmpdir()
  const explained = (error: unknown): unknown => explain(error, parent)
  let own: string | undefined
  const forget = (): void => {
    try {
      if (own !== undefined) rmSync(own, { recursive: true, force: true })
    } catch {
      // Some file systems keep what is open: it is deleted when it has been closed.
    }
  }
  try {
    own = mkdtempSync(join(parent, '.syn2op-census-'))
    const path = join(own, 'users.sqlite')
    closeSync(openSync(path, 'wx', 0o600))
    // Defended against a loss of what nobody keeps, it would write a journal as large as itself.
    const db = new DatabaseSync(path, { defensive: false })
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    if (process.platform !== 'win32') forget()
    return {
      db,
      explained,
      close() {
        if (db.isOpen) db.close()
        forget()
      },
    }
  } catch (error) {
    forget()
    throw explained(error)
  }
}

/** SQLite's own code for a file system without room; source: sqlite.org, "Result and Error Codes". */
const SQLITE_FULL = 13

const explain = (error: unknown, folder: string): unknown => {
  if (!(error instanceof Error && 'code' in error)) return error
  const isFull = error.code === 'ENOSPC' || ('errcode' in error && error.errcode === SQLITE_FULL)
  if (!isFull && error.code !== 'ERR_SQLITE_ERROR' && !('syscall' in error)) return error
  const why = isFull ? 'its disk is full' : error.message
  return new Syn2opError('temporary.unwritable', `What Auth0 has of its users cannot be kept in ${folder}: ${why}`, {
    cause: error,
    next: [
      'Make room there, about half a kilobyte for each user of the connection; or name a folder on another disk, as the folder of the runs (`--runs-dir`) or as TMPDIR.',
    ],
  })
}
