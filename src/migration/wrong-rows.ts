import type { TableVerification } from '../report/documents.ts'

/** Rows that are not as they should be, or that nobody looked at since too much differs around them. */
export const wrongRows = (tables: readonly TableVerification[]): number =>
  tables.reduce((sum, { missing, extra, differing, unopened = 0 }) => sum + missing + extra + differing + unopened, 0)
