/** One of the ways in which a user is known: the first is the profile's own, the others were linked to it. */
export interface PresentIdentity {
  /** The connection's name. */
  readonly connection: string
  /** The connection's strategy, such as `auth0` or `oidc`. */
  readonly provider: string
  /** Without the strategy before it. */
  readonly userId: string
  readonly isSocial: boolean
  /** Of a database user who was linked: what they are called and known by there. */
  readonly profile?: IdentityProfile
}

export interface IdentityProfile
  extends Pick<PresentUser, 'username' | 'email' | 'emailVerified' | 'phoneNumber' | 'phoneVerified' | 'names'> {}

/** Root fields of a profile for what somebody is called. */
export const NAME_FIELDS = ['name', 'given_name', 'family_name', 'nickname', 'picture'] as const

export type NameField = (typeof NAME_FIELDS)[number]

/** A user as Auth0 has them. It tells nothing of a password but when it was reset. Times are milliseconds since 1970. */
export interface PresentUser {
  /** With the strategy before it, such as `auth0|5f7c…`. */
  readonly id: string
  /** Of a database user who is linked to another: that one's user_id, by which both are asked for. */
  readonly primaryId?: string
  readonly username?: string
  readonly email?: string
  readonly emailVerified: boolean
  readonly phoneNumber?: string
  readonly phoneVerified: boolean
  readonly names: Readonly<Partial<Record<NameField, string>>>
  readonly blocked: boolean
  /** A JSON object; empty where there is none. */
  readonly appMetadata: Readonly<Record<string, unknown>>
  readonly userMetadata: Readonly<Record<string, unknown>>
  readonly identities: readonly PresentIdentity[]
  readonly createdAt?: number
  readonly updatedAt?: number
  readonly lastLogin?: number
  readonly lastPasswordReset?: number
  readonly loginsCount: number
}
