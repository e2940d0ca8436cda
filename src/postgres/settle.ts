import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../errors/syn2op-error.ts'
import { type GivenParameter, type GivenParameters, judge, problemAt } from './given-parameter.ts'
import { passwordFrom, withService } from './libpq-files.ts'
import { PARAMETERS } from './parameters.ts'
import { type PostgresSettings, SESSION_ATTRIBUTES, SSL_MODES } from './settings.ts'

export interface SettleOptions {
  /** Whence the parameters came, for messages. */
  readonly origin: string
  /** Defaults for parameters that are absent, by libpq's variable names (PGUSER and so on). Nothing is read from process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** The settings, and everything that is wrong; settings are absent when anything is. */
export type Settled =
  | { readonly settings: PostgresSettings; readonly problems: readonly [] }
  | { readonly settings?: never; readonly problems: readonly Problem[] }

/** As libpq waits for ever, a server that never answers would look like a long migration. */
const DEFAULT_CONNECT_TIMEOUT_MS = 30_000

/** Where distributions put the socket: Debian and Red Hat first, then PostgreSQL's own default. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/tmp'] as const

const usualHost = (port: number): string =>
  SOCKET_FOLDERS.find((folder) => existsSync(join(folder, `.s.PGSQL.${port}`))) ?? 'localhost'

const withEnvironment = (
  given: GivenParameters,
  env: NonNullable<SettleOptions['env']>,
): Map<string, GivenParameter> => {
  const all = new Map(given)
  for (const [name, treatment] of Object.entries(PARAMETERS)) {
    const value = treatment.kind === 'honoured' && treatment.env !== undefined ? env[treatment.env] : undefined
    if (value !== undefined && value !== '' && !all.has(name)) all.set(name, { value })
  }
  return all
}

const integer = (
  parameter: GivenParameter | undefined,
  name: string,
  range: readonly [number, number],
  problems: Problem[],
) => {
  if (parameter === undefined || parameter.value === '') return undefined
  const number = /^\s*-?\d{1,9}\s*$/.test(parameter.value) ? Number(parameter.value) : Number.NaN
  if (number >= range[0] && number <= range[1]) return number
  problems.push(problemAt(parameter, `${name} is not a whole number from ${range[0]} to ${range[1]}`))
  return undefined
}

const refuseHostLists = (given: GivenParameters): Problem[] =>
  ['host', 'hostaddr', 'port'].flatMap((name) => {
    const parameter = given.get(name)
    if (!parameter?.value.includes(',')) return []
    return [problemAt(parameter, `${name} lists several hosts`, 'Name the one host that syn2op shall use')]
  })

const oneOf = <const Value extends string>(values: readonly Value[], value: string | undefined): Value | undefined =>
  values.find((candidate) => candidate === value)

/**
 * libpq's connection parameters as settings: defaults filled in, the service file and the password file read, every
 * problem reported. The files below ~/.postgresql and ~/.pgpass are not looked for: they would be another user's than
 * the service's.
 */
export const settle = (given: GivenParameters, options: SettleOptions): Settled => {
  const env = options.env ?? {}
  const problems: Problem[] = []
  const all = withEnvironment(withService(given, env, problems), env)
  for (const [name, parameter] of all) {
    const problem = judge(name, parameter)
    if (problem) problems.push(problem)
  }
  problems.push(...refuseHostLists(all))

  const text = (name: string): string | undefined => all.get(name)?.value || undefined
  const lists = all.get('port')?.value.includes(',') ?? false
  const port = (lists ? undefined : integer(all.get('port'), 'port', [1, 65_535], problems)) ?? 5432
  const seconds = integer(all.get('connect_timeout'), 'connect_timeout', [-2_147_483, 2_147_483], problems)
  const user = text('user')
  if (user === undefined) problems.push({ message: 'No user is given', remedy: 'Name the database role to log in as' })
  const database = text('dbname') ?? user
  const hostAddress = text('hostaddr')
  const host = text('host') ?? hostAddress ?? usualHost(port)
  const sslCert = text('sslcert')
  const sslKey = text('sslkey')
  if ((sslCert === undefined) !== (sslKey === undefined)) {
    problems.push(problemAt(all.get('sslcert') ?? all.get('sslkey'), 'sslcert and sslkey are only useful together'))
  }
  if (user === undefined || database === undefined || problems.length > 0) return { problems }

  const passfile = all.get('passfile')
  const password = text('password') ?? (passfile && passwordFrom(passfile, { host, port, database, user }, problems))
  if (problems.length > 0) return { problems }
  const sslRootCert = text('sslrootcert')
  const serverOptions = text('options')
  const targetSessionAttributes = oneOf(SESSION_ATTRIBUTES, text('target_session_attrs'))
  // libpq: the machine's own authorities only make sense with the host name checked, which is then the default.
  const sslMode = oneOf(SSL_MODES, text('sslmode')) ?? (sslRootCert === 'system' ? 'verify-full' : 'prefer')
  return {
    problems: [],
    settings: {
      host,
      ...(hostAddress === undefined ? {} : { hostAddress }),
      port,
      database,
      user,
      ...(password === undefined ? {} : { password }),
      sslMode,
      ...(sslRootCert === undefined ? {} : { sslRootCert }),
      ...(sslCert === undefined ? {} : { sslCert }),
      ...(sslKey === undefined ? {} : { sslKey }),
      connectTimeoutMs: seconds === undefined ? DEFAULT_CONNECT_TIMEOUT_MS : Math.max(0, seconds) * 1000,
      ...(serverOptions === undefined ? {} : { options: serverOptions }),
      ...(targetSessionAttributes === undefined ? {} : { targetSessionAttributes }),
      origin: options.origin,
    },
  }
}
