/** What Synapse and MAS of the stand-ins know each other by. */
export const STAND_IN_SECRET = 'stand-in-secret-between-synapse-and-mas'

/** The access token of the one user of each homeserver. */
export const STAND_IN_TOKEN = 'stand-in-access-token-of-alice'

/**
 * What is switched off: OAuth (of Tuwunel and continuwuity), MAS itself (its server answers nobody, and Synapse cannot introspect),
 * the way of the old logins from the homeserver's address to MAS, passwords, dynamic registration.
 */
export type Switch = 'oauth' | 'mas' | 'compat' | 'password' | 'registration'

export interface StandInOptions {
  readonly off?: readonly Switch[]
  /** Changes any answer before it is sent: broken fields, lost headers, other states. */
  readonly faults?: (asked: { readonly method: string; readonly path: string }, reply: Reply) => Reply
  /** PEM texts of a certificate for localhost; http without. */
  readonly tls?: { readonly serverCertificate: string; readonly serverKey: string }
}

/** A request as a product's routes see it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The body as JSON; undefined where it is none, or is not said to be. */
  readonly json: Readonly<Record<string, unknown>> | undefined
  /** The body as a form; undefined where it is not said to be one. */
  readonly form: URLSearchParams | undefined
  /** What stands behind `Bearer`. */
  readonly token: string | undefined
  /** Says that this is nothing that a right client sends. */
  readonly violation: (what: string) => void
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A text as it is, everything else as JSON; nothing where there is none. */
  readonly body?: unknown
}

export type Route = (asked: Asked) => Reply

/** How a product answers. */
export interface Product {
  /** By method and path, such as `GET /_matrix/client/versions`. */
  readonly routes: Readonly<Record<string, Route>>
  /** Where no route is. */
  readonly otherwise: Route
  /** A preflight, and what is put into every answer for web clients. */
  readonly preflight: Route
  readonly cors: (asked: Asked) => Readonly<Record<string, string>>
}

export interface Places {
  readonly homeserver: string
  readonly op: string
  readonly off: ReadonlySet<Switch>
  /** Registered clients by their ids, with what they registered. */
  readonly clients: Map<string, unknown>
  /** A document of test/support/readiness/discovery, its hosts the stand-in's. */
  readonly fixture: (file: string) => unknown
}

export const page = (status: number, title: string): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html><head><title>${title}</title></head><body>${title}</body></html>`,
})

export const ANY_ORIGIN: Readonly<Record<string, string>> = { 'access-control-allow-origin': '*' }

/** Members of a registration that must be texts and lists of texts; says each that is not. */
export const registrationFaults = (body: Asked['json']): readonly string[] => {
  if (body === undefined) return ['a registration is no JSON']
  const lists = ['redirect_uris', 'response_types', 'grant_types']
  const texts = ['client_name', 'client_uri', 'token_endpoint_auth_method', 'application_type']
  return [
    ...lists.filter((name) => !Array.isArray(body[name])).map((name) => `${name} is no list`),
    ...texts.filter((name) => typeof body[name] !== 'string').map((name) => `${name} is no text`),
  ]
}
