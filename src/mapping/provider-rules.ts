import type { ProviderRule } from '../accounts/decisions/rules.ts'
import { didYouMean } from '../errors/did-you-mean.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from './mapping.ts'
import { placeOfRule } from './places.ts'

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

/**
 * Refuses a mapping that sends identities to a provider that the target does not have: a mistake to tell before
 * anything is decided, since all of them would stay behind.
 * @throws Syn2opError mapping.invalid, with every such line.
 */
export const requireKnownProviders = (
  targets: readonly TargetProvider[],
  mapping: Pick<Mapping, 'file' | 'providers' | 'placeOf'>,
): void => {
  const { file, providers } = mapping
  const known = targets.map(({ authProvider }) => authProvider)
  const unknown = Object.entries(providers).filter(([, name]) => name !== 'leave' && !known.includes(name))
  if (unknown.length === 0) return
  throw new Syn2opError('mapping.invalid', `The mapping file ${file} names providers that the target does not have`, {
    problems: unknown.map(([from, name]) => {
      const meant = didYouMean(name, known)
      return {
        message: `\`providers.${from}\`: the target has no provider ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
        at: placeOfRule(mapping, 'providers', from),
      }
    }),
    next: [
      known.length === 0
        ? 'Give the providers of the target the names that Synapse knows them by (MAS: `synapse_idp_id`).'
        : `Name one that it has (${known.join(', ')}), or \`leave\`.`,
    ],
  })
}
