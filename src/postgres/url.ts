import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { GivenParameter } from './given-parameter.ts'
import type { PostgresSettings } from './settings.ts'
import { settle } from './settle.ts'

export interface UrlOptions {
  /** Defaults for what the URL leaves open, by libpq's variable names. Nothing is read from process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

const URL_FORM = /^postgres(?:ql)?:\/\/(?:([^/@]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?([\s\S]*))?$/
const HOST_AND_PORT = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/

/** After a user's colon comes something that is no port, and an @ later. */
const PASSWORD_IN_AUTHORITY = /^[^:/?]*:\/\/[^/:@]*:(?!\d+(?:[/?]|$))[\s\S]+@/

const decode = (text: string): string | undefined => {
  try {
    const decoded = decodeURIComponent(text)
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}

const splitPair = (pair: string): readonly [name: string, raw: string] => {
  const equals = pair.indexOf('=')
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
}

/** The parts as raw (still encoded) libpq parameters. A later one of the same name wins, as in libpq. */
const split = (url: string): readonly (readonly [name: string, raw: string])[] | undefined => {
  const form = URL_FORM.exec(url)
  if (!form) return undefined
  const [, userInfo = '', authority = '', database = '', query = ''] = form
  const several = authority.includes(',')
  const [, host = '', port = ''] = (several ? undefined : HOST_AND_PORT.exec(authority)) ?? ['', authority, '']
  const colon = userInfo.indexOf(':')
  const parts: readonly (readonly [string, string])[] = [
    ['user', colon < 0 ? userInfo : userInfo.slice(0, colon)],
    ['password', colon < 0 ? '' : userInfo.slice(colon + 1)],
    ['host', host.replace(/^\[(.*)\]$/, '$1')],
    ['port', port],
    ['dbname', database],
  ]
  const queries = query.split('&').filter((pair) => pair !== '')
  return [...parts.filter(([, raw]) => raw !== ''), ...queries.map(splitPair)]
}

const toParameter = (name: string, value: string): readonly [string, GivenParameter] =>
  // The two spellings that libpq's URLs take from JDBC.
  name === 'ssl' && value === 'true' ? ['sslmode', { value: 'require' }] : [name, { value }]

/**
 * A libpq connection URL as settings.
 *
 * `origin` says whence the URL came; the URL itself is never repeated, since it may hold a password.
 * Raises `config.invalid` with every problem: form, encoding, unknown or unsupported parameters.
 * Source: PostgreSQL documentation, "Connection URIs" (libpq).
 */
export const parsePostgresUrl = (url: string, origin: string, options: UrlOptions = {}): PostgresSettings => {
  const parts = split(url)
  const fail = (problems: readonly Problem[]): never => {
    throw new Syn2opError('config.invalid', `${origin} is not a PostgreSQL URL that syn2op can use`, {
      problems,
      next: ['Write it as postgresql://user@host:port/database?sslmode=…, with special characters percent-encoded'],
    })
  }
  if (!parts) return fail([{ message: 'It is not of the form postgresql://user@host:port/database' }])
  // Taken apart, such a URL would show pieces of its password as names of parameters.
  if (PASSWORD_IN_AUTHORITY.test(url) && !parts.some(([name]) => name === 'password')) {
    return fail([{ message: 'Its password holds a character that must be percent-encoded, such as / or @' }])
  }

  const problems: Problem[] = []
  const given = new Map<string, GivenParameter>()
  for (const [rawName, rawValue] of parts) {
    const name = decode(rawName)
    const value = decode(rawValue)
    if (name === undefined) problems.push({ message: 'The name of a parameter has a wrong percent-encoding' })
    else if (value === undefined) problems.push({ message: `${name} has a wrong percent-encoding` })
    else given.set(...toParameter(name, value))
  }
  if (problems.length > 0) return fail(problems)
  const settled = settle(given, { origin, ...options })
  return settled.settings ?? fail(settled.problems)
}

/** Names under which a URL's query can carry a secret. */
const SECRET_PARAMETERS = ['password', 'sslpassword', 'oauth_client_secret', 'scram_client_key']

/**
 * Whether a URL carries a password, so that it must not stand in a process list. Also true for a malformed URL that
 * seems to: whoever typed an unencoded password must not see it accepted or repeated.
 */
export const urlHasPassword = (url: string): boolean => {
  if (PASSWORD_IN_AUTHORITY.test(url)) return true
  const query = url.split('?').slice(1).join('?')
  return query
    .split('&')
    .map(splitPair)
    .some(([name, value]) => value !== '' && SECRET_PARAMETERS.includes(decode(name) ?? name))
}
