import { type RawBuilder, sql } from 'kysely'

/** An account as it was decided. */
export interface DigestedAccount {
  /** NULL in a source whose account has no name. */
  readonly mxid: string | null
  readonly localpart: string | null
  /** Why it is held back; NULL: it migrates. */
  readonly reason: string | null
  /** Of the account and all of it that is carried: another one when anything of that is another. */
  readonly digest: string | null
  /** The position of its cohort; NULL where there are none, and of an account without a name. */
  readonly cohort: number | null
}

const CARRIED = ['account', 'threepid', 'external_id', 'session', 'access_token', 'refresh_token'] as const

/**
 * Every account with its decision and the digest of what is carried of it, in the order of the Matrix ids. The sum and
 * the exclusive or together, since twins cancel each other in the latter.
 * @param decisions the named queries of `decisions`.
 * @param members who is in which cohort; absent: there are none.
 */
export const accountDigests = (
  decisions: RawBuilder<unknown>,
  members: RawBuilder<unknown> = NO_COHORTS,
): RawBuilder<DigestedAccount> => sql`
  WITH ${decisions},
  carried AS (
    ${sql.join(CARRIED.map(hashesOf), sql` UNION ALL `)}
  ),
  digested AS (
    SELECT mxid, format('%s.%s', bit_xor(hash), sum(hash)) AS digest FROM carried GROUP BY mxid
  )
  SELECT a.mxid, a.localpart, a.reason, d.digest, m.cohort
  FROM account a
  LEFT JOIN digested d ON d.mxid = a.mxid
  LEFT JOIN (${members}) m ON m.mxid = a.mxid
  ORDER BY a.mxid COLLATE "C"
`

const NO_COHORTS = sql`SELECT NULL::text AS mxid, NULL::smallint AS cohort WHERE false`

const hashesOf = (relation: string, seed: number): RawBuilder<unknown> => sql`
  SELECT r.mxid, hash_record_extended(row(r.*), ${sql.lit(seed)}) AS hash
  FROM ${sql.id(relation)} r
  WHERE r.reason IS NULL`
