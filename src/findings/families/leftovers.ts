import { type RawBuilder, sql } from 'kysely'
import { LATEST_MS } from '../../accounts/decisions/time.ts'
import type { Relation } from '../../accounts/relations.ts'
import { byRelation, carried, told } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

/** The times of a relation, brought into what can be. */
const TIMES: readonly (readonly [Relation, string])[] = [
  ['account', 'owner_ms'],
  ['threepid', 'added_ms'],
  ['session', 'last_seen_ms'],
]

/** A clamped time shows on the edge itself; one from seconds on the last whole second. */
const isStray = (time: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${time} <= 0 OR ${time} >= ${sql.lit(LATEST_MS - 999)})`

/** Milliseconds until March 1973: later than any seconds of today, and before any Matrix homeserver. */
const isInSeconds = (time: RawBuilder<unknown>): RawBuilder<unknown> => sql`${time} > 0 AND ${time} < 100000000000`

const rowsWhere = (isSo: (time: RawBuilder<unknown>) => RawBuilder<unknown>) =>
  TIMES.map(([of, column]) => ({ of, where: () => sql`${carried} AND ${isSo(sql.id(column))}` }))

/** Findings about rows that years of upgrades and hands on the database have left. */
export const LEFTOVER_FINDINGS = {
  ORPHANS: {
    severity: 'notice',
    title: 'Rows of accounts that do not exist',
    why: 'Somebody deleted the accounts by hand. Nobody can use these rows; they are left.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['orphan'],
      say: (found) =>
        `${told('row belongs to an account that does', 'rows belong to accounts that do', ' not exist')(found)}: ${byRelation(found)}`,
    },
  },
  TIMES_OUT_OF_RANGE: {
    severity: 'notice',
    title: 'Times that cannot be',
    why: 'Before 1970 or after 9999, or seconds where milliseconds belong and the other way round. They are written as the nearest time that can be.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'rows',
      rows: rowsWhere(isStray),
      say: (found) =>
        `${told('time is', 'times are', ' at the edge of 1970 to 9999, or beyond it')(found)}: of ${byRelation(found)}`,
    },
  },
  TIMES_IN_SECONDS: {
    severity: 'notice',
    title: 'Times that look like seconds',
    why: 'Synapse writes milliseconds there; read so, they lie in the first years after 1970. They are written as they are.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'rows',
      rows: rowsWhere(isInSeconds),
      say: (found) =>
        `${told('time looks', 'times look', ' like seconds where milliseconds belong')(found)}: of ${byRelation(found)}`,
    },
  },
} as const satisfies Record<string, FindingEntry>
