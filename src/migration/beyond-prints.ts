import { type RawBuilder, sql } from 'kysely'
import { sharedProviders } from '../accounts/decisions/external-id.ts'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { ownerHash } from '../difference/owner.ts'
import type { Relations } from '../synapse/relations.ts'

/**
 * Accounts whose decision or rows depend on more than their prints cover: tokens that lead to another account's, either
 * way; a subject that two names of one provider know; times sought in all that an account has; and values
 * whose size counts as it is stored, which a copy of the database may change.
 */
export const alwaysAnew = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => {
  const { users, threepids, externalIds, beyond } = relations
  const { accessTokens, refreshTokens } = beyond?.linked ?? relations
  const shared = beyond?.twins.externalIds ?? externalIds
  return sql`
  SELECT DISTINCT ${ownerHash(sql`mxid`)} AS owner
  FROM (
    SELECT unnest(array[t.user_id, r.user_id]) AS mxid
    FROM ${accessTokens} t
    JOIN ${refreshTokens} r ON r.id = t.refresh_token_id
    WHERE r.user_id <> t.user_id
    UNION ALL
    SELECT unnest(array[r.user_id, n.user_id])
    FROM ${refreshTokens} r
    JOIN ${refreshTokens} n ON n.id = r.next_token_id
    WHERE n.user_id <> r.user_id
    UNION ALL
    SELECT unnest(array[r.user_id, t.user_id])
    FROM ${refreshTokens} r
    JOIN ${accessTokens} t ON t.refresh_token_id = r.next_token_id
    WHERE t.user_id <> r.user_id
    UNION ALL
    SELECT name FROM ${users} x WHERE creation_ts IS NULL
    UNION ALL
    SELECT user_id FROM ${threepids} x WHERE octet_length(address) > ${sql.lit(LONG)}
    UNION ALL
    SELECT user_id FROM ${externalIds} x WHERE octet_length(external_id) > ${sql.lit(LONG)}
    ${sql.join(
      sharedProviders(rules).map(
        (names) => sql`
          UNION ALL
          SELECT unnest(array_agg(user_id))
          FROM ${shared} x
          WHERE auth_provider IN (${sql.join(names.map((name) => sql.lit(name)))})
          GROUP BY external_id
          HAVING count(*) > 1
        `,
      ),
      sql``,
    )}
  ) x
  WHERE mxid IS NOT NULL
`
}

/** Bytes below which a value fits every index, however it is stored. */
const LONG = 2600

/** Accounts with a refresh token that has expired at one of two times and not at the other. */
export const expiring = ({ refreshTokens }: Relations, from: number, to: number): RawBuilder<unknown> => {
  const between = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`${column} > ${sql.lit(from)} AND ${column} <= ${sql.lit(to)}`
  return sql`
    SELECT DISTINCT ${ownerHash(sql`user_id`)} AS owner
    FROM ${refreshTokens} x
    WHERE (${between(sql`expiry_ts`)} OR ${between(sql`ultimate_session_expiry_ts`)}) AND user_id IS NOT NULL
  `
}
