import { type RawBuilder, sql } from 'kysely'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { DELEGATED_PROVIDER } from '../../accounts/delegated-provider.ts'
import type { ProviderUse } from '../../report/plan-parts.ts'
import type { HomeserverConfig } from '../homeserver.ts'

/** One provider that rows of accounts which migrate name. */
export interface ProviderTally {
  /** As it stands in the rows. */
  readonly authProvider: string
  readonly identities: number
  readonly accounts: number
  /** Accounts that have two or more identities of it. */
  readonly several: number
  /** Identities that are carried, or that no provider of the target takes: those that the target is asked about. */
  readonly asked: number
}

/** @param decisions the named queries of `decisions`. */
export const providerTally = (decisions: RawBuilder<unknown>): RawBuilder<ProviderTally> => sql`
  WITH ${decisions}
  SELECT
    auth_provider AS "authProvider",
    sum(identities)::double precision AS identities,
    count(*)::double precision AS accounts,
    (count(*) FILTER (WHERE identities > 1))::double precision AS several,
    sum(asked)::double precision AS asked
  FROM (
    SELECT
      auth_provider,
      mxid,
      count(*) AS identities,
      count(*) FILTER (WHERE reason IS NULL OR reason IN ('provider_not_configured', 'oauth_delegated')) AS asked
    FROM external_id
    WHERE reason IS NULL OR reason NOT IN ('orphan', 'account_held_back')
    GROUP BY auth_provider, mxid
  ) x
  GROUP BY auth_provider
  ORDER BY auth_provider COLLATE "C"
`

/** The name under which the mapping leaves a provider. */
const LEAVE = 'leave'

/** What the target is asked about: identities under the names that the mapping gives them; those that it leaves are not among them. */
export const providersInUse = (
  tallies: readonly ProviderTally[],
  renamed: Readonly<Record<string, string>>,
): readonly { readonly authProvider: string; readonly count: number }[] => {
  const counts = new Map<string, number>()
  for (const { authProvider, asked } of tallies) {
    const name = Object.hasOwn(renamed, authProvider) ? (renamed[authProvider] ?? authProvider) : authProvider
    // Rows of an earlier attempt with MAS have a reason of their own, whatever the mapping says of them.
    if (asked > 0 && name !== LEAVE) counts.set(name, (counts.get(name) ?? 0) + asked)
  }
  return [...counts]
    .map(([authProvider, count]) => ({ authProvider, count }))
    .toSorted((a, b) => (a.authProvider < b.authProvider ? -1 : 1))
}

export interface ProviderFacts {
  readonly tallies: readonly ProviderTally[]
  readonly homeserver: Pick<HomeserverConfig, 'providers'>
  readonly rules: Pick<DecisionRules, 'providers'>
  /** `called`: by people of the target, where that is another name than the one that rows have. */
  readonly targets: readonly { readonly id: string; readonly authProvider: string; readonly called?: string }[]
}

/** Every provider that rows name or the homeserver has, the most used first. */
export const providerUse = ({ tallies, homeserver, rules, targets }: ProviderFacts): readonly ProviderUse[] => {
  const configured = new Set(homeserver.providers.map(({ authProvider }) => authProvider))
  const named = new Map(tallies.map((one) => [one.authProvider, one]))
  const decide = (authProvider: string): Pick<ProviderUse, 'decision' | 'becomes' | 'called'> => {
    const rule = rules.providers.find((one) => one.authProvider === authProvider)
    if (rule?.target === LEAVE) return { decision: 'leave' }
    if (rule === undefined || authProvider === DELEGATED_PROVIDER) return { decision: 'unknown' }
    const { target } = rule
    const taker = targets.find(({ id }) => id === target.id)
    if (taker === undefined) return { decision: 'carry' }
    const { authProvider: becomes, called } = taker
    return { decision: 'carry', becomes, ...(called === undefined ? {} : { called }) }
  }
  return [...new Set([...named.keys(), ...configured])]
    .map((authProvider): ProviderUse => {
      const { identities = 0, accounts = 0, several = 0 } = named.get(authProvider) ?? {}
      const atHomeserver = configured.has(authProvider)
      return { authProvider, identities, accounts, several, atHomeserver, ...decide(authProvider) }
    })
    .toSorted((a, b) => b.identities - a.identities || (a.authProvider < b.authProvider ? -1 : 1))
}
