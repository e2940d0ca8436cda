import facts from './mas-catalogue.json' with { type: 'json' }

/**
 * What syn2op has to do with a table: `written` is filled by a migration, `empty` holds rows of people and must have
 * none before the first migration, `read` is looked at (the upstream providers), `free` is MAS's own affair.
 */
export type MasTableRole = 'written' | 'empty' | 'read' | 'free'

export interface MasColumn {
  readonly name: string
  /** As format_type() prints it, such as `timestamp with time zone`. */
  readonly type: string
  readonly nullable: boolean
  /** The default's expression as pg_get_expr() prints it. */
  readonly default: string | null
}

export interface MasConstraint {
  readonly name: string
  readonly kind: 'primary key' | 'unique' | 'check' | 'foreign key'
  /** As pg_get_constraintdef() prints it, without any schema. */
  readonly definition: string
  /** The table that a foreign key points at. */
  readonly references?: string
}

export interface MasIndex {
  readonly name: string
  readonly unique: boolean
  /** What follows the table's name in CREATE INDEX, such as `USING btree (lower(username))`. */
  readonly definition: string
}

export interface MasTable {
  readonly name: string
  readonly role: MasTableRole
  /** In the order of the table. */
  readonly columns: readonly MasColumn[]
  readonly constraints: readonly MasConstraint[]
  /** Those that no constraint made. */
  readonly indexes: readonly MasIndex[]
}

export interface MasMigration {
  /** A timestamp, such as 20260720134722. */
  readonly version: number
  readonly description: string
}

/**
 * The MAS database after the schema migrations of the version named in `product`: every table but those of its job
 * queue and policy data, which nothing here touches.
 * Source: the catalogue of a PostgreSQL 15 on which all of these migrations ran.
 */
export interface MasCatalogue {
  readonly product: string
  readonly extensions: readonly string[]
  /** In the order of their versions. */
  readonly migrations: readonly MasMigration[]
  /** In no order that suits foreign keys: those are created last. */
  readonly tables: readonly MasTable[]
}

const CONSTRAINT_KINDS = ['primary key', 'unique', 'check', 'foreign key'] as const
const ROLES = ['written', 'empty', 'read', 'free'] as const

const oneOf = <Name extends string>(names: readonly Name[], value: string): Name => {
  const found = names.find((name) => name === value)
  if (found === undefined)
    throw new TypeError(`mas-catalogue.json holds ${JSON.stringify(value)}, which has no meaning`)
  return found
}

const readMigration = (pair: readonly (string | number)[]): MasMigration => {
  const [version, description] = pair
  if (typeof version !== 'number' || typeof description !== 'string') {
    throw new TypeError('mas-catalogue.json holds a migration that is no pair of version and description')
  }
  return { version, description }
}

export const MAS_CATALOGUE: MasCatalogue = {
  product: facts.product,
  extensions: facts.extensions,
  migrations: facts.migrations.map(readMigration),
  tables: facts.tables.map((table) => ({
    ...table,
    role: oneOf(ROLES, table.role),
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      kind: oneOf(CONSTRAINT_KINDS, constraint.kind),
    })),
  })),
}

/** The tables that a migration fills, in an order in which every foreign key points backwards. */
export const MAS_WRITTEN_TABLES = [
  'users',
  'user_passwords',
  'user_emails',
  'user_unsupported_third_party_ids',
  'upstream_oauth_links',
  'compat_sessions',
  'compat_access_tokens',
  'compat_refresh_tokens',
] as const

/** The last schema migration that this catalogue knows. */
export const LAST_KNOWN_MIGRATION: number = MAS_CATALOGUE.migrations.at(-1)?.version ?? 0

/** Migrations that MAS once had and took out of its history: an old database may list them. */
export const RETIRED_MIGRATIONS: readonly number[] = [20220709210445, 20230330210841, 20230408110421]

/** The catalogue's entry of a table; it is an error of ours to ask for one that it does not have. */
export const masTable = (name: string): MasTable => {
  const table = MAS_CATALOGUE.tables.find((candidate) => candidate.name === name)
  if (table === undefined) throw new RangeError(`the catalogue of ${MAS_CATALOGUE.product} has no table ${name}`)
  return table
}
