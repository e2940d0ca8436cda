import { type RawBuilder, sql } from 'kysely'
import type { EmailRules } from '../../mapping/mapping.ts'
import type { Relations } from '../../synapse/relations.ts'
import { when } from './account.ts'
import { leftCase, ownerCases, tooLongForIndex } from './owner.ts'
import type { DecisionRules } from './rules.ts'
import { clampMs } from './time.ts'

/** Every e-mail and phone: mxid, medium, address, added_ms, owner_ms (the account's creation), reason. */
export const decidedThreepid = (
  relations: Relations,
  rules: Pick<DecisionRules, 'emails' | 'leaves'>,
): RawBuilder<unknown> => {
  const { emails } = rules
  const rows = decided(relations, rules)
  return emails?.others === 'leave' ? primaryOnly(rows, emails) : rows
}

/** Of the addresses that could be carried the first one: as `primaryEmail` of the mapping has it. */
const primaryOnly = (rows: RawBuilder<unknown>, { primary, preferDomains }: EmailRules): RawBuilder<unknown> => {
  const domain = sql`lower(split_part(btrim(address), '@', -1) COLLATE "C")`
  const rank = sql.join([
    sql`CASE ${domain} ${sql.join(
      [...preferDomains, ''].map((name, position) => sql`WHEN ${sql.lit(name)} THEN ${sql.lit(position)}`),
      sql` `,
    )} ELSE ${sql.lit(preferDomains.length)} END`,
    primary === 'newest' ? sql`added_ms DESC` : sql`added_ms`,
    sql`address COLLATE "C"`,
  ])
  const isOther =
    primary === 'none'
      ? sql`true`
      : sql`row_number() OVER (PARTITION BY mxid, medium = 'email' AND reason IS NULL ORDER BY ${rank}) > 1`
  return sql`
    SELECT
      mxid,
      medium,
      address,
      added_ms,
      CASE WHEN reason IS NULL AND medium = 'email' AND ${isOther} THEN 'email_not_primary' ELSE reason END AS reason,
      owner_ms
    FROM (${rows}) x
  `
}

const decided = (relations: Relations, rules: Pick<DecisionRules, 'leaves'>): RawBuilder<unknown> => sql`
  SELECT
    t.user_id AS mxid,
    t.medium,
    t.address,
    ${clampMs(sql`t.added_at`)} AS added_ms,
    CASE
      ${ownerCases}
      ${leftCase(rules, 'threepid')}
      ${when(sql`t.medium = 'email_old'`, 'email_old')}
      ${when(tooLongForIndex(sql`t.address`), 'too_long_for_index')}
    END AS reason,
    a.owner_ms
  FROM ${relations.threepids} t
  LEFT JOIN account a ON a.mxid = t.user_id
`
