import { type RawBuilder, sql } from 'kysely'

export interface ProviderCount {
  readonly authProvider: string
  readonly count: number
}

/**
 * The providers of SSO identities that belong to accounts which migrate, under the names that the mapping gives them;
 * those that the mapping leaves are not among them.
 */
export const providersInUseQuery = (
  decisions: RawBuilder<unknown>,
  renamed: Readonly<Record<string, string>>,
): RawBuilder<ProviderCount> => {
  const cases = Object.entries(renamed).map(([from, to]) => sql`WHEN ${sql.lit(from)} THEN ${sql.lit(to)}`)
  const name =
    cases.length === 0 ? sql`auth_provider` : sql`CASE auth_provider ${sql.join(cases, sql` `)} ELSE auth_provider END`
  return sql`
    WITH ${decisions}
    SELECT ${name} AS "authProvider", count(*) AS count
    FROM external_id
    WHERE reason IS NULL OR reason IN ('provider_not_configured', 'oauth_delegated')
    GROUP BY 1
    ORDER BY 1
  `
}
