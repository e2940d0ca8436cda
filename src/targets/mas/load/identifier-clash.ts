import pg from 'pg'
import type { Definition } from './definitions.ts'

/** Two rows got one identifier. Not an administrator's problem: the load is done again with other identifiers. */
export class IdentifierClash extends Error {
  readonly table: string

  constructor(table: string, cause: unknown) {
    super(`identifiers of ${table} clash`, { cause })
    this.table = table
  }
}

const UNIQUE_VIOLATION = '23505'

/** What a failure to build this key or index means. */
export const clashOrSelf = (error: unknown, { type, table }: Definition): unknown =>
  error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION && type === 'p'
    ? new IdentifierClash(table, error)
    : error
