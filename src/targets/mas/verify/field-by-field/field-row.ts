import type { MAS_WRITTEN_TABLES } from '../../database/catalogue.ts'
import type { FieldValue } from './values.ts'

export type FieldTable = (typeof MAS_WRITTEN_TABLES)[number]

/** A row of MAS without identifiers: what it refers to stands there by name. */
export interface FieldRow {
  readonly table: FieldTable
  /** What finds the row again; may hold a secret, and is never shown. */
  readonly key: string
  /** The row in words, without a secret. */
  readonly name: string
  readonly fields: Readonly<Record<string, FieldValue>>
}

/** Fields whose values are never shown. */
export const SECRET_FIELDS: readonly string[] = ['hashed_password', 'access_token']

/** Texts as one that no other list of texts gives. */
export const keyOf = (...parts: readonly FieldValue[]): string => JSON.stringify(parts)

export const nameOf = (...parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(', ')
