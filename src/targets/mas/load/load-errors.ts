import pg from 'pg'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { describeServerError } from '../../../postgres/server-error.ts'

export const targetNotRestored = (names: readonly string[]): Syn2opError =>
  new Syn2opError(
    'target.not-restored',
    `The MAS database lacks ${names.length} of its indexes and constraints: ${names.join(', ')}`,
    {
      next: [
        'Run `syn2op check` once more: it takes the unfinished run back.',
        'Do not start MAS on this database before that.',
      ],
    },
  )

export const targetFilledMeanwhile = (tables: readonly string[]): Syn2opError =>
  new Syn2opError(
    'check.errors',
    `Nothing was written: since the check, somebody has put rows into ${tables.join(', ')} of MAS`,
    { next: ['Stop MAS, give it an empty database again, and run the command again.'] },
  )

/**
 * @param why.failed what ended the run.
 * @param why.left why it could not be taken back, most likely a server that went away or a disk that is full.
 */
export const notTakenBack = (
  runId: string,
  { failed, left }: { readonly failed: unknown; readonly left: unknown },
): Syn2opError =>
  new Syn2opError('target.not-restored', `Run ${runId} failed and could not be taken back yet`, {
    cause: left,
    problems: [{ message: `It failed: ${inWords(failed)}` }, { message: `It was not taken back: ${inWords(left)}` }],
    next: [
      'Once the database server answers and has room, run `syn2op check`: it takes the run back first.',
      'Do not start MAS on this database before that.',
    ],
  })

/** An error without values of rows. */
export const inWords = (error: unknown): string => {
  if (error instanceof pg.DatabaseError) return describeServerError(error)
  return error instanceof Syn2opError ? error.message : 'an error of a kind that nobody foresaw'
}

/** @param cause what the stop made fail. */
export const loadStopped = (cause?: unknown): Syn2opError =>
  new Syn2opError('run.interrupted', 'Stopped, as asked: nothing was written, the MAS database is as it was before', {
    cause,
    next: ['To migrate, run the same command again; it begins from the start.'],
  })

export const targetLocked = (owner: string): Syn2opError =>
  new Syn2opError('target.locked', `Another syn2op run holds this MAS database: ${owner}`, {
    next: [
      'Wait for it, or stop it, and run this command again.',
      'Where its machine or the network to it is gone for good, the database server finds out within about a minute.',
    ],
  })

/** Another role made the journal, so ours cannot know what was done to this database. */
export const journalClosed = ({ role, owner }: { readonly role: string; readonly owner: string }): Syn2opError =>
  new Syn2opError(
    'database.not-allowed',
    `The role ${role} may not read syn2op's own schema in the MAS database, which belongs to ${owner}`,
    { next: [`Connect as ${owner}, as the run did, or: GRANT ${quoted(owner)} TO ${quoted(role)};`] },
  )

/** What it says of rows cannot be held against what this version makes of them. */
export const journalOfOtherFormat = (runId: string): Syn2opError =>
  new Syn2opError('run.other-format', `Run ${runId} of another version of syn2op filled this MAS database`, {
    next: [
      'Finish with the version that began.',
      'Or begin anew with this one: give MAS an empty database and run the command again.',
    ],
  })

const quoted = (role: string): string => pg.escapeIdentifier(role)
