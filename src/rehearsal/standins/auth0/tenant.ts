import type { TenantClock } from './clock.ts'
import type { Readings } from './readings.ts'
import type { PlanName } from './rules/rule.ts'

/** Everything a tenant holds. The handlers change it; who plays the administrator, or looks behind the API, reads it. */
export interface Tenant {
  /** Where it answers, without a slash at its end. The audience of its Management API is this and `/api/v2/`. */
  readonly url: string
  readonly plan: PlanName
  readonly clock: TenantClock
  readonly readings: Readings
  readonly connections: Map<string, Connection>
  readonly clients: Map<string, Client>
  readonly users: UserStore
  readonly jobs: Map<string, Job>
  readonly actions: Map<string, Action>
  /** By user_id: profiles that were linked to another, as they were before. They are users no more, but their password lets them in. */
  readonly linked: Map<string, User>
  /** By user_id: wrong passwords since the last right one. */
  readonly wrongPasswords: Map<string, number>
  /** What the tenant's log would show, newest last. */
  readonly log: TenantLogEntry[]
  /** The mails that it would have sent, newest last. */
  readonly mails: TenantMail[]
}

export interface TenantMail {
  readonly at: number
  readonly to: 'every owner of the tenant'
  readonly subject: string
}

export interface Connection {
  /** `con_` and 16 letters or digits. */
  readonly id: string
  readonly name: string
  displayName?: string
  /** `auth0` is a database connection. */
  readonly strategy: string
  options: Readonly<Record<string, unknown>>
  /** Ids of clients for which it is enabled. */
  readonly enabledClients: Set<string>
  /** Of inbound SCIM; absent: it has none. */
  scim?: ScimConfiguration
}

export interface ScimConfiguration {
  readonly userIdAttribute: string
  readonly mapping?: readonly unknown[]
  /** By token_id. */
  readonly tokens: Map<string, ScimToken>
}

export interface ScimToken {
  /** A secret, told once. */
  readonly token: string
  readonly scopes: readonly string[]
  readonly createdAt?: number
  readonly validUntil?: number
  lastUsedAt?: number
}

export interface Client {
  readonly id: string
  readonly secret: string
  readonly name: string
  readonly grantTypes: readonly string[]
  /** What it may ask of the Management API. */
  readonly scopes: readonly string[]
}

/** One profile. An identity that was linked to it is one of its identities, and no profile of its own any more. */
export interface User {
  /** Such as `auth0|…`. */
  readonly userId: string
  /** First the profile's own. */
  readonly identities: readonly UserIdentity[]
  readonly email?: string
  readonly emailVerified?: boolean
  readonly phoneNumber?: string
  readonly phoneVerified?: boolean
  readonly username?: string
  readonly names: Readonly<Partial<Record<'name' | 'nickname' | 'given_name' | 'family_name' | 'picture', string>>>
  readonly blocked: boolean
  readonly appMetadata: Readonly<Record<string, unknown>>
  readonly userMetadata: Readonly<Record<string, unknown>>
  /** A secret; of a database user. */
  readonly password?: StoredPassword
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastLogin?: number
  readonly lastPasswordReset?: number
  readonly loginsCount: number
  /** Of SCIM. */
  readonly externalId?: string
  /** Beside the profile, as its lists tell of it. */
  readonly given?: Readonly<Partial<Record<GivenKind, readonly Readonly<Record<string, unknown>>[]>>>
}

export type GivenKind = 'roles' | 'permissions' | 'organizations' | 'authentication-methods'

export interface UserIdentity {
  /** The connection's name. */
  readonly connection: string
  /** The strategy: `auth0`, `oidc`, `google-oauth2`. */
  readonly provider: string
  /** Without the strategy before it. */
  readonly userId: string
  readonly isSocial: boolean
  /** Of a linked one: what its own profile said. */
  readonly profileData?: Readonly<Record<string, unknown>>
}

/** `imported`: as it came, until the first login that it lets in; then `own`. `random`: nobody knows it. */
export type StoredPassword =
  | { readonly kind: 'own'; readonly bcrypt: string }
  | { readonly kind: 'imported'; readonly custom: Readonly<Record<string, unknown>> }
  | { readonly kind: 'random' }

/** Finds users at once, as reads by id and by e-mail do; searches see them some time later. */
export interface UserStore {
  byId(userId: string): User | undefined
  /** In a database connection; compared as the tenant compares them. */
  byEmail(connection: string, email: string): User | undefined
  byUsername(connection: string, username: string): User | undefined
  byPhone(connection: string, phone: string): User | undefined
  /** Whoever has this identity, as their own or linked. */
  byIdentity(provider: string, userId: string): User | undefined
  /** Of every connection. */
  withEmail(email: string): readonly User[]
  all(): Iterable<User>
  count(): number
  /** Adds them, or puts them in the place of the one of the same user_id. */
  put(user: User): void
  remove(userId: string): void
}

export type JobStatus = 'pending' | 'processing' | 'completed' | 'failed'

export interface Job {
  /** `job_` and 16 letters or digits. */
  readonly id: string
  readonly type: 'users_import' | 'users_export'
  readonly connectionId?: string
  readonly externalId?: string
  readonly createdAt: number
  status: JobStatus
  endedAt?: number
  summary?: { readonly total: number; readonly inserted: number; readonly updated: number; readonly failed: number }
  statusDetails?: string
  percentageDone?: number
  errors: readonly JobError[]
  /** Of an export: what its file holds, one JSON object a line. */
  readonly output?: { readonly format: 'json' | 'csv'; text: string }
}

export interface JobError {
  /** As in the file, hashes and pepper among it. */
  readonly user: unknown
  readonly errors: readonly { readonly code: string; readonly message: string; readonly path?: string }[]
}

/** What Actions can be bound to; those of registrations are never run. */
export type ActionTrigger = 'post-login' | 'post-user-registration'

export interface Action extends ActionVersion {
  readonly id: string
  readonly name: string
  readonly trigger: ActionTrigger
  /** What runs; what the rest says is a draft until it is deployed. */
  readonly deployed?: ActionVersion
  /** Where in the order of the trigger's Actions; absent: it is not bound. */
  readonly position?: number
  readonly createdAt: number
  readonly updatedAt: number
}

export interface ActionVersion {
  readonly code: string
  /** Such as `node22`. */
  readonly runtime: string
  readonly dependencies: readonly { readonly name: string; readonly version: string }[]
  readonly secrets: readonly { readonly name: string; readonly value: string }[]
}

export interface TenantLogEntry {
  readonly at: number
  /** Auth0's codes of log events: `s`, `f`, `fp`, `fu`, `limit_wc`, `ss` and others. */
  readonly type: string
  readonly userId?: string
  readonly description?: string
}
