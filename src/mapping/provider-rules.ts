import type { ProviderRule } from '../accounts/decisions/rules.ts'
import type { Mapping } from './mapping.ts'

/** A provider of the target, by the name that Synapse's rows may have. */
export interface TargetProvider {
  readonly id: string
  readonly authProvider: string
}

/**
 * Where each of Synapse's providers goes: to the target's provider of its own name, unless the mapping says another
 * one or leaves it. The own names come first, since they win where two names bring one subject.
 */
export const providerRules = (
  targets: readonly TargetProvider[],
  mapping: Pick<Mapping, 'providers'>,
): readonly ProviderRule[] => {
  const renamed = new Map(Object.entries(mapping.providers))
  const own = targets
    .filter(({ authProvider }) => !renamed.has(authProvider))
    .map(({ id, authProvider }): ProviderRule => ({ authProvider, target: { id } }))
  const mapped = [...renamed].flatMap(([authProvider, name]): readonly ProviderRule[] => {
    if (name === 'leave') return [{ authProvider, target: 'leave' }]
    const target = targets.find((one) => one.authProvider === name)
    return target === undefined ? [] : [{ authProvider, target: { id: target.id } }]
  })
  return [...own, ...mapped]
}

/** Names in the mapping that no provider of the target has: mistakes to tell before anything is decided. */
export const unknownProviders = (
  targets: readonly TargetProvider[],
  mapping: Pick<Mapping, 'providers'>,
): readonly string[] =>
  [...new Set(Object.values(mapping.providers))].filter(
    (name) => name !== 'leave' && !targets.some(({ authProvider }) => authProvider === name),
  )
