import type { ProviderUse } from './plan-parts.ts'

/** What a provider is called in Synapse; rows may name none. */
export const providerName = ({ authProvider }: Pick<ProviderUse, 'authProvider'>): string =>
  authProvider.trim() === '' ? '(an empty name)' : authProvider

/** What becomes of its identities: its name at the target, or why they are left. */
export const providerFate = ({
  decision,
  becomes,
  authProvider,
}: Pick<ProviderUse, 'decision' | 'becomes' | 'authProvider'>): string => {
  if (decision === 'carry') return becomes ?? authProvider
  return decision === 'leave' ? 'left: the mapping says so' : 'left: the target has none of this name'
}
