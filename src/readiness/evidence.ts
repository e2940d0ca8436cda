import type { Exchange } from './http/exchange.ts'

/** Every question, in the order in which they are asked. Paths: docs/reference/readiness.md. */
export const QUESTIONS = [
  // The homeserver. Each with `Origin`, so that its answer shows what a web client could read.
  'wellKnownClient', // https://{server name}/.well-known/matrix/client
  'versions', // /_matrix/client/versions
  'serverVersion', // /_matrix/federation/v1/version
  'metadataStable', // /_matrix/client/v1/auth_metadata
  'metadataUnstable', // /_matrix/client/unstable/org.matrix.msc2965/auth_metadata
  'authIssuer', // /_matrix/client/unstable/org.matrix.msc2965/auth_issuer
  'login', // /_matrix/client/v3/login
  'logout', // POST /_matrix/client/v3/logout with a token that nobody has
  'refresh', // POST /_matrix/client/v3/refresh with a token that nobody has
  'registerAvailable', // /_matrix/client/v3/register/available?username=…
  'whoami', // /_matrix/client/v3/account/whoami with a token that nobody has
  'preflight', // OPTIONS of the same, by which a browser asks whether it may send a token, and use PUT
  'masApi', // /_synapse/mas/is_localpart_available without a secret
  'masApiSecret', // the same with the secret and without a name
  'capabilities', // /_matrix/client/v3/capabilities with the user's token
  'rendezvous', // /_matrix/client/unstable/io.element.msc4388/rendezvous
  // The OP: at the addresses of the metadata that was found, else of its own discovery.
  'opConfiguration', // {issuer}/.well-known/openid-configuration
  'opOauthMetadata', // /.well-known/oauth-authorization-server of the issuer (RFC 8414)
  'jwks', // jwks_uri
  'authorizePage', // authorization_endpoint without anything
  'accountPage', // account_management_uri
  'registrationPreflight', // OPTIONS registration_endpoint
  'tokenJunk', // POST token_endpoint with a code that nobody has
  'revokeJunk', // POST revocation_endpoint with a token that nobody has
  'introspectSecret', // POST introspection_endpoint with MAS's secret and a token that nobody has
  // What leaves traces: only where they are allowed.
  'registration', // POST registration_endpoint, as Element Web does
  'registrationNative', // the same, as Element X does
  'authorizeStable', // authorization_endpoint with the stable scopes
  'authorizeUnstable', // the same with the scopes of MSC2967
  'revokeRegistered', // POST revocation_endpoint as that client, with a token that nobody has
  'deviceAuthorization', // POST device_authorization_endpoint as that client
  'registrationDeleted', // DELETE registration_client_uri (RFC 7592)
  'registrationNativeDeleted',
] as const

export type QuestionName = (typeof QUESTIONS)[number]

/** What the OP says of itself, without a homeserver: it may answer where no homeserver does. */
export const OP_DOCUMENTS = ['opConfiguration', 'opOauthMetadata'] as const satisfies readonly QuestionName[]

/** All that was asked, and what was not. Probes judge this and nothing else. */
export interface Evidence {
  readonly serverName?: string
  /** Where clients reach the homeserver, without a slash at the end; absent where there is none, or it was not found. */
  readonly baseUrl?: string
  /** Of the OP: as given, else as the homeserver says; absent where there is none. */
  readonly issuer?: string
  /** Where the issuer is from. */
  readonly issuerFrom?: 'given' | 'homeserver'
  readonly asked: Readonly<Partial<Record<QuestionName, Exchange>>>
  /** Why a question was not asked, one sentence. Each question is in one of the two. */
  readonly notAsked: Readonly<Partial<Record<QuestionName, string>>>
  /** Those of them that were put, and the server wants to be asked later: no option would have them asked. */
  readonly putOff?: readonly QuestionName[]
  /** whoami with the token of each application service. */
  readonly applicationServices: readonly {
    readonly id: string
    readonly msc4190: boolean
    /** Absent where it was not asked. */
    readonly exchange?: Exchange
    /** Why it was not, one sentence. */
    readonly notAsked?: string
  }[]
  /** The web origin in whose name it was asked. */
  readonly origin: string
}
