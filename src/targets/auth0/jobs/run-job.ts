import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { importIdOf } from '../accounts/user-id.ts'
import type { RowRefusal } from '../api/jobs-api.ts'
import { followJob, type JobEnd } from './follow-job.ts'
import type { Importing } from './importing.ts'
import { fileOf, type PackedRow } from './pack.ts'
import { submitFile } from './submit-file.ts'

export interface JobRun {
  /** By which the tenant's administrators find the job. */
  readonly externalId: string
  /** Ends some time after the stop: what is sent is seen to its end until then. */
  readonly signal: AbortSignal
  /** Asked once it is the turn of a file, which it may have waited for, and as long as jobs that are not ours keep it waiting. */
  readonly mayBegin: () => boolean
  /** Told of users each time that they are about to be sent. @returns called where Auth0 has not taken them that time */
  readonly sends: (rows: readonly PackedRow[]) => () => void
}

/** How the job of a file ended, with what Auth0 says of its rows. `too long`: it has taken none. `not begun`: none was sent. */
export type JobTold =
  | { readonly kind: 'too long' | 'not begun' }
  | {
      readonly kind: 'ended'
      readonly end: JobEnd
      readonly refusals: readonly RowRefusal[]
      /** Whether Auth0 has told of the rows that it refused: there may be none. */
      readonly errors: 'told' | 'not told'
    }

/**
 * Has one file imported, and waits for the end of its job.
 * @throws Syn2opError server.unreachable: what was done is not known; target.not-allowed where Auth0 takes no such file
 */
export const runJob = async (importing: Importing, rows: readonly PackedRow[], run: JobRun): Promise<JobTold> => {
  const { externalId, signal } = run
  const told = await importing.slots.run(async () => {
    if (!run.mayBegin()) return 'not begun'
    const users = rows.map(({ id }) => importIdOf(id))
    const sends = (): (() => void) => run.sends(rows)
    const { mayBegin } = run
    const answer = await submitFile(importing, { file: fileOf(rows), users, externalId, signal, mayBegin, sends })
    if (answer.kind === 'too long' || answer.kind === 'not begun') return answer.kind
    if (answer.kind !== 'accepted') {
      throw new Syn2opError(
        'target.not-allowed',
        `Auth0 takes no import of users (${answer.status}): ${answer.words}`,
        {
          next: ['`syn2op check` says whether the connection is one that users can be imported into.'],
        },
      )
    }
    const { clock, pace } = importing
    const { id } = answer.job
    const begun = clock.now()
    const expected = pace.expected(rows.length)
    const end = await importing.atWork.during(rows.length, () =>
      followJob({ look: (stop) => importing.job(id, stop), expected, clock, signal }),
    )
    await answer.noted.ended()
    if (end.kind === 'completed') {
      pace.ended({ rows: rows.length, milliseconds: clock.now() - begun, looks: end.looks })
    }
    return { id, end }
  }, signal)
  if (typeof told === 'string') return { kind: told }
  const { id, end } = told
  const errors = end.kind === 'lost' ? undefined : await importing.errors(id, signal)
  if (errors?.kind === 'rows') return { kind: 'ended', end, refusals: errors.rows, errors: 'told' }
  return { kind: 'ended', end, refusals: [], errors: errors?.kind === 'none' ? 'told' : 'not told' }
}
