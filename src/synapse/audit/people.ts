import { type RawBuilder, sql } from 'kysely'
import type { RowsOf } from '../../accounts/decisions/cohort-tally.ts'
import { letsIn, resetsPassword } from '../../accounts/decisions/predicted-parts.ts'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import type { LastSeen, People } from '../../report/plan-parts.ts'
import type { Relations } from '../relations.ts'

/** Accounts that have the same ways to log in and were seen in the same span. */
export interface PeopleRow {
  readonly password: boolean
  readonly identity: boolean
  /** Neither of the two, but an address by which the target lets them set a password. */
  readonly reset: boolean
  /** A position in `LAST_SEEN`. */
  readonly seen: number
  readonly count: number
}

const DAY = 86_400_000

/** Spans before the as-of time, each from the end of the one before it. */
const SPANS: readonly (readonly [LastSeen['within'], number])[] = [
  ['a day', DAY],
  ['a week', 7 * DAY],
  ['a month', 30 * DAY],
  ['three months', 91 * DAY],
  ['a year', 365 * DAY],
]

const LAST_SEEN: readonly LastSeen['within'][] = [...SPANS.map(([within]) => within), 'longer', 'never']

export interface PeopleOptions {
  readonly relations: Relations
  readonly rules: DecisionRules
  /** The named queries of `decisions`. */
  readonly decisions: RawBuilder<unknown>
  readonly isCounted?: RowsOf
}

/**
 * One statement over the decisions. The devices are grouped before they are joined, so that no size of a table makes it slow.
 * OFFSET 0 has them joined before the accounts are sifted: the planner guesses that next to none is left then, and would group the
 * devices once for each.
 */
export const peopleQuery = ({ relations, rules, decisions, isCounted }: PeopleOptions): RawBuilder<PeopleRow> => sql`
  WITH ${decisions},
  seen AS (
    SELECT d.user_id, max(d.last_seen) AS at FROM ${relations.devices} d WHERE NOT d.hidden GROUP BY d.user_id
  ),
  identified AS (SELECT DISTINCT e.mxid FROM external_id e WHERE e.reason IS NULL AND ${letsIn(rules)}),
  joined AS NOT MATERIALIZED (
    SELECT a.*, s.at, i.mxid IS NOT NULL AS has_identity
    FROM account a
    LEFT JOIN seen s ON s.user_id = a.mxid
    LEFT JOIN identified i ON i.mxid = a.mxid
    OFFSET 0
  )
  SELECT
    ${rules.shut?.passwords ? sql`false` : sql`a.password_hash IS NOT NULL`} AS password,
    a.has_identity AS identity,
    ${resetsPassword(rules) ?? sql`false`} AS reset,
    CASE
      WHEN a.at IS NULL THEN ${sql.lit(LAST_SEEN.indexOf('never'))}
      ${sql.join(
        SPANS.map(([, span], position) => sql`WHEN a.at >= ${sql.lit(rules.asOf - span)} THEN ${sql.lit(position)}`),
        sql` `,
      )}
      ELSE ${sql.lit(LAST_SEEN.indexOf('longer'))}
    END AS seen,
    count(*)::double precision AS count
  FROM joined a
  WHERE a.reason IS NULL AND NOT a.is_guest AND NOT a.is_deactivated AND NOT a.is_locked
    AND ${isCounted === undefined ? sql`true` : isCounted(sql`a.mxid`)}
  GROUP BY 1, 2, 3, 4
`

export const toPeople = (rows: readonly PeopleRow[]): People => {
  const sum = (isSo: (row: PeopleRow) => boolean): number =>
    rows.filter(isSo).reduce((total, { count }) => total + count, 0)
  const reset = sum(({ password, identity, reset: resets }) => !password && !identity && resets)
  return {
    accounts: sum(() => true),
    waysToLogIn: {
      password: sum(({ password, identity }) => password && !identity),
      identity: sum(({ password, identity }) => !password && identity),
      both: sum(({ password, identity }) => password && identity),
      ...(reset === 0 ? {} : { reset }),
      none: sum(({ password, identity, reset: resets }) => !password && !identity && !resets),
    },
    lastSeen: LAST_SEEN.map((within, position) => ({ within, accounts: sum(({ seen }) => seen === position) })),
  }
}
