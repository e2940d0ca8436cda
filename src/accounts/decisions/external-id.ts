import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import { DELEGATED_PROVIDER } from '../delegated-provider.ts'
import type { ReasonCode } from '../reasons.ts'
import { decidedAccount, when } from './account.ts'
import { leftCase, ownerCases, tooLongForIndex } from './owner.ts'
import type { DecisionRules } from './rules.ts'

/** Every SSO identity: mxid, auth_provider, subject, provider_id (the target's, text), rank, owner_ms, reason. */
export const decidedExternalId = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => {
  const rows = withoutSharedSubjects(relations, rules)
  return rules.identities === undefined ? rows : onePerProvider(rows)
}

const withoutSharedSubjects = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => {
  if (sharedProviders(rules).length === 0) return decided(relations.externalIds, sql`account`, rules)
  if (relations.beyond === undefined) return withoutDuplicates(decided(relations.externalIds, sql`account`, rules))
  const { twins, accounts } = relations.beyond
  const accountsOfTwins = sql`(${decidedAccount({ ...relations, users: twins.users }, rules)} OFFSET 0)`
  return sql`
    SELECT * FROM (${withoutDuplicates(decided(twins.externalIds, accountsOfTwins, rules))}) x
    WHERE mxid IN (${accounts})
  `
}

const decided = (
  externalIds: RawBuilder<unknown>,
  accounts: RawBuilder<unknown>,
  rules: DecisionRules,
): RawBuilder<unknown> => sql`
    SELECT
      e.user_id AS mxid,
      e.auth_provider,
      e.external_id AS subject,
      p.provider_id,
      p.rank,
      a.owner_ms,
      CASE
        ${ownerCases}
        ${leftCase(rules, 'external_id')}
        ${leadsToTarget(rules)}
        ${when(sql`e.auth_provider = ${sql.lit(DELEGATED_PROVIDER)}`, 'oauth_delegated')}
        ${when(sql`p.is_left`, 'provider_left')}
        ${when(sql`p.provider_id IS NULL`, 'provider_not_configured')}
        ${when(tooLongForIndex(sql`e.external_id`), 'too_long_for_index')}
      END AS reason
    FROM ${externalIds} e
    LEFT JOIN ${accounts} a ON a.mxid = e.user_id
    LEFT JOIN ${providerTable(rules)} p ON p.auth_provider = e.auth_provider
  `

const leadsToTarget = ({ itself = [] }: DecisionRules): RawBuilder<unknown> =>
  itself.length === 0
    ? sql``
    : when(sql`e.auth_provider IN (${sql.join(itself.map((name) => sql.lit(name)))})`, 'leads_to_target')

const providerTable = ({ providers }: DecisionRules): RawBuilder<unknown> => {
  if (providers.length === 0) {
    return sql`(SELECT NULL::text AS auth_provider, NULL::text AS provider_id, false AS is_left, 0 AS rank WHERE false)`
  }
  const rows = providers.map(({ authProvider, target }, rank) =>
    target === 'leave'
      ? sql`(${sql.lit(authProvider)}, NULL::text, true, ${sql.lit(rank)})`
      : sql`(${sql.lit(authProvider)}, ${sql.lit(target.id)}, false, ${sql.lit(rank)})`,
  )
  return sql`(SELECT * FROM (VALUES ${sql.join(rows)}) v (auth_provider, provider_id, is_left, rank))`
}

/**
 * Synapse's names of those providers of the target that several names lead to, grouped: only there can one subject
 * come twice.
 */
export const sharedProviders = ({ providers }: Pick<DecisionRules, 'providers'>): readonly (readonly string[])[] => {
  const names = new Map<string, readonly string[]>()
  for (const { authProvider, target } of providers) {
    if (target !== 'leave') names.set(target.id, [...(names.get(target.id) ?? []), authProvider])
  }
  return [...names.values()].filter((group) => group.length > 1)
}

const withoutDuplicates = (rows: RawBuilder<unknown>): RawBuilder<unknown> =>
  firstOf(rows, { of: sql`provider_id, subject`, by: sql`rank, mxid`, others: 'duplicate_subject' })

const onePerProvider = (rows: RawBuilder<unknown>): RawBuilder<unknown> =>
  firstOf(rows, { of: sql`mxid, provider_id`, by: sql`rank, subject COLLATE "C"`, others: 'one_per_provider' })

/** Of those that would be carried and have the same in `of`, the first is carried, and the others are left. */
const firstOf = (
  rows: RawBuilder<unknown>,
  {
    of,
    by,
    others,
  }: { readonly of: RawBuilder<unknown>; readonly by: RawBuilder<unknown>; readonly others: ReasonCode },
): RawBuilder<unknown> => sql`
  SELECT
    mxid,
    auth_provider,
    subject,
    provider_id,
    rank,
    owner_ms,
    coalesce(
      reason,
      CASE WHEN row_number() OVER (PARTITION BY reason IS NULL, ${of} ORDER BY ${by}) > 1 THEN ${sql.lit(others)} END
    ) AS reason
  FROM (${rows}) x
`
