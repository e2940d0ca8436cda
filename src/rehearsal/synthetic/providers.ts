import { DEMO_PROVIDERS } from '../demo/constants.ts'
import type { ProviderName, SyntheticHomeserver, SyntheticProvider } from './people.ts'

const whole = (provider: ProviderName | SyntheticProvider): SyntheticProvider =>
  typeof provider === 'string' ? { name: provider } : provider

const namedByPeople = ({ people }: Pick<SyntheticHomeserver, 'people'>): readonly ProviderName[] => [
  ...new Set(people.flatMap((one) => ('identities' in one ? (one.identities ?? []) : []).map((each) => each.provider))),
]

/** Every provider of the homeserver, once. Where nobody names one, other people have those of the demo. */
export const providersOf = (
  homeserver: Pick<SyntheticHomeserver, 'people' | 'providers' | 'accounts'>,
): readonly SyntheticProvider[] => {
  if (homeserver.providers !== undefined) return homeserver.providers.map(whole)
  const named = namedByPeople(homeserver).map((name) => ({ name }))
  if (named.length > 0 || (homeserver.accounts ?? 0) === 0) return named
  return DEMO_PROVIDERS.map(({ authProvider, issuer }) => ({ name: authProvider as ProviderName, issuer }))
}

/** Which provider of the homeserver stands for each of the demo's; undefined: none does. */
export const inPlaceOfDemo = (
  providers: readonly SyntheticProvider[],
): ReadonlyMap<string, ProviderName | undefined> => {
  const kept = providers.filter(({ removed }) => removed !== true)
  const names = new Set<string>(kept.map(({ name }) => name))
  return new Map(
    DEMO_PROVIDERS.map(({ authProvider }, position) => [
      authProvider,
      names.has(authProvider) ? (authProvider as ProviderName) : kept[position % Math.max(kept.length, 1)]?.name,
    ]),
  )
}
