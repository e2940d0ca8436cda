import type { TargetProvider } from '../../target.ts'

/** What a tenant is allowed is a matter of what is paid for. `enterprise-bulk`: with Auth0's extra for large imports. */
export type Auth0Plan =
  | 'free'
  | 'essentials'
  | 'professional'
  | 'enterprise'
  | 'enterprise-nonproduction'
  | 'enterprise-bulk'

/** A provider of Synapse's: `authProvider` is Synapse's name for it, `id` the name of the connection at Auth0 that takes its place. */
export interface Auth0Provider extends TargetProvider {
  /** The connection's, such as `oidc`, `samlp` or `google-oauth2`: user ids of its people begin with it. */
  readonly strategy: string
  /**
   * `action`: identities are noted at the user, and a post-login Action links them at the first login. `scim`: users of the connection
   * are made by inbound SCIM, and linked at once: they are who is known by both. `leave`: they are left behind.
   */
  readonly link: 'action' | 'scim' | 'leave'
}

/** What syn2op is told of an Auth0 tenant: its files merged, the files of secrets read. */
export interface Auth0Config {
  readonly files: readonly string[]
  /** https, or http of this machine; scheme, host and port alone. */
  readonly url: string
  /** A machine-to-machine application that may use the Management API. `secret`: a secret. */
  readonly client: { readonly id: string; readonly secret: string }
  /** The name of the database connection that people move to. */
  readonly connection: string
  readonly plan: Auth0Plan
  /** `leave`: no hash is sent. */
  readonly passwords: 'carry' | 'leave'
  /**
   * Whether Auth0 may be told Synapse's `password_pepper`, without which no peppered password works there: it is sent beside every hash,
   * in clear, and Auth0 keeps it until each one's first login. `disclose` is the consent to that.
   */
  readonly pepper: 'disclose' | 'withhold'
  /** Of usernames with letters that Auth0 does not take: each such letter as `~` and two hex digits; no username; not moved. */
  readonly usernames: { readonly unfit: 'escape' | 'leave' | 'refuse' }
  /** Of people without an e-mail address: `allow` where the connection takes them, or not moved at all. */
  readonly email: { readonly without: 'allow' | 'refuse' }
  readonly providers: readonly Auth0Provider[]
  /** By which canaries log in; it has the grant type Password. `secret`: a secret; absent: the application has none. */
  readonly application?: { readonly id: string; readonly secret?: string }
  /** Which part of what the tenant is allowed may be used, above 0 and at most 1. */
  readonly rate: { readonly share: number }
}
