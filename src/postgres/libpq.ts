import type { Problem } from '../errors/syn2op-error.ts'
import type { GivenParameter, GivenParameters } from './given-parameter.ts'
import { type Settled, type SettleOptions, settle } from './settle.ts'

/** psycopg2's own arguments to connect(), which are Python objects or change how it returns results. */
const PYTHON_ARGUMENTS = ['connection_factory', 'cursor_factory', 'async', 'async_', 'row_factory', 'context']

/**
 * psycopg2's connection arguments (Synapse's `database.args`) as settings. libpq's parameters are honoured, ignored or
 * refused as `PARAMETERS` says; `database` is psycopg2's name of `dbname`; names that begin with `cp_` configure
 * Twisted's pool of connections and do not reach the database, so they are ignored.
 * Source: Synapse's configuration manual ("database"), psycopg2's documentation (connect).
 */
export const settingsFromPsycopg = (args: GivenParameters, options: SettleOptions): Settled => {
  const problems: Problem[] = []
  const given = new Map<string, GivenParameter>()
  const complain = (parameter: GivenParameter, message: string, remedy?: string): void => {
    problems.push({
      message,
      ...(parameter.at === undefined ? {} : { at: parameter.at }),
      ...(remedy === undefined ? {} : { remedy }),
    })
  }
  for (const [name, parameter] of args) {
    if (name.startsWith('cp_')) continue
    if (name === 'dsn') {
      complain(
        parameter,
        'dsn cannot be honoured: a connection string is not taken apart',
        'Write its parts as single args',
      )
    } else if (PYTHON_ARGUMENTS.includes(name)) {
      complain(parameter, `${name} cannot be honoured: it is an argument of the Python driver`)
    } else if (name === 'database' || name === 'dbname') {
      const other = given.get('dbname')
      if (other && other.value !== parameter.value) complain(parameter, 'database and dbname name different databases')
      given.set('dbname', parameter)
    } else {
      given.set(name, parameter)
    }
  }
  const settled = settle(given, options)
  if (problems.length === 0) return settled
  return { problems: [...problems, ...settled.problems] }
}
