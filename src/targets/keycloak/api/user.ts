/** A user's link to an identity provider: who they are there. */
export interface Link {
  readonly alias: string
  readonly subject: string
}

/** A user as Keycloak has them. Attributes that the user profile does not declare are not among these. */
export interface PresentUser {
  readonly id: string
  readonly username: string
  readonly email?: string
  readonly emailVerified: boolean
  readonly firstName?: string
  readonly lastName?: string
  readonly enabled: boolean
  /** Milliseconds since 1970. */
  readonly createdTimestamp?: number
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly requiredActions: readonly string[]
  /** Of single reads only: lists do not tell them. Links to providers that the realm lacks are never told. */
  readonly links?: readonly Link[]
}

/** What Keycloak tells of a password. */
export interface PasswordSeen {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdDate: number
  /** Such as `argon2`; a first login with another algorithm replaces it, and keeps `createdDate`. */
  readonly algorithm: string
}

/** What Keycloak tells of the ways in which somebody proves who they are. */
export interface CredentialsSeen {
  /** Absent: there is none. */
  readonly password?: PasswordSeen
  /** The types of all others, such as `otp` or `webauthn`. */
  readonly otherCredentials: readonly string[]
}

/** What somebody was given beside their account. */
export interface Memberships {
  /** Names. */
  readonly realmRoles: readonly string[]
  /** Names, of every client. */
  readonly clientRoles: readonly string[]
  /** Paths. */
  readonly groups: readonly string[]
}

/** A password to be stored, as its hash. */
export interface PasswordCredential {
  readonly type: 'password'
  /** Milliseconds since 1970. */
  readonly createdDate: number
  /** JSON in a text, which holds the hash: a secret. */
  readonly secretData: string
  /** JSON in a text: algorithm and cost. */
  readonly credentialData: string
}

interface WrittenUser {
  readonly id: string
  readonly username: string
  /** Absent: there is none; what was there goes. */
  readonly email?: string
  readonly emailVerified: boolean
  readonly firstName?: string
  readonly lastName?: string
  readonly enabled: boolean
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly requiredActions: readonly string[]
  /** In a PUT: absent keeps the password that is there. */
  readonly credentials?: readonly PasswordCredential[]
}

/** A new user as partialImport takes them. An unknown field loses the whole request. */
export interface UserImport extends WrittenUser {
  /** Milliseconds since 1970. */
  readonly createdTimestamp: number
  readonly federatedIdentities: readonly {
    readonly identityProvider: string
    readonly userId: string
    readonly userName: string
  }[]
  readonly realmRoles: readonly string[]
  /** Paths. */
  readonly groups: readonly string[]
}

/** A user who is there, as PUT takes them: all attributes, since those that are not named are deleted. */
export type UserUpdate = WrittenUser
