import { type RawBuilder, sql } from 'kysely'
import { when } from './account.ts'
import type { DecisionRules, LeftRelations } from './rules.ts'

/** For a row joined with its account `a`: what the account decides for all it owns. */
export const ownerCases: RawBuilder<unknown> = sql`
  ${when(sql`a.mxid IS NULL`, 'orphan')}
  ${when(sql`a.reason IS NOT NULL`, 'account_held_back')}`

/** Sessions and tokens live on only for a live person. */
export const livePersonCases: RawBuilder<unknown> = sql`
  ${when(sql`a.is_guest`, 'account_guest')}
  ${when(sql`a.is_deactivated`, 'account_deactivated')}`

/** After the cases of the owner, and the last one of a relation that the target takes nothing of. */
export const leftCase = (
  { leaves }: Pick<DecisionRules, 'leaves'>,
  relation: keyof LeftRelations,
): RawBuilder<unknown> => {
  const reason = leaves?.[relation]
  return reason === undefined ? sql`` : when(sql`true`, reason)
}

/**
 * A B-tree entry holds 2,704 bytes at most, after compression; other columns of the same index need a few of them.
 * Values that were stored compressed are measured compressed, as the index would hold them.
 * Source: PostgreSQL, BTMaxItemSize.
 */
export const tooLongForIndex = (value: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(octet_length(${value}) > 2600 AND pg_column_size(${value}) > 2600)`
