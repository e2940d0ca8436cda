import { createHmac } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'

/**
 * How 80 bits of an identifier come from a row's key. 'fast' hashes with PostgreSQL's own hash function under two
 * secret seeds; it is no cryptographic hash, so after a clash (by chance or by somebody who picks device names)
 * everything is derived again with 'sha256'.
 */
export type IdentifierMethod = 'fast' | 'sha256'

export interface IdentifierSeeds {
  readonly method: IdentifierMethod
  /** Secret: who knows it can choose names whose identifiers clash. */
  readonly key: Uint8Array
}

/**
 * The seed of a target's identifiers. Derived from a secret of its configuration, so that the same migration gives
 * the same identifiers on any day and in any rehearsal.
 * @param secret MAS's `secrets.encryption`, 32 bytes.
 */
export const deriveSeedKey = (secret: Uint8Array): Uint8Array =>
  createHmac('sha256', secret).update('syn2op identifiers 1').digest()

/** What may be stored and compared: tells two seeds apart, gives neither away. */
export const seedFingerprint = ({ key }: IdentifierSeeds): string =>
  createHmac('sha256', key).update('fingerprint').digest('hex').slice(0, 16)

/**
 * An identifier as MAS makes them: a ULID in a uuid column, here as 16 bytes. 48 bits of milliseconds, then 80 bits.
 * @param kind the table, so that equal keys in two tables give different identifiers.
 * @param milliseconds SQL: when the thing was created, 0 to 9999-12-31.
 * @param key SQL: texts that together are unique in their table.
 */
export const ulid = (
  seeds: IdentifierSeeds,
  kind: string,
  milliseconds: RawBuilder<unknown>,
  ...key: readonly [RawBuilder<unknown>, ...RawBuilder<unknown>[]]
): RawBuilder<unknown> => {
  const seed = createHmac('sha256', seeds.key).update(kind).digest()
  if (seeds.method === 'sha256') {
    return sql`substring(int8send(${milliseconds}) FROM 3)
      || substring(sha256(convert_to(${sql.lit(seed.toString('hex'))} || ${joined(key)}, 'UTF8')) FROM 1 FOR 10)`
  }
  const [high, low] = [seed.readBigInt64BE(0), seed.readBigInt64BE(8)]
  return sql`int8send((${milliseconds} << 16) | (${hashed(key, high)} & 65535)) || int8send(${hashed(key, low)})`
}

/** Several texts hashed one under the hash of the other: no list of other texts passes for them. */
const hashed = (key: readonly RawBuilder<unknown>[], seed: bigint): RawBuilder<unknown> =>
  key.reduce(
    (hash: RawBuilder<unknown>, part) => sql`hashtextextended(${part}, ${hash})`,
    sql`${sql.lit(seed.toString())}::bigint`,
  )

/** Several texts as one that no other list of texts gives: each but the last prefixed with its length. */
const joined = (key: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  sql.join(
    key.map((part, index) => (index < key.length - 1 ? sql`octet_length(${part}) || ':' || ${part}` : part)),
    sql` || `,
  )
