import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Answered, Lost } from '../../http/exchange.ts'
import { asUnclear } from '../../http/unclear.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { type Method, purposeOf } from './purposes.ts'
import { wordsOf } from './words.ts'

type Address = Pick<Auth0Config, 'url'>
type Ends = Pick<Auth0Config, 'url' | 'client'>

const remedyOf = ({ code = '' }: Pick<Lost, 'code'>): string =>
  /CERT|SIGNATURE|TLS|SSL|EPROTO/.test(code)
    ? 'See that `url` of auth0.yaml is the address of the tenant, and that no proxy of yours answers in its place.'
    : 'See that `url` of auth0.yaml is the address of the tenant and can be reached from here, then try again.'

/** Nothing came back, or only a part of an answer. */
export const lostError = ({ url }: Address, lost: Lost): Syn2opError => {
  const error = new Syn2opError('server.unreachable', `Auth0 at ${url} cannot be asked: ${lost.why}`, {
    ...(lost.cause === undefined ? {} : { cause: lost.cause }),
    next: [remedyOf(lost)],
  })
  return lost.sent ? asUnclear(error) : error
}

/** Auth0 cannot do its work now. */
export const serverFailed = ({ url }: Address, status: number, retryAfter?: number): Syn2opError =>
  new Syn2opError('server.unreachable', `Auth0 at ${url} cannot be asked: it answers ${status}`, {
    ...(retryAfter === undefined ? {} : { retryAfter }),
    next: ["See Auth0's page of its status, then try again."],
  })

/** Its limits are used up by somebody else. It has not begun. */
export const tooMany = ({ url }: Address, retryAfter: number | undefined): Syn2opError =>
  new Syn2opError('server.unreachable', `Auth0 at ${url} has no time for us: other requests use up its limits`, {
    ...(retryAfter === undefined ? {} : { retryAfter }),
    next: ["Look in the tenant's log for who asks so much, or lower `rate.share` of auth0.yaml, then try again."],
  })

/** It answers what the Management API never answers to such a request. The answer itself is not repeated. */
export const strangeAnswer = ({ url }: Address, asked: string, answered: string): Syn2opError =>
  new Syn2opError('server.unreachable', `Auth0 at ${url} answers ${answered} to ${asked}`, {
    next: ["See that `url` of auth0.yaml is the tenant's own domain, such as https://tenant.eu.auth0.com."],
  })

export interface SignInRefusal {
  readonly status: number
  /** OAuth's code. */
  readonly error: string | undefined
  readonly description: string | undefined
}

/** The client is not let in, whatever it asks for. */
export const signInRefused = ({ url, client }: Ends, { status, error, description }: SignInRefusal): Syn2opError => {
  const words = [status, [error, description].filter((word) => word !== undefined).join(': ')].join(' ').trimEnd()
  return new Syn2opError('target.not-allowed', `Auth0 at ${url} gives the client ${client.id} no token (${words})`, {
    next: [
      status === 403
        ? `Authorize the application for the API "Auth0 Management API": ${grantPath(client.id)}`
        : 'See that the application is a machine-to-machine one, and that `client` of auth0.yaml has its id and its secret.',
    ],
  })
}

/** A token that was given a moment ago is not taken. */
export const tokenRefused = ({ url, client }: Ends, words: string): Syn2opError =>
  new Syn2opError(
    'target.not-allowed',
    `Auth0 at ${url} refuses the token that it has just given to ${client.id}: ${words}`,
    {
      next: ["See that `url` of auth0.yaml is the tenant's own domain, not a custom one."],
    },
  )

/** Where an administrator gives the client something. */
const grantPath = (id: string): string =>
  `in the Dashboard under Applications, APIs, Auth0 Management API, Machine to Machine Applications, at ${id}.`

/** The scopes of which Auth0 says that one is needed. */
const scopesIn = (words: string): readonly string[] =>
  /expected any of: ([a-z_]+:[a-z_]+(?:, ?[a-z_]+:[a-z_]+)*)/.exec(words)?.[1]?.split(/, ?/) ?? []

interface Forbidden {
  readonly method: Method
  readonly path: string
  readonly answer: { readonly status: number; readonly body: unknown }
}

/** 403: the client lacks a scope, or the tenant what is asked for. */
export const notAllowed = ({ client }: Ends, { method, path, answer }: Forbidden): Syn2opError => {
  const { what, scopes } = purposeOf(method, path)
  const words = wordsOf(answer)
  const told = `Auth0 does not let the client ${client.id} ${what}`
  if (!words.startsWith('Insufficient scope')) {
    return new Syn2opError('target.not-allowed', `${told}: ${words}`, {
      next: ["See whether the tenant's plan has what was asked for."],
    })
  }
  const named = scopesIn(words)
  const ours = named.length === 0 ? scopes : scopes.filter((scope) => named.includes(scope))
  const needed = ours.length === 0 ? named.join(' or ') : ours.join(' and ')
  const theScope = ours.length > 1 ? 'the scopes' : 'the scope'
  return new Syn2opError('target.not-allowed', `${told}: it lacks ${theScope} ${needed}`, {
    next: [`Give it ${theScope} ${needed}, ${grantPath(client.id)}`],
  })
}

const refusedTokens = new WeakSet<Error>()

/** A token of SCIM is not taken. */
export const scimTokenRefused = (
  { url }: Address,
  answer: Pick<Answered, 'status'> & { readonly body: unknown },
): Syn2opError => {
  const error = new Syn2opError(
    'target.not-allowed',
    `Auth0 at ${url} refuses the token for SCIM: ${wordsOf(answer)}`,
    {
      next: ['Look under Provisioning of the connection whether the token is still there, and run the command again.'],
    },
  )
  refusedTokens.add(error)
  return error
}

/** Whether a request ended so, of which Auth0 has done nothing then. */
export const isScimTokenRefused = (error: unknown): boolean => error instanceof Error && refusedTokens.has(error)
