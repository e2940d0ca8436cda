import { DELEGATED_PROVIDER } from '../../../accounts/delegated-provider.ts'
import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import { delegatedLinks } from '../../delegated-links.ts'
import type { TargetCheck } from '../../target.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { checkEnds } from './provider-ends.ts'
import type { IdentityProvider } from './seen.ts'

export interface ProviderCheck {
  readonly config: Pick<KeycloakConfig, 'providers'>
  /** Those of homeserver.yaml. */
  readonly configured: readonly SynapseProvider[]
  /** Those of the realm that keycloak.yaml names; undefined: they could not be read. */
  readonly present: readonly IdentityProvider[] | undefined
  readonly inUse: TargetCheck['providersInUse']
}

const links = (count: number): string => counted(count, 'link', 'links')

/** Whether every SSO provider that people use leads to one of Keycloak's by which they can log in. */
export const checkProviders = ({ config, configured, present, inUse }: ProviderCheck): readonly Finding[] => {
  const used = inUse.filter(({ count }) => count > 0)
  const aliases = [...new Set(config.providers.map(({ id }) => id))]
  const linksOf = (alias: string): number =>
    used
      .filter(({ authProvider }) =>
        config.providers.some((one) => one.id === alias && one.authProvider === authProvider),
      )
      .reduce((sum, { count }) => sum + count, 0)
  const named = new Set(config.providers.map(({ authProvider }) => authProvider))
  return [
    ...notNamed(used.filter(({ authProvider }) => !named.has(authProvider) && authProvider !== DELEGATED_PROVIDER)),
    ...delegatedLinks(inUse),
    ...(present === undefined
      ? []
      : aliases.flatMap((alias) => {
          const provider = present.find((one) => one.alias === alias)
          if (linksOf(alias) === 0) return []
          return provider === undefined ? [unknown(alias, linksOf(alias))] : usable(provider, linksOf(alias))
        })),
    ...config.providers.flatMap(({ id, authProvider }) => {
      const provider = present?.find(({ alias }) => alias === id)
      const ofSynapse = configured.find((one) => one.authProvider === authProvider)
      const { count = 0 } = used.find((one) => one.authProvider === authProvider) ?? {}
      return provider === undefined || ofSynapse === undefined
        ? []
        : checkEnds({ configured: ofSynapse, provider, count })
    }),
  ]
}

/** Whether nobody can log in with it, though what belongs to it is written. */
export const isShut = ({ enabled, linkOnly }: IdentityProvider): boolean => !enabled || linkOnly

const notNamed = (unnamed: ProviderCheck['inUse']): readonly Finding[] => {
  if (unnamed.length === 0) return []
  const ofMany = unnamed.toSorted((a, b) => b.count - a.count)
  const sum = unnamed.reduce((total, { count }) => total + count, 0)
  return [
    finding('KEYCLOAK_PROVIDER_NOT_NAMED', {
      message: `keycloak.yaml names no identity provider for ${ofMany.map(({ authProvider, count }) => `${authProvider === '' ? '(an empty name)' : authProvider} (${links(count)})`).join(', ')}: ${counted(sum, 'link stays', 'links stay')} behind.`,
      count: sum,
      samples: ofMany.map(({ authProvider }) => authProvider),
      remedy: [
        'In keycloak.yaml, with the alias of the realm’s identity provider:',
        'identity_providers:',
        ...ofMany
          .filter(({ authProvider }) => authProvider !== '')
          .map(({ authProvider }) => `  ${authProvider}: ${authProvider.replace(/^oidc-/u, '')}`),
        'Those that nobody uses any more: `leave` under `providers` in the mapping.',
      ],
    }),
  ]
}

const unknown = (alias: string, count: number): Finding =>
  finding('KEYCLOAK_PROVIDER_UNKNOWN', {
    message: `The realm has no identity provider with the alias ${alias}, to which ${counted(count, 'link leads', 'links lead')}.`,
    count,
    samples: [alias],
    remedy: [
      'syn2op keycloak prepare: it makes what homeserver.yaml knows of it.',
      'Or correct the alias under `identity_providers` in keycloak.yaml.',
    ],
  })

const usable = (provider: IdentityProvider, count: number): readonly Finding[] => {
  const { alias, enabled, hideOnLogin } = provider
  if (isShut(provider)) {
    return [
      finding('KEYCLOAK_PROVIDER_OFF', {
        message: `The identity provider ${alias} is ${enabled ? 'for linking only' : 'disabled'}: nobody can log in with it, though ${links(count)} to it will be carried.`,
        count,
        samples: [alias],
        remedy: [
          `Identity providers, ${alias}: ${enabled ? 'turn "Account linking only" off' : 'enable it'}.`,
          'Or accept it: --accept KEYCLOAK_PROVIDER_OFF',
        ],
      }),
    ]
  }
  if (!hideOnLogin) return []
  return [
    finding('KEYCLOAK_PROVIDER_HIDDEN', {
      message: `The identity provider ${alias}, to which ${links(count)} will be carried, is not shown on the login page.`,
      count,
      samples: [alias],
      remedy: [`Identity providers, ${alias}: turn "Hide on login page" off.`],
    }),
  ]
}
