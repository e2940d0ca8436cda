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
    WHEN ${text} ~ ${sql.lit(IPV4)} THEN ${text}::inet
    WHEN strpos(${text}, ':') > 0 AND ${text} ~ ${sql.lit(IPV6)} THEN ${text}::inet
  END`

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const IPV4 = `^${OCTET}(\\.${OCTET}){3}$`
const GROUP = '[0-9A-Fa-f]{1,4}'

/** Each way to write an IPv6 address: the full one, and one `::` with n groups before it and at most 6 - n behind. */
const IPV6 = `^(${[
  `(${GROUP}:){7}${GROUP}`,
  '::',
  ...Array.from({ length: 7 }, (_, before) => {
    const head = before === 0 ? ':' : `(${GROUP}:){${before}}`
    return `${head}(:${GROUP}){1,${7 - before}}`
  }),
  `(${GROUP}:){1,7}:`,
  `(${GROUP}:){6}${OCTET}(\\.${OCTET}){3}`,
  `::(${GROUP}:){0,5}${OCTET}(\\.${OCTET}){3}`,
  ...Array.from({ length: 5 }, (_, index) => {
    const before = index + 1
    return `(${GROUP}:){${before}}(:${GROUP}){0,${5 - before}}:${OCTET}(\\.${OCTET}){3}`
  }),
].join('|')})$`
