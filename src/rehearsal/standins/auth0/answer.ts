import type { Tenant } from './tenant.ts'

/** A request that has come in whole, let in by its token and within the limits. */
export interface Incoming {
  readonly method: string
  /** Below the API's root, decoded segment by segment. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  /** As it came. */
  readonly body: Buffer
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown
  /** Of the token. */
  readonly scopes: ReadonlySet<string>
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a text as it is; absent: an empty body. */
  readonly body?: unknown
}

/** Which limit counts a request. */
export type LimitName =
  | 'users read'
  | 'users write'
  | 'users delete'
  | 'organizations of users'
  | 'clients read'
  | 'logs read'
  | 'other'
  | 'authentication'
  | 'SCIM'
  | 'none'

/** One operation of an API. */
export interface Operation {
  readonly method: string
  /** `/users/{id}` below the API's root. */
  readonly path: string
  /** One of these is needed; empty: a token is enough. */
  readonly scopes: readonly string[]
  readonly limit: LimitName
  answer(tenant: Tenant, incoming: Incoming, parameters: Readonly<Record<string, string>>): Answer | Promise<Answer>
}

/** As the Management API refuses: `{statusCode, error, message, errorCode}`. */
export const refusal = (status: number, error: string, message: string, errorCode?: string): Answer => ({
  status,
  body: { statusCode: status, error, message, ...(errorCode === undefined ? {} : { errorCode }) },
})
