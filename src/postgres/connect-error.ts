import type { ErrorCode } from '../errors/catalogue.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { describeSettings, type PostgresSettings } from './settings.ts'

interface DriverError extends Error {
  /** A SQLSTATE, or the code of a system or TLS error. */
  readonly code?: string
}

interface Explanation {
  readonly code: ErrorCode
  readonly what: string
  readonly next: readonly string[]
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'no answer came in time',
  ECONNRESET: 'the connection was closed by the other side',
  EPIPE: 'the connection was closed by the other side',
}

const isTlsError = (error: DriverError): boolean =>
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(
    error.code ?? '',
  ) || /does not support SSL|establishing an SSL connection|secure TLS connection/.test(error.message)

/** Whether the server said so, and not the network or the driver. SQLSTATEs have five characters; ENOENT has six. */
const sqlState = (error: DriverError): string | undefined =>
  /^[0-9A-Z]{5}$/.test(error.code ?? '') && error.code !== 'EPIPE' ? error.code : undefined

const refusal = (state: string, error: DriverError, settings: PostgresSettings): Explanation | undefined => {
  const { user, database, origin } = settings
  const grant = [`As an administrator of the database: GRANT CONNECT ON DATABASE "${database}" TO "${user}";`]
  if (state === '28P01') {
    return { code: 'database.refused', what: 'the password is wrong', next: [`Correct the password in ${origin}`] }
  }
  if (state.startsWith('28')) {
    const next = [`Correct user or TLS in ${origin}, or allow the login in the server's pg_hba.conf`]
    return { code: 'database.refused', what: `the server refuses the login: ${error.message}`, next }
  }
  if (state === '3D000') {
    const next = [`Correct the name of the database in ${origin}`]
    return { code: 'database.refused', what: `there is no database "${database}"`, next }
  }
  if (state === '42501') {
    return { code: 'database.not-allowed', what: 'the role may not connect to this database', next: grant }
  }
  return undefined
}

const unavailable = (state: string, error: DriverError): Explanation => {
  const next =
    state === '53300'
      ? ['Close other sessions or raise max_connections, then try again']
      : ['Try again when the server is ready']
  return { code: 'database.unreachable', what: `the server answers ${state}: ${error.message}`, next }
}

const explain = (error: DriverError, settings: PostgresSettings): Explanation => {
  const state = sqlState(error)
  if (state) return refusal(state, error, settings) ?? unavailable(state, error)
  if (isTlsError(error)) {
    const next = [`Correct sslmode and sslrootcert in ${settings.origin}, or the server's certificate`]
    return { code: 'database.untrusted', what: `sslmode ${settings.sslMode} cannot be met: ${error.message}`, next }
  }
  const what =
    error.message === 'timeout expired'
      ? `no answer came within ${settings.connectTimeoutMs / 1000} s`
      : (NETWORK[error.code ?? ''] ?? error.message)
  const next = [`Check that the server runs and that ${settings.origin} names the right host and port`]
  return { code: 'database.unreachable', what, next }
}

/** A failed connection in words that an administrator can act on. The driver's error is only the cause. */
export const connectError = (cause: unknown, settings: PostgresSettings): Syn2opError => {
  if (cause instanceof Syn2opError) return cause
  const error: DriverError = cause instanceof Error ? cause : new Error(String(cause))
  // Several addresses of one name were tried: Node wraps their errors, and the first tells enough.
  const first = error instanceof AggregateError ? (error.errors.find((one) => one instanceof Error) ?? error) : error
  const { code, what, next } = explain(first, settings)
  return new Syn2opError(code, `Cannot connect to ${describeSettings(settings)} (from ${settings.origin}): ${what}`, {
    cause,
    next,
  })
}

/** Whether libpq would now try the other way to connect under `allow` and `prefer`: no TLS there, or none wanted. */
export const otherWayMayHelp = (cause: unknown): boolean => {
  if (!(cause instanceof Error) || cause instanceof Syn2opError) return false
  const error: DriverError = cause
  return error.code === '28000' || isTlsError(error)
}
