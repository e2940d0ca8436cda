import type { ConflictRules } from '../../../mapping/mapping.ts'
import type { Auth0Config } from '../config/auth0-config.ts'

/** What a database connection takes, as its settings say. */
export interface ConnectionRules {
  readonly takesUsernames: boolean
  /** In characters. */
  readonly usernameLength: { readonly min: number; readonly max: number }
  /** Usernames that look like an e-mail address, or like a phone number. */
  readonly takesUsernamesLike: { readonly emails: boolean; readonly phones: boolean }
  readonly takesPhones: boolean
  readonly requiresEmail: boolean
  readonly requiresUsername: boolean
  readonly requiresPhone: boolean
  /** Several users may have the same e-mail address. */
  readonly sharesEmails?: true
}

/** What decides how an account becomes a user. `connection` is the name of the connection. */
export interface UserRules extends Pick<Auth0Config, 'connection' | 'usernames' | 'email' | 'providers'> {
  readonly takes: ConnectionRules
  /** The mapping's; absent: nobody is in anybody's way. */
  readonly conflicts?: Pick<ConflictRules, 'identity'>
}

/** Who writes. */
export interface Writer {
  /** Of the homeserver whose people move. */
  readonly serverName: string
  /** Empty while nothing is written yet: it is in the marks alone. */
  readonly runId: string
}
