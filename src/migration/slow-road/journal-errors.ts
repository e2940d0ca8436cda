import { existsSync } from 'node:fs'
import { Syn2opError } from '../../errors/syn2op-error.ts'

/** SQLite's own code for a file system without room; source: sqlite.org, "Result and Error Codes". */
const SQLITE_FULL = 13

/** An object whose methods tell of the run's file when they fail. */
export const tellingErrors = <Methods extends object>(file: string, methods: Methods): Methods =>
  Object.fromEntries(
    Object.entries(methods).map(([name, method]: [string, (...given: unknown[]) => unknown]) => [
      name,
      (...given: unknown[]): unknown => {
        try {
          return method(...given)
        } catch (error) {
          throw journalFailure(file, error)
        }
      },
    ]),
  ) as Methods

/** What SQLite says of the file; its messages name tables and columns, never a value. */
export const journalFailure = (file: string, error: unknown): unknown => {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR')) return error
  const isGone = file !== ':memory:' && !existsSync(file)
  const why = isGone ? 'somebody has removed it' : error.message
  return new Syn2opError('run.unwritable', `The journal of the run, ${file}, cannot be kept: ${why}`, {
    cause: error,
    next: [nextStep(error, isGone)],
  })
}

const nextStep = (error: Error, isGone: boolean): string => {
  if (isGone) {
    return 'Run the same command again, without --resume: what is at the target already is found there.'
  }
  return 'errcode' in error && error.errcode === SQLITE_FULL
    ? 'Make room on the disk of the runs’ folder.'
    : 'See to the disk and the permissions of the runs’ folder.'
}
