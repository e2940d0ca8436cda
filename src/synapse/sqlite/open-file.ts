import { open, stat } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Syn2opError } from '../../errors/syn2op-error.ts'

/** How long a look waits for whoever writes, milliseconds. */
const PATIENCE_MS = 10_000

/** The file and what SQLite keeps beside it, by which it is seen whether somebody writes. */
export interface FileState {
  /** Of the file itself: inode, size and the time of its last change. */
  readonly file: string
  /** Bytes of its write-ahead log; undefined: there is none. */
  readonly log: number | undefined
  /** The same of the log, to see whether it changes. */
  readonly logState: string
  /** Beside it lies the journal of a transaction that goes on, or that a crash has left. */
  readonly journal: boolean
  /** Whoever has the file open keeps a log beside it: then its absence proves that nobody has. */
  readonly keepsLog: boolean
  readonly inode: bigint
}

const look = (path: string) => stat(path, { bigint: true }).catch(() => undefined)

/** Byte 18 of the file is 2 where writers keep a log. Source: sqlite.org, "Database File Format". */
const keepsLog = async (path: string): Promise<boolean> => {
  const handle = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, 18)
    return bytesRead === 1 && buffer[0] === 2
  } finally {
    await handle.close()
  }
}

/** The first bytes of a journal that counts; others are kept for the next transaction. Source: as above. */
const JOURNAL = Buffer.from('d9d505f920a163d7', 'hex')

/** A journal that may not be read may count. */
const hasJournal = async (path: string): Promise<boolean> => {
  try {
    const handle = await open(path, 'r')
    try {
      const { buffer } = await handle.read(Buffer.alloc(JOURNAL.length), 0, JOURNAL.length, 0)
      return buffer.equals(JOURNAL)
    } finally {
      await handle.close()
    }
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}

/**
 * Not while SQLite has the file open in this process: closing a file drops the locks that its process has on it.
 * @throws Syn2opError config.unreadable where there is no such file, or it may not be read.
 */
export const lookAtFile = async (path: string): Promise<FileState> => {
  const [file, log, journal] = await Promise.all([look(path), look(`${path}-wal`), hasJournal(`${path}-journal`)])
  if (file === undefined || !file.isFile()) {
    throw new Syn2opError('config.unreadable', `There is no file ${path}, which Synapse's configuration names`, {
      next: ['Where it has another path here, or to read a copy: --synapse-database sqlite:/path/homeserver.db'],
    })
  }
  return {
    file: `${file.ino} ${file.size} ${file.mtimeNs} ${file.ctimeNs}`,
    log: log === undefined ? undefined : Number(log.size),
    logState: log === undefined ? '' : `${log.ino} ${log.size} ${log.mtimeNs}`,
    journal,
    keepsLog: await keepsLog(path).catch((cause: unknown) => {
      throw new Syn2opError('config.unreadable', `The SQLite file ${path} cannot be read by this user`, {
        cause,
        next: ['Run as the user of Synapse, or as root.'],
      })
    }),
    inode: file.ino,
  }
}

/** The file, opened for reading, and one moment of it: what somebody writes meanwhile is not seen. */
export interface OpenFile {
  readonly database: DatabaseSync
  /**
   * alone: nobody had it open, and nothing is made beside it; it is only one moment if it is the same file at the end.
   * shared: beside others, with the write-ahead log, so that nobody waits.
   */
  readonly reading: 'alone' | 'shared'
}

/**
 * Opens a file without a journal and begins one transaction. It is never written: where no log lies beside it, it is read
 * as it is, without locks, even in a folder that we may not write to; else SQLite needs the log and its index.
 * @throws Syn2opError config.unreadable, config.unsupported, database.failed
 */
export const openFile = async (path: string, { log }: FileState): Promise<OpenFile> => {
  // Not before it is needed: on some versions of Node it says that it is an experiment.
  const { DatabaseSync } = await import('node:sqlite')
  const reading = (log ?? 0) === 0 ? 'alone' : 'shared'
  const url = pathToFileURL(path)
  if (reading === 'alone') url.searchParams.set('immutable', '1')
  try {
    const database = new DatabaseSync(url, { readOnly: true, timeout: PATIENCE_MS })
    try {
      database.exec('BEGIN')
      const encoding = database.prepare('PRAGMA encoding').get()?.['encoding']
      // The transaction begins with the first page that is read.
      database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()
      if (encoding !== 'UTF-8') throw otherEncoding(path, String(encoding))
      return { database, reading }
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw explainSqlite(path, error)
  }
}

const otherEncoding = (path: string, encoding: string): Syn2opError =>
  new Syn2opError('config.unsupported', `The SQLite file ${path} is encoded in ${encoding}, not UTF-8`, {
    next: ['Synapse makes it in UTF-8: look whether it is the right file.'],
  })

/** Source: sqlite.org, "Result and Error Codes"; the lower byte is the primary code. */
const SQLITE = { busy: 5, readonly: 8, ioError: 10, corrupt: 11, cannotOpen: 14, notADatabase: 26 } as const

/** What SQLite says of the file, in our words; its own name tables and columns, never a value. */
export const explainSqlite = (path: string, error: unknown): unknown => {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return error
  const said = 'errstr' in error && typeof error.errstr === 'string' ? error.errstr : 'no reason'
  const options = { cause: error }
  switch (error.errcode & 0xff) {
    case SQLITE.busy:
      return new Syn2opError('database.failed', `The SQLite file ${path} is locked by somebody who writes`, {
        ...options,
        next: ['Try again, or stop Synapse first.'],
      })
    case SQLITE.notADatabase:
    case SQLITE.corrupt:
      return new Syn2opError('config.unreadable', `The file ${path} is no sound SQLite database: ${said}`, {
        ...options,
        next: [`Ask SQLite itself: sqlite3 ${path} 'PRAGMA integrity_check'`],
      })
    case SQLITE.readonly:
    case SQLITE.ioError:
    case SQLITE.cannotOpen:
      return new Syn2opError('config.unreadable', `The SQLite file ${path} cannot be read: ${said}`, {
        ...options,
        next: [
          'Run as the user of Synapse, or as root: beside the file lies a log that SQLite has to read with it.',
          `Or copy it with \`-wal\` and \`-shm\` into a folder of yours, and name the copy: --synapse-database sqlite:/path/homeserver.db`,
        ],
      })
    default:
      return new Syn2opError('database.failed', `Reading the SQLite file ${path} failed: ${said}`, options)
  }
}
