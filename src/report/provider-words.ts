import type { ProviderUse } from './plan-parts.ts'

/** What a provider is called in Synapse; rows may name none. */
export const providerName = ({ authProvider }: Pick<ProviderUse, 'authProvider'>): string =>
  authProvider.trim() === '' ? '(an empty name)' : authProvider

/** Why identities are left that no provider of the target takes, by its product. */
const UNKNOWN: ReadonlyMap<string, string> = new Map([['Auth0', 'left: auth0.yaml names no connection for it']])

/**
 * What becomes of its identities: its name at the target, or why they are left.
 * @param product the target's
 */
export const providerFate = (
  { decision, becomes, called, authProvider }: Pick<ProviderUse, 'decision' | 'becomes' | 'called' | 'authProvider'>,
  product: string,
): string => {
  if (decision === 'carry') return called ?? becomes ?? authProvider
  return decision === 'leave'
    ? 'left: the mapping says so'
    : (UNKNOWN.get(product) ?? 'left: the target has none of this name')
}
