import { readToken } from './access-token.ts'
import { type Answer, refusal } from './answer.ts'
import type { Tenant } from './tenant.ts'

/** Whoever asks the Management API: let in with the scopes of their token, or refused. */
export type Entrance = { readonly scopes: ReadonlySet<string> } | { readonly refused: Answer }

const unauthorized = (message: string): Entrance => ({
  refused: { status: 401, body: { statusCode: 401, error: 'Unauthorized', message, attributes: { error: message } } },
})

const bearer = /^Bearer (?<token>\S+)$/u

/** Reads the token of a request. `withdrawn` are tokens that are good for nothing any more. */
export const enter = (
  tenant: Pick<Tenant, 'url' | 'clock'>,
  authorization: string | undefined,
  withdrawn: ReadonlySet<string>,
): Entrance => {
  if (authorization === undefined) return unauthorized('Missing authentication')
  const token = bearer.exec(authorization)?.groups?.['token']
  if (token === undefined || token.split('.').length !== 3)
    return { refused: refusal(400, 'Bad Request', 'Bad HTTP authentication header format', 'Bearer') }
  const claims = readToken(token)
  if (claims === undefined) return unauthorized('Invalid signature received for JSON Web Token validation')
  if (claims.exp * 1000 <= tenant.clock.now() || withdrawn.has(token))
    return unauthorized('Expired token received for JSON Web Token validation')
  if (claims.aud !== `${tenant.url}/api/v2/`) return unauthorized(`Bad audience: ${claims.aud}`)
  return { scopes: new Set(claims.scope.split(' ').filter((scope) => scope !== '')) }
}

/** Undefined where the token has one of the scopes, or none is needed. */
export const withoutScope = (needed: readonly string[], scopes: ReadonlySet<string>): Answer | undefined =>
  needed.length === 0 || needed.some((scope) => scopes.has(scope))
    ? undefined
    : refusal(403, 'Forbidden', `Insufficient scope, expected any of: ${needed.join(',')}`, 'insufficient_scope')
