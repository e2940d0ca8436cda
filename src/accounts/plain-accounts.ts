import type { DecisionRules } from './decisions/rules.ts'

/** A row of the source as its table holds it; bigints as numbers. */
export type PlainRow = Readonly<Record<string, string | number | boolean | null>>

/** Some accounts of the source, row by row, with all other rows that theirs depend on. */
export interface PlainAccounts {
  readonly mxids: readonly string[]
  /** By the names of Synapse's tables. */
  readonly tables: Readonly<Record<PlainTable, readonly PlainRow[]>>
  /** Names that the mapping takes for ghosts. */
  readonly ghosts: readonly string[]
  readonly rules: DecisionRules
}

export const PLAIN_TABLES = [
  'users',
  'user_threepids',
  'user_external_ids',
  'devices',
  'access_tokens',
  'refresh_tokens',
  'e2e_device_keys_json',
] as const

export type PlainTable = (typeof PLAIN_TABLES)[number]
