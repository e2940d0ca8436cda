import type { PostgresSettings } from '../../../postgres/settings.ts'

/** One entry of `passwords.schemes`. */
export interface MasPasswordScheme {
  readonly version: number
  readonly algorithm: 'bcrypt' | 'argon2id' | 'pbkdf2'
  /** The pepper, as bytes: a secret. From `secret` or the content of `secret_file`. */
  readonly secret?: Uint8Array
  readonly unicodeNormalization: boolean
}

/** One entry of `upstream_oauth2.providers`. */
export interface MasProvider {
  /** The ULID as configured, upper case. */
  readonly id: string
  /** The same as a UUID in lower case, as MAS stores it. */
  readonly uuid: string
  /** The name in `user_external_ids.auth_provider` whose rows belong to this provider. */
  readonly synapseIdpId?: string
  readonly issuer?: string
  readonly humanName?: string
  /** `enabled: false` keeps the row but hides the provider. */
  readonly enabled: boolean
  /** `claims_imports.subject.template`, where it is not the claim `sub` as it is. */
  readonly subject?: string
  /** `claims_imports.localpart.on_conflict`, where it gives an existing account to whoever logs in under its name. */
  readonly onConflict?: string
}

/** What syn2op needs of MAS's configuration (its files merged as MAS merges them). */
export interface MasConfig {
  readonly files: readonly string[]
  readonly database: PostgresSettings
  /** `matrix.homeserver` */
  readonly homeserver: string
  /** `matrix.secret`, or the content of `matrix.secret_file`: a secret. Absent where the file is not here. */
  readonly matrixSecret?: string
  readonly passwordsEnabled: boolean
  readonly passwordSchemes: readonly MasPasswordScheme[]
  readonly providers: readonly MasProvider[]
  /** `secrets.encryption` (32 bytes), from the file it names if need be: a secret. The identifiers' seeds derive from it. */
  readonly encryptionKey: Uint8Array
}
