import { Syn2opError } from '../errors/syn2op-error.ts'
import { statementFailure } from '../postgres/statement-failure.ts'

/**
 * What is told of an error that ended the work: that it was asked to stop, whatever that made fail; else a server's error in
 * its words. An error of the catalogue comes back as it is, and so does one that nobody foresaw.
 */
export const failureOf = (error: unknown, { signal }: { readonly signal: AbortSignal }): unknown =>
  signal.aborted ? stopped(error, signal) : statementFailure(error)

const stopped = (error: unknown, { reason }: AbortSignal): Syn2opError => {
  if (error instanceof Syn2opError) return error
  const { code, message, next }: Pick<Syn2opError, 'code' | 'message' | 'next'> =
    reason instanceof Syn2opError ? reason : { code: 'run.interrupted', message: 'Stopped, as asked', next: [] }
  return new Syn2opError(code, message, { next, cause: error })
}
