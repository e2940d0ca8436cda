/** One account with all of it that is carried, as plain data: what a target without SQL gets. Times: milliseconds since 1970. */
export interface Account {
  readonly mxid: string
  readonly localpart: string
  /** Its name at the target, which no other account gets; absent: the localpart. Only for targets that follow that rule. */
  readonly username?: string
  /** One of the addresses of `threepids`, or absent: none. Only for targets that follow that rule. */
  readonly primaryEmail?: string
  /** By name; absent: none. Only for targets that follow that rule. */
  readonly attributes?: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly isAdmin: boolean
  readonly isGuest: boolean
  readonly isLocked: boolean
  readonly isDeactivated: boolean
  /** A secret: the bcrypt hash as Synapse keeps it. */
  readonly passwordHash?: string
  readonly threepids: readonly Threepid[]
  readonly identities: readonly Identity[]
  readonly sessions: readonly Session[]
  readonly accessTokens: readonly AccessToken[]
  readonly refreshTokens: readonly RefreshToken[]
}

/** What is told of an account before anything of it is moved: no secret, and nothing of its devices. */
export type Person = Pick<
  Account,
  'mxid' | 'localpart' | 'username' | 'primaryEmail' | 'attributes' | 'isDeactivated' | 'threepids'
>

export interface Threepid {
  /** `email`, `msisdn`, or whatever else Synapse holds. */
  readonly medium: string
  readonly address: string
  readonly addedAt: number
}

export interface Identity {
  /** As Synapse names the provider. */
  readonly authProvider: string
  /** The target's own identifier of the provider that takes it. */
  readonly providerId: string
  readonly subject: string
}

export interface Session {
  readonly deviceId: string
  readonly displayName?: string
  readonly createdAt: number
  readonly lastSeenAt?: number
  /** Whatever Synapse wrote, which may be no address. */
  readonly ip?: string
  readonly userAgent?: string
}

export interface AccessToken {
  /** A secret. */
  readonly token: string
  /** Absent: a token of no device. */
  readonly deviceId?: string
  readonly createdAt: number
  readonly expiresAt?: number
}

export interface RefreshToken {
  /** A secret. */
  readonly token: string
  /** A secret: the access token of its pair. */
  readonly accessToken: string
  readonly deviceId: string
  readonly createdAt: number
}
