/** A column as the live catalogue shows it. */
export interface PresentColumn {
  readonly name: string
  /** As format_type() prints it. */
  readonly type: string
  readonly nullable: boolean
  /** True when PostgreSQL fills it by itself: a default, an identity or a generated column. */
  readonly filledByItself: boolean
}

export interface PresentTable {
  readonly name: string
  readonly schema: string
  readonly owner: string
  /** May our role do what only an owner may: truncate, drop and make constraints, move to another schema? */
  readonly owned: boolean
  readonly readable: boolean
  /** Set where a policy hides rows of it from our role. */
  readonly filtered?: boolean
  /** May rows be inserted, changed and deleted? */
  readonly writable: boolean
  /** May a foreign key be made that points at it? */
  readonly referencable: boolean
  /** In the order of the table. */
  readonly columns: readonly PresentColumn[]
  /** Whether it holds any row; only asked of tables that syn2op writes or wants empty, and only when readable. */
  readonly hasRows?: boolean
}

/** A key, a check or a unique index that the catalogue does not know. */
export interface UnknownConstraint {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly kind: 'primary key' | 'unique' | 'check' | 'exclude' | 'foreign key' | 'unique index'
}

/** A row of upstream_oauth_providers. */
export interface PresentProvider {
  /** Lower case, as MAS's configuration names it by ULID. */
  readonly uuid: string
  readonly issuer?: string
  readonly humanName?: string
  readonly disabled: boolean
}

/** Other people's sessions in the same database, alike ones counted together. */
export interface OtherSession {
  readonly user: string
  /** Undefined when the program gave none: MAS gives none when its database is said by a URI. */
  readonly applicationName?: string
  /** An address, 'socket', or undefined when our role may not see it. */
  readonly client?: string
  readonly count: number
}

export interface AppliedMigrations {
  /** Ascending; those that failed are among them. */
  readonly versions: readonly number[]
  /** Begun and never finished, or finished with an error: `success` is false. */
  readonly failed: readonly number[]
}

/** What was found in a MAS database. Facts only: `checkMas` judges them. */
export interface MasInspection {
  readonly database: string
  /** Our role there. */
  readonly user: string
  /** The schema in which `users` is found through the search path, else the one where new tables would go. */
  readonly schema?: string
  /** Such as `15.18`. */
  readonly serverVersion: string
  /** Such as 150018. */
  readonly serverVersionNumber: number
  readonly encoding: string
  /** A standby: nothing can be written. */
  readonly inRecovery: boolean
  readonly superuser: boolean
  readonly mayCreateInDatabase: boolean
  readonly mayCreateInSchema: boolean
  readonly extensions: readonly string[]
  /** Those of the catalogue's tables that the search path finds. */
  readonly tables: readonly PresentTable[]
  /** Tables of the catalogue that the search path does not find, but that stand in another schema. */
  readonly elsewhere: readonly { readonly schema: string; readonly table: string }[]
  /** On the tables that syn2op writes. */
  readonly unknownConstraints: readonly UnknownConstraint[]
  /** Those on the tables that syn2op writes that are enabled. MAS has none there. */
  readonly triggers: readonly { readonly schema: string; readonly table: string; readonly name: string }[]
  /** Absent when there is no readable list of migrations. */
  readonly migrations?: AppliedMigrations
  readonly providers: readonly PresentProvider[]
  readonly otherSessions: readonly OtherSession[]
  /** Tables that MAS's own importer leaves behind when it is interrupted. */
  readonly importerTables: readonly string[]
}
