import { sql } from 'kysely'

/**
 * Settings of a writer. Sorts for an index fit in memory; a commit need not wait for the disk, since the last one of
 * the run waits for all before it; what nobody will read again is not compiled.
 */
export const WRITER_TUNING = sql`SET maintenance_work_mem = '256MB'; SET synchronous_commit = off; SET jit = off; SET work_mem = '64MB'`
