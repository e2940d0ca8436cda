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

/**
 * Classes of SQLSTATE that say nothing about rows, but about connections, rights, resources, the server or our statements.
 * Any other may come from the rows, or from checks and triggers that they met.
 */
const NOT_ABOUT_ROWS = /^(?:08|0A|25|26|28|34|3B|3D|3F|42|53|55|57|58|F0|XX)/

/** What may come from a single account of the batch, so that the others can be written all the same. */
export const isAboutRows = (error: unknown): boolean =>
  error instanceof RowsMoved ||
  isLockedOut(error) ||
  (error instanceof pg.DatabaseError && !NOT_ABOUT_ROWS.test(error.code ?? 'XX'))

/** Another session kept a row for longer than we wait. */
export const isLockedOut = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '55P03'

/** Two things got one identifier; derived otherwise they do not. */
export const isIdentifierClash = (error: unknown, identifiers: readonly string[]): boolean =>
  error instanceof pg.DatabaseError && error.code === '23505' && identifiers.includes(error.constraint ?? '')

/** The classes whose messages are the server's own. What a trigger says may hold whatever row it was given. */
const OWN_WORDS = /^(?:21|22|23|40)/

/** A word that may be a secret: tokens and hashes are long, or have digits or signs. */
const SECRETIVE = /[^\s"'(),;]*[\d_$@+/=][^\s"'(),;]*|[^\s"'(),;]{16,}/gu

/** The server's own words about an account that it refused, without values of rows. */
export const refusal = (error: unknown): string => {
  if (error instanceof RowsMoved) return error.message
  if (!(error instanceof pg.DatabaseError)) return 'the server refused it'
  if (isLockedOut(error)) return 'another session at MAS keeps a row of it locked'
  if (OWN_WORDS.test(error.code ?? '')) return describeServerError(error)
  return `${error.message.replaceAll(SECRETIVE, '…')} (${error.code})`
}
