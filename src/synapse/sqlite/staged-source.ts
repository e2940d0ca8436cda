import { Syn2opError } from '../../errors/syn2op-error.ts'
import { finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { connect } from '../../postgres/connect.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { betweenTransactions } from './between-transactions.ts'
import { misfitFindings, misfitTally } from './misfits.ts'
import { explainSqlite, type FileState, lookAtFile, openFile } from './open-file.ts'
import { signsOfUse } from './signs-of-use.ts'
import { type StagedTables, stageTables } from './stage.ts'

/** What is known of a source that was staged from a SQLite file, beyond its rows. */
export interface StagedSource {
  readonly file: string
  /** What tells that somebody uses the file, each in words. */
  readonly signs: readonly string[]
  readonly findings: readonly Finding[]
  /** How to reach the rows as they are now: those that were staged, or where somebody has written since, staged anew. */
  readonly now: () => Promise<PostgresSettings>
}

export interface StagedFile extends StagedSource {
  /** How to reach the rows. */
  readonly settings: PostgresSettings
  readonly staged: StagedTables
}

/** How often a file is read that changes meanwhile although nobody had it open. */
const ATTEMPTS = 3

/**
 * Stages one moment of a SQLite homeserver. Synapse may run and does not wait for us; of a file without a write-ahead log we wait for the
 * end of a transaction.
 * @param into makes an empty database, anew each time it is called.
 * @throws Syn2opError config.unreadable, config.unsupported, database.failed, run.interrupted
 */
export const stageSqlite = async (
  file: string,
  { into, signal }: { readonly into: () => Promise<PostgresSettings>; readonly signal: AbortSignal },
): Promise<StagedFile> => {
  for (let attempt = 1; ; attempt++) {
    const before = await betweenTransactions(file, signal)
    const signs = await signsOfUse(before)
    const settings = { ...(await into()), stagedFrom: file }
    const tally = misfitTally()
    const { staged, reading } = await readInto({ file, before, settings, tell: tally.tell, signal })
    const after = await lookAtFile(file)
    const isSame = isUnchanged(before, after)
    // What is read alone is one moment only if it has not changed.
    if (reading === 'alone' && after.file !== before.file) {
      if (attempt < ATTEMPTS) continue
      throw changedMeanwhile(file)
    }
    const seen = isSame || signs.length > 0 ? signs : ['somebody wrote to it while it was read']
    return {
      file,
      signs: seen,
      findings: [...misfitFindings(file, tally.all()), ...unwatched(file, before, seen)],
      settings,
      staged,
      now: async () =>
        isUnchanged(after, await lookAtFile(file)) ? settings : (await stageSqlite(file, { into, signal })).settings,
    }
  }
}

const isUnchanged = (before: FileState, after: FileState): boolean =>
  before.file === after.file &&
  (before.log ?? 0) === (after.log ?? 0) &&
  (before.logState === after.logState || (after.log ?? 0) === 0)

/** Without a log only Linux tells who has the file open, and only who is on this machine. */
const unwatched = (file: string, { keepsLog }: FileState, signs: readonly string[]): readonly Finding[] =>
  keepsLog || signs.length > 0
    ? []
    : [
        finding('SQLITE_UNWATCHED', {
          message: `Nobody is seen to use ${file}, but that does not prove that Synapse is stopped`,
          remedy: [
            'Make sure that Synapse is stopped: systemctl status matrix-synapse, or docker ps',
            'Then, or for a rehearsal: --accept SQLITE_UNWATCHED',
          ],
        }),
      ]

const changedMeanwhile = (file: string): Syn2opError =>
  new Syn2opError('database.failed', `The SQLite file ${file} changes while it is read`, {
    next: ['Run it again, or stop Synapse first.'],
  })

const readInto = async ({
  file,
  before,
  settings,
  tell,
  signal,
}: {
  readonly file: string
  readonly before: FileState
  readonly settings: PostgresSettings
  readonly tell: ReturnType<typeof misfitTally>['tell']
  readonly signal: AbortSignal
}) => {
  const { database, reading } = await openFile(file, before)
  try {
    const client = await connect(settings, { applicationName: 'syn2op staging', signal })
    try {
      const staged = await stageTables({ from: database, into: client, tell, signal })
      await client.end()
      return { staged, reading }
    } catch (error) {
      // In the middle of a COPY a session does not end by being asked to.
      client.connection.stream.destroy()
      throw explainSqlite(file, error)
    }
  } finally {
    database.close()
  }
}
