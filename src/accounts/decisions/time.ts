import { type RawBuilder, sql } from 'kysely'

/** 9999-12-31T23:59:59.999Z: the last moment that every target can hold and print. */
export const LATEST_MS = 253_402_300_799_999

/** Milliseconds brought into what a timestamp can hold, so that no stray value aborts a run. NULL stays NULL. */
export const clampMs = (milliseconds: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`CASE WHEN ${milliseconds} IS NOT NULL THEN least(greatest(${milliseconds}, 0), ${sql.lit(LATEST_MS)}) END`

/** The same from seconds: clamped before the multiplication, which would overflow. */
export const clampSeconds = (seconds: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`CASE WHEN ${seconds} IS NOT NULL
    THEN least(greatest(${seconds}, 0) , ${sql.lit(Math.floor(LATEST_MS / 1000))}) * 1000 END`

/** True where clamping changes the value: such rows are counted and reported. */
export const outOfRangeMs = (milliseconds: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${milliseconds} < 0 OR ${milliseconds} > ${sql.lit(LATEST_MS)})`
