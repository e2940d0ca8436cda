import { type RawBuilder, sql } from 'kysely'
import { RELATION_NAMES, type Relation } from '../accounts/relations.ts'
import { counted, numbered } from '../report/counted.ts'
import type { Found, GroupRow, Subject } from './counting.ts'

/** What many conditions over the decided relations begin with. */
export const carried = sql`reason IS NULL`

/** An account that migrates and that somebody may use. */
export const open = sql`reason IS NULL AND NOT is_deactivated AND NOT is_locked`

/**
 * Whether the account of the row has a row in a table of Synapse's. EXISTS, not IN: where the other side is too large to be
 * hashed, the planner then looks it up by its index instead of reading it for every account.
 */
export const hasRow = (table: RawBuilder<unknown> | undefined, condition: RawBuilder<unknown>): RawBuilder<unknown> =>
  table === undefined ? sql`false` : sql`EXISTS (SELECT FROM ${table} x WHERE ${condition})`

/**
 * The same for few rows beside a large table: OFFSET 0 keeps the planner from hashing all of that, so that each row is
 * looked up by its index.
 */
export const looksUp = (table: RawBuilder<unknown>, condition: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`EXISTS (SELECT FROM ${table} x WHERE ${condition} OFFSET 0)`

/**
 * The decided accounts of which a condition is true, as one group; the condition may also ask `has_identity`, whether an SSO
 * identity of the account is carried. OFFSET 0 has the identities joined before anything is asked: the planner guesses
 * that next to nobody fulfils a condition, and would then decide about all identities once for each who does.
 */
export const accountsByIdentity = (
  { decisions, isCounted }: Subject,
  condition: RawBuilder<unknown>,
): RawBuilder<GroupRow> => sql`
  WITH ${decisions},
  joined AS NOT MATERIALIZED (
    SELECT a.*, i.mxid IS NOT NULL AS has_identity
    FROM account a
    LEFT JOIN (SELECT DISTINCT e.mxid FROM external_id e WHERE e.reason IS NULL) i ON i.mxid = a.mxid
    OFFSET 0
  )
  ${groupedBy(sql`NULL::text`, sql`joined.mxid`, sql`FROM joined WHERE ${condition} AND ${isCounted(sql`joined.mxid`)}`)}`

/** The rows of a query as groups: `name` and `mxid` are columns, or SQL over them, of what `from` names. */
export const groupedBy = (
  name: RawBuilder<unknown>,
  mxid: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
): RawBuilder<GroupRow> => sql`
  SELECT ${name} AS name, count(*)::double precision AS count, min(${mxid}) AS first, max(${mxid}) AS last
  ${from}
  GROUP BY 1`

/** All rows of a table that belong to an account which exists and is looked at, as one group. */
export const rowsOfAccounts = (
  { relations, isCounted }: Subject,
  table: RawBuilder<unknown> | undefined,
  condition: RawBuilder<unknown> = sql`true`,
): RawBuilder<GroupRow> | undefined =>
  table === undefined
    ? undefined
    : groupedBy(
        sql`NULL::text`,
        sql`t.user_id`,
        sql`FROM ${table} t
          WHERE (${condition})
            AND ${looksUp(relations.users, sql`x.name = t.user_id`)}
            AND ${isCounted(sql`t.user_id`)}`,
      )

const SHOWN = 6

/** `telegram 3, irc 2 and 4 more`: the first groups of what was found, each with how many, and how many groups more. */
export const byGroup = ({ groups }: Found, of: (name: string) => string = (name) => name): string => {
  const shown = groups.slice(0, SHOWN).map(({ name, count }) => `${of(name)} ${numbered(count)}`)
  const more = groups.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${counted(more, 'more', 'more')}` : shown.join(', ')
}

/** A sentence with the number before it in one of two forms. */
export const told =
  (one: string, many: string, after = '') =>
  ({ count }: Found): string =>
    `${counted(count, one, many)}${after}`

/** `2 devices, 1 access token`: the rows of each relation. */
export const byRelation = ({ groups }: Found): string =>
  groups
    .map(({ name, count }) =>
      counted(count, RELATION_NAMES[name as Relation].one, RELATION_NAMES[name as Relation].many),
    )
    .join(', ')
