import pg from 'pg'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { databaseFailure, describeServerError } from '../../../postgres/server-error.ts'
import { RowsMoved } from './write-rows.ts'

/** What ends the whole run, as an error that a person can act on. */
export const mergeFailure = (doing: string, client: pg.Client, cause: unknown, signal: AbortSignal): unknown => {
  if (signal.aborted) return mergeStopped(cause)
  return cause instanceof pg.DatabaseError ? databaseFailure(doing, client, cause) : cause
}

const mergeStopped = (cause: unknown): Syn2opError =>
  new Syn2opError('run.interrupted', 'Stopped, as asked: the accounts that are done stay, the others are as before', {
    cause,
    next: ['To go on, run the same command again.'],
  })

/** A moment later it may work: somebody else wrote at the same time. */
export const passes = (error: unknown): boolean =>
  error instanceof RowsMoved ||
  (error instanceof pg.DatabaseError && ['23505', '23503', '40001', '40P01'].includes(error.code ?? ''))

/** Classes of SQLSTATE that say something about the rows, or the checks and triggers that they met. */
const ABOUT_ROWS = /^(?:21|22|23|27|40|44|P0|09|54)/

/** What may come from a single account of the batch, so that the others can be written all the same. */
export const isAboutRows = (error: unknown): boolean =>
  error instanceof RowsMoved || (error instanceof pg.DatabaseError && ABOUT_ROWS.test(error.code ?? ''))

/** Two things got one identifier; derived otherwise they do not. */
export const isIdentifierClash = (error: unknown, identifiers: readonly string[]): boolean =>
  error instanceof pg.DatabaseError && error.code === '23505' && identifiers.includes(error.constraint ?? '')

/** What a function or trigger says may hold whatever it was given: long words may be secrets. */
const LONG_WORD = /[^\s"'(),:;]{16,}/gu

/** The server's own words about an account that it refused, without values of rows. */
export const refusal = (error: unknown): string => {
  if (error instanceof pg.DatabaseError) {
    const words = describeServerError(error)
    return error.code?.startsWith('P0') === true ? words.replaceAll(LONG_WORD, '…') : words
  }
  return error instanceof RowsMoved ? error.message : 'the server refused it'
}
