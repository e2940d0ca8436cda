import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Answered, Lost } from '../../http/exchange.ts'
import { asUnclear } from '../../http/unclear.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { grantLine, purposeOf } from './purposes.ts'

type Address = Pick<KeycloakConfig, 'url'>
type Ends = Pick<KeycloakConfig, 'url' | 'realm' | 'client'>

const CERTIFICATE = /CERT|SIGNATURE|TLS|SSL/

const remedyOf = ({ code = '' }: Pick<Lost, 'code'>): string => {
  if (code === 'EPROTO') {
    return 'See that TLS is spoken at that port: where it is not, `url` of keycloak.yaml begins with http, or names another port.'
  }
  return CERTIFICATE.test(code)
    ? 'See that its certificate is valid for this name, and name the file of its authority in NODE_EXTRA_CA_CERTS.'
    : 'See that it runs and that `url` of keycloak.yaml is its address, then try again.'
}

/** Nothing came back, or only a part of an answer. */
export const lostError = ({ url }: Address, lost: Lost): Syn2opError => {
  const error = new Syn2opError('server.unreachable', `Keycloak at ${url} cannot be asked: ${lost.why}`, {
    ...(lost.cause === undefined ? {} : { cause: lost.cause }),
    next: [remedyOf(lost)],
  })
  return lost.sent ? asUnclear(error) : error
}

const BUSY: readonly number[] = [429, 502, 503, 504]

/** What a proxy or a server under load says instead of an answer; undefined for any other status. */
export const passingError = (
  { url }: Address,
  { status, retryAfter }: Pick<Answered, 'status' | 'retryAfter'>,
): Syn2opError | undefined => {
  if (status >= 300 && status < 400) {
    return new Syn2opError(
      'server.unreachable',
      `Keycloak at ${url} cannot be asked: it answers ${status} and leads elsewhere`,
      {
        next: ['Give the address that it leads to as `url`: nothing is sent to any other.'],
      },
    )
  }
  if (!BUSY.includes(status)) return undefined
  const error = serverFailed({ url }, { status, ...(retryAfter === undefined ? {} : { retryAfter }) })
  // Whoever asks for patience has not begun.
  return status === 429 ? error : asUnclear(error)
}

/** It cannot do its work now: its database may be away. */
export const serverFailed = (
  { url }: Address,
  { status, retryAfter }: Pick<Answered, 'status' | 'retryAfter'>,
): Syn2opError =>
  new Syn2opError('server.unreachable', `Keycloak at ${url} cannot be asked: it answers ${status}`, {
    ...(retryAfter === undefined ? {} : { retryAfter }),
    next: ['See that it, its database and its proxy run and are not overloaded, then try again.'],
  })

/** It answers what no Keycloak answers to such a request. The answer itself is not repeated. */
export const strangeAnswer = ({ url }: Address, asked: string, answered: string): Syn2opError =>
  asUnclear(
    new Syn2opError('server.unreachable', `Keycloak at ${url} answers ${answered} to ${asked}`, {
      next: ['See that `url` leads to Keycloak itself, with its path where it has one, and to no other page or proxy.'],
    }),
  )

export const noSuchRealm = ({ url }: Address, realm: string): Syn2opError =>
  new Syn2opError('config.invalid', `Keycloak at ${url} has no realm ${realm}`, {
    next: ['Correct `url`, `realm` or `client.realm`. A realm is known by its name, in the same capitals.'],
  })

/** The client is not let in, whatever it asks for. */
export const signInRefused = (ends: Ends, { status, error, description }: Refusal): Syn2opError => {
  const { client, url } = ends
  const words = [error, description].filter((word) => word !== undefined).join(': ')
  return new Syn2opError(
    'target.not-allowed',
    `Keycloak at ${url} gives the client ${client.id} of the realm ${client.realm} no token (${status}${words === '' ? '' : ` ${words}`})`,
    { next: [signInRemedy(ends, { status, error, description })] },
  )
}

export interface Refusal {
  readonly status: number
  /** OAuth's code. */
  readonly error: string | undefined
  readonly description: string | undefined
}

const signInRemedy = ({ client }: Ends, { description = '' }: Refusal): string => {
  if (description === 'HTTPS required') return 'Give an https address as `url`: the realm asks for it.'
  if (description === 'Realm not enabled') return `Enable the realm ${client.realm}.`
  if (/service account/.test(description)) {
    return `Turn on "Client authentication" and "Service account roles" of the client ${client.id}.`
  }
  return `See that the realm ${client.realm} has the client ${client.id}, that it is enabled, and that \`client.secret\` is the one under its "Credentials".`
}

/** A token that was given a moment ago is not taken. */
export const tokenRefused = ({ url, client }: Ends): Syn2opError =>
  new Syn2opError(
    'target.not-allowed',
    `Keycloak at ${url} refuses the token that it has just given to ${client.id} (401)`,
    {
      next: [
        'See that `url` is the address by which Keycloak knows itself (its setting hostname), that the clocks of its nodes agree,',
        `and that nobody has revoked the sessions of ${client.id}.`,
      ],
    },
  )

const proxies = new WeakSet<Error>()

/** Whether a request was refused by something before Keycloak, whatever roles the client has. */
export const isHeldBack = (error: unknown): boolean => error instanceof Error && proxies.has(error)

/** What answered was not Keycloak. */
export const heldBackByProxy = (
  { url }: Address,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
): Syn2opError => {
  const error = new Syn2opError(
    'target.not-allowed',
    `A proxy before Keycloak at ${url} seems to refuse ${method} ${path === '' ? 'of the realm' : path}: the answer is 403, and not in Keycloak's words`,
    { next: ['Let requests to /admin through from here, or give an address of Keycloak itself as `url`.'] },
  )
  proxies.add(error)
  return error
}

/** The client lacks a role. */
export const roleMissing = (ends: Ends, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string): Syn2opError => {
  const { what, role } = purposeOf(method, path)
  const place = path.startsWith('//') ? '' : ` in the realm ${ends.realm}`
  return new Syn2opError(
    'target.not-allowed',
    `Keycloak does not let the client ${ends.client.id} ${what}${place}: it lacks the role ${role}`,
    { next: ['Give it the role:', grantLine(ends, role)] },
  )
}
