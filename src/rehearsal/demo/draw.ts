import { type RawBuilder, sql } from 'kysely'

/**
 * Functions of the connection's own, from which all that looks random is drawn: the same seed gives the same rows.
 * `demo_draw(i, salt, sides)` is 0 to sides - 1; `demo_hex(i, salt)` is 32 hexadecimal digits.
 */
export const drawFunctions = (seed: number): readonly RawBuilder<unknown>[] => [
  sql`create or replace function pg_temp.demo_draw(i bigint, salt bigint, sides bigint) returns bigint
    language sql immutable parallel safe
    return (hashint8extended(i, ${sql.lit(seed)} * 1000003::bigint + salt) & 9223372036854775807) % sides`,
  sql`create or replace function pg_temp.demo_hex(i bigint, salt bigint) returns text
    language sql immutable parallel safe
    return md5(${sql.lit(String(seed))} || '.' || salt::text || '.' || i::text)`,
]

/** A whole number from 0 to sides - 1, drawn for row number `i` in the cause `salt`. */
export const draw = (i: RawBuilder<unknown>, salt: number, sides: number): RawBuilder<unknown> =>
  sql`pg_temp.demo_draw(${i}, ${sql.lit(salt)}, ${sql.lit(sides)})`

/** 32 hexadecimal digits drawn for row number `i`. */
export const hex = (i: RawBuilder<unknown>, salt: number): RawBuilder<unknown> =>
  sql`pg_temp.demo_hex(${i}, ${sql.lit(salt)})`

/** Capital letters as in a device's name, `count` of at most 32. */
export const capitals = (i: RawBuilder<unknown>, salt: number, count: number): RawBuilder<unknown> =>
  sql`left(translate(${hex(i, salt)}, '0123456789abcdef', 'QWERTZUIOPASDFGH'), ${sql.lit(count)})`

/** What follows the prefix of a token: 20 letters of both cases, an underscore, 6 more letters. */
export const tokenTail = (i: RawBuilder<unknown>, salt: number): RawBuilder<unknown> =>
  sql`overlay(translate(left(${hex(i, salt)}, 27), '0123456789abcdef', 'qRsTuVwXyZaBcDeF') placing '_' from 21 for 1)`

/** One of some texts; NULL is one of them when asked for. */
export const pick = (i: RawBuilder<unknown>, salt: number, texts: readonly (string | null)[]): RawBuilder<unknown> =>
  sql`(array[${sql.join(texts.map((text) => sql.lit(text)))}]::text[])[1 + ${draw(i, salt, texts.length)}]`
