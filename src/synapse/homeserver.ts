import type { Place } from '../config/yaml/located.ts'
import type { PostgresSettings } from '../postgres/settings.ts'

/** An SSO provider that Synapse knows, under the name it writes to `user_external_ids.auth_provider`. */
export interface SynapseProvider {
  /** `oidc` (legacy oidc_config, or no idp_id), `oidc-<idp_id>`, `saml` or `cas`. */
  readonly authProvider: string
  readonly kind: 'oidc' | 'saml' | 'cas'
  /** The issuer or server URL, when configured. */
  readonly issuer?: string
  /** As which client Synapse is known there; OpenID only. */
  readonly clientId?: string
  /** Where in the configuration, such as `oidc_providers[0]`. */
  readonly path: string
  /** A logout at the provider ends the devices that were logged in by it. */
  readonly backchannelLogout?: true
  /** What `external_id` is made of, where it is not the claim `sub` as it is. */
  readonly subject?: string
  /** Whoever logs in without a link gets the account that has the localpart already. */
  readonly allowsExistingUsers?: true
}

/** What is known of one application service from its registration file. */
export interface ApplicationService {
  readonly id: string
  /** The file that registers it. */
  readonly file: string
  /** Localpart of its own user, its bot. */
  readonly sender: string
  /** Namespaces of users, regular expressions over the whole Matrix id, as they are written (Python's). */
  readonly users: readonly { readonly regex: string; readonly exclusive: boolean }[]
  /** MSC4190: it makes devices without logging in, so that it needs no login that MAS does not have. */
  readonly msc4190: boolean
}

/** A setting that keeps Synapse from starting once MAS has the logins. */
export interface ConflictWithMas {
  /** Dotted, such as `password_config.enabled`. */
  readonly path: string
  readonly at: Place
  /** The line to write, or what to remove. */
  readonly remedy: string
}

/** A process of Synapse beside the main one; it runs on when only the main one is stopped. */
export interface SynapseWorker {
  readonly name: string
  /** Its own file, where that is among the files given; others are known by their name in homeserver.yaml only. */
  readonly file?: string
  /** Where its own file names another database than the main process has, without a password. */
  readonly database?: string
}

/** Synapse's section `matrix_authentication_service`: MAS has the logins, or will have them. */
export interface MasDelegation {
  readonly enabled: boolean
  readonly at: Place
  readonly endpoint?: string
  /** What Synapse and MAS know each other by, from `secret` or the file of `secret_path`; a secret. */
  readonly secret?: string
}

/** One of several databases (`databases:`), and the groups of tables that it holds. */
export interface NamedDatabase {
  readonly name: string
  /** `main` has the accounts, `state` the rooms' state. */
  readonly dataStores: readonly string[]
}

/** What syn2op needs of homeserver.yaml: parsed, merged over the given files, sections that are null taken as absent. */
export interface HomeserverConfig {
  readonly files: readonly string[]
  readonly serverName: string
  /** The given URL's when there is one; absent when the database is SQLite. */
  readonly database?: PostgresSettings
  /** The file of a SQLite homeserver, when `database.name` is sqlite3. */
  readonly sqlite?: string
  /** `password_config.pepper`; a secret. */
  readonly pepper?: string
  /** `password_config.enabled`: true when absent, as in Synapse. */
  readonly passwordsEnabled: boolean | 'only_for_reauth'
  readonly passwordLocalDatabase: boolean
  readonly providers: readonly SynapseProvider[]
  readonly allowGuestAccess: boolean
  readonly enableRegistration: boolean
  readonly jwtEnabled: boolean
  /** Names of `modules:` and `password_providers:` entries. */
  readonly modules: readonly string[]
  readonly passwordProviders: readonly string[]
  /** Registration files named by `app_service_config_files`, read; those that cannot be read are in `unreadable`. */
  readonly applicationServices: readonly ApplicationService[]
  /** Files that the configuration names and that cannot be read here, each with the key that names it. */
  readonly unreadable: readonly { readonly file: string; readonly key: string; readonly why: string }[]
  /** Where there are several databases: which, the one with the accounts first. */
  readonly databases?: readonly NamedDatabase[]
  /** The configuration asks people for consent, or for a registration token. */
  readonly userConsent: boolean
  readonly registrationRequiresToken: boolean
  /** Whether accounts expire, by the rows of `account_validity`; a module that lets them expire has rows of its own. */
  readonly accountValidityEnabled: boolean
  /** Whether who is not approved is refused at a login: both settings of `experimental_features.msc3866`. */
  readonly approvalRequired: boolean
  readonly workers: readonly SynapseWorker[]
  /** Present where the section is. */
  readonly delegation?: MasDelegation
  /** Dotted paths of settings that count no longer with MAS: its own must be set instead. */
  readonly leftSettings: readonly string[]
  /** What makes Synapse refuse to start under MAS. */
  readonly conflictsWithMas: readonly ConflictWithMas[]
}
