import pg from 'pg'
import { databaseFailure } from './server-error.ts'
import { connectionOf } from './statement.ts'

/** What no server understands is our own mistake; a privilege that is missing is not. */
const OURS = /^42(?!501)/u

/**
 * A server's error as `database.failed` or `database.not-allowed`: in the server's words without values of rows, and with
 * its name where `run` sent the statement. Any other error comes back as it is.
 */
export const statementFailure = (error: unknown): unknown =>
  error instanceof pg.DatabaseError && !OURS.test(error.code ?? '')
    ? databaseFailure('A statement', connectionOf(error), error)
    : error
