/** Of what it is asked, and what may be asked. */
export interface Subject {
  /** The part of a Matrix id behind the colon. */
  readonly serverName?: string
  /** Where clients reach the homeserver, as it was given; else its .well-known says. Without a slash at the end. */
  readonly baseUrl?: string
  /** The issuer as it was given, byte by byte; else the homeserver says. */
  readonly op?: string
  /** Web origin of the client in whose name it is asked, such as https://app.element.io. */
  readonly origin: string
  /** Whether probes that leave something behind may be asked. */
  readonly traces: 'allowed' | 'none'
  /** What Synapse and MAS know each other by; a secret. */
  readonly masSecret?: string
  /** An access token of some user; a secret. */
  readonly accessToken?: string
  /** By the ids of their registrations; the tokens are secrets. */
  readonly applicationServices?: readonly { readonly id: string; readonly token: string; readonly msc4190: boolean }[]
}
