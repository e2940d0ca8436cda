import { FIXED_COLUMNS } from '../relations.ts'
import facts from '../synapse-catalogue.json' with { type: 'json' }

/** PostgreSQL's types that a staged column can have. */
export const STAGED_TYPES = ['text', 'smallint', 'integer', 'bigint', 'boolean', 'double precision', 'bytea'] as const

export type StagedType = (typeof STAGED_TYPES)[number]

/** A column as the file declares it. */
export interface DeclaredColumn {
  readonly name: string
  /** The word of CREATE TABLE, such as `BIGINT` or `CHAR(1)`; empty where there is none. */
  readonly declared: string
}

/** A column of the staged table. */
export interface StagedColumn {
  /** As the file has it. */
  readonly source: string
  /** As Synapse's PostgreSQL has it: SQLite keeps `Lock`, which PostgreSQL folds to `lock`. */
  readonly name: string
  readonly type: StagedType
}

const VERSIONS = Object.values(facts.versions) as readonly Readonly<
  Record<string, Readonly<Record<string, { readonly type: string }>>>
>[]

/**
 * Tables whose rows may be asked for beyond those of the catalogue: a version may lack each of them. One list, so that a
 * question about a table that is not staged is noticed by a test rather than answered with nothing.
 */
const BESIDES = ['users_pending_deactivation', 'login_tokens', 'ratelimit_override'] as const

/** Every table that is staged, where the file has it. */
export const STAGED_TABLES: readonly string[] = [
  ...new Set([...Object.keys(FIXED_COLUMNS), ...VERSIONS.flatMap((tables) => Object.keys(tables)), ...BESIDES]),
]

/** The type that the newest Synapse that is known gives the column on PostgreSQL. */
const knownType = (table: string, column: string): string | undefined =>
  VERSIONS.map((tables) => tables[table]?.[column]?.type).findLast((type) => type !== undefined)

const SPELLINGS: Readonly<Record<string, StagedType>> = {
  'character': 'text',
  'character varying': 'text',
  // Nobody asks what is in it, and text keeps what PostgreSQL would refuse as JSON.
  'jsonb': 'text',
}

const isStagedType = (type: string): type is StagedType => (STAGED_TYPES as readonly string[]).includes(type)

/** What the declaration means, where the column is not known. Source: sqlite.org, "Determination of Column Affinity". */
const declaredType = (declared: string): StagedType => {
  const word = declared.toUpperCase()
  if (word.includes('BOOL')) return 'boolean'
  if (word.includes('INT')) return 'bigint'
  if (/CHAR|CLOB|TEXT|JSON/u.test(word)) return 'text'
  if (/REAL|FLOA|DOUB/u.test(word)) return 'double precision'
  return /BLOB|BYTEA/u.test(word) ? 'bytea' : 'text'
}

/** The column as Synapse's PostgreSQL has it, else as the file declares it. */
export const stagedColumn = (table: string, { name: source, declared }: DeclaredColumn): StagedColumn => {
  const name = source.toLowerCase()
  const known = knownType(table, name)
  const spelt = known === undefined ? undefined : (SPELLINGS[known] ?? known)
  return { source, name, type: spelt !== undefined && isStagedType(spelt) ? spelt : declaredType(declared) }
}
