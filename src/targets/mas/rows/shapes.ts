import { type RawBuilder, sql } from 'kysely'

/** Milliseconds between 1970 and 2000, the epoch of PostgreSQL's timestamps. */
const POSTGRES_EPOCH_MS = 946_684_800_000

/**
 * Milliseconds since 1970 as the eight bytes of a timestamptz: microseconds since 2000. A bigint of them *is* the
 * timestamp, in a binary copy and to PostgreSQL's hash functions, without the cost of making one.
 */
export const timestamp = (milliseconds: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${milliseconds} - ${sql.lit(POSTGRES_EPOCH_MS)}) * 1000`

/**
 * Synapse's text as an address, NULL where it is none. Synapse writes '-' for unknown and whatever a proxy sent; a
 * cast of that would abort the whole statement, and pg_input_is_valid needs PostgreSQL 16. So only plain IPv4 and
 * IPv6 without zone or prefix is cast.
 */
export const address = (text: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  CASE
    WHEN strpos(${text}, ':') = 0 THEN CASE WHEN ${text} ~ ${sql.lit(`^${IPV4}$`)} THEN ${text}::inet END
    WHEN strpos(${text}, '.') = 0 THEN CASE WHEN ${isIpv6(text)} THEN ${text}::inet END
    WHEN ${isIpv6(sql`regexp_replace(${text}, ${sql.lit(`:${IPV4}$`)}, ':0:0')`)} THEN ${text}::inet
  END`

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const IPV4 = `${OCTET}(?:[.]${OCTET}){3}`

/**
 * Eight groups of one to four digits, or fewer and one `::`. Said by several small tests: one pattern for all forms
 * takes PostgreSQL thirteen times as long.
 */
const isIpv6 = (text: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  ${text} ~ '^[0-9A-Fa-f:]{2,39}$'
  AND ${text} !~ '[0-9A-Fa-f]{5}|:::|::.*::|^:[^:]|[^:]:$'
  AND CASE
    WHEN strpos(${text}, '::') = 0 THEN ${colons(text)} = 7
    WHEN left(${text}, 2) = '::' OR right(${text}, 2) = '::' THEN ${colons(text)} <= 8
    ELSE ${colons(text)} <= 7
  END
)`

const colons = (text: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`length(${text}) - length(replace(${text}, ':', ''))`
