import { type RawBuilder, sql } from 'kysely'

/** 9999-12-31T23:59:59.999Z: the last moment that every target can hold and print. */
export const LATEST_MS = 253_402_300_799_999

/** Milliseconds brought into what a timestamp can hold, so that no stray value aborts a run. NULL stays NULL. */
export const clampMs = (milliseconds: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  CASE
    WHEN ${milliseconds} < 0 THEN 0
    WHEN ${milliseconds} > ${sql.lit(LATEST_MS)} THEN ${sql.lit(LATEST_MS)}
    ELSE ${milliseconds}
  END`

/** The same from seconds: clamped before the multiplication, which would overflow. */
export const clampSeconds = (seconds: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  CASE
    WHEN ${seconds} < 0 THEN 0
    WHEN ${seconds} > ${sql.lit(Math.floor(LATEST_MS / 1000))} THEN ${sql.lit(Math.floor(LATEST_MS / 1000) * 1000)}
    ELSE ${seconds} * 1000
  END`
