import type { ApiRequest, Break, Refusal, Step } from './rule.ts'

type Others = Omit<ApiRequest, 'method' | 'path' | 'json'>

const requesting =
  (method: ApiRequest['method']) =>
  (path: string, json?: unknown, others: Others = {}): Step => ({
    kind: 'request',
    request: { method, path, ...(json === undefined ? {} : { json }), ...others },
  })

export const posting = requesting('POST')
export const patching = requesting('PATCH')
export const deleting = (path: string, others: Others = {}): Step => requesting('DELETE')(path, undefined, others)

/** One user there, whose id is `auth0|ann`. */
export const ANN_THERE = {
  users: [{ user_id: 'ann', email: 'ann@example.org', email_verified: true, username: 'ann' }],
} as const
export const ANN_PATH = '/api/v2/users/auth0%7Cann'

export const ANN_AND_BEA_THERE = {
  users: [
    { user_id: 'ann', email: 'ann@example.org', email_verified: true, username: 'ann', app_metadata: { of: 'ann' } },
    { user_id: 'bea', email: 'bea@example.org', email_verified: true, username: 'bea', app_metadata: { of: 'bea' } },
  ],
} as const
export const BEA_PATH = '/api/v2/users/auth0%7Cbea'

export const refused = (status: number, errorCode?: string, message?: string): Refusal => ({
  kind: 'answer',
  status,
  ...(errorCode === undefined ? {} : { errorCode }),
  ...(message === undefined ? {} : { message }),
})

/** As the token endpoint and the SCIM endpoint do, which have no `errorCode`. */
export const refusedAs = (status: number, error: string, message?: string): Refusal => ({
  kind: 'answer',
  status,
  error,
  ...(message === undefined ? {} : { message }),
})

export const withoutScope: Refusal = refused(403, 'insufficient_scope')

/** The request is answered as if all were well; a read of this path shows what came of it. */
export const shown = (path: string, contains: Readonly<Record<string, unknown>>, status = 200): Refusal => ({
  kind: 'shows',
  request: { method: 'GET', path },
  status,
  contains,
})

export const gone = (path: string): Refusal => ({ kind: 'shows', request: { method: 'GET', path }, status: 404 })

/** A break for each. */
export const eachOf = <T>(wrongs: readonly [T, ...T[]], breakOf: (wrong: T) => Break): readonly [Break, ...Break[]] => {
  const [first, ...others] = wrongs
  return [breakOf(first), ...others.map(breakOf)]
}
