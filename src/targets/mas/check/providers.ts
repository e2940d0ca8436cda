import { DELEGATED_PROVIDER } from '../../../accounts/delegated-provider.ts'
import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import { delegatedLinks } from '../../delegated-links.ts'
import type { MasProvider } from '../config/mas-config.ts'
import type { PresentProvider } from '../database/inspection.ts'
import { groupedBy, listed } from './words.ts'

/** A provider's name in the data, as the mapping renames it, and how many links bear it; without those it leaves. */
export interface ProviderInUse {
  readonly authProvider: string
  readonly count: number
}

export interface ProviderCheck {
  readonly configured: readonly MasProvider[]
  readonly present: readonly PresentProvider[]
  readonly inUse: readonly ProviderInUse[]
}

const links = (count: number): string => counted(count, 'link', 'links')

const named = ({ id, humanName }: MasProvider): string => (humanName === undefined ? id : `${humanName} (${id})`)

const claimedTwice = (configured: readonly MasProvider[]): readonly Finding[] => {
  const claims = groupedBy(
    configured.filter(({ synapseIdpId }) => synapseIdpId !== undefined),
    ({ synapseIdpId }) => synapseIdpId,
  )
  return [...claims]
    .filter(([, providers]) => providers.length > 1)
    .map(([name, providers]) =>
      finding('MAS_PROVIDER_TWICE', {
        message: `${providers.length} providers of MAS have \`synapse_idp_id: ${name}\`.`,
        samples: providers.map(named),
        remedy: [`Keep \`synapse_idp_id: ${name}\` at one of ${providers.map(named).join(', ')}.`],
      }),
    )
}

const idpName = ({ authProvider }: ProviderInUse): string => (authProvider === '' ? '(an empty name)' : authProvider)

/** One finding for all of them: an administrator decides about providers, not about one provider at a time. */
const notConfigured = (unknown: readonly ProviderInUse[]): readonly Finding[] => {
  if (unknown.length === 0) return []
  const sum = unknown.reduce((total, { count }) => total + count, 0)
  const ofMany = unknown.toSorted((a, b) => b.count - a.count)
  const addable = ofMany.filter(({ authProvider }) => authProvider !== '')
  return [
    finding('MAS_PROVIDER_NOT_CONFIGURED', {
      message: `MAS has no provider for ${listed(ofMany.map((use) => `${idpName(use)} (${links(use.count)})`))}: ${counted(sum, 'link stays', 'links stay')} behind.`,
      count: sum,
      remedy: [
        'Those that are in use: add the line to its entry in `upstream_oauth2.providers`, then run `mas-cli config sync`:',
        ...addable.map(({ authProvider }) => `synapse_idp_id: ${authProvider}`),
        'The others: name another provider for them, or `leave`, under `providers` in the mapping.',
      ],
    }),
  ]
}

const rowMissing = (provider: MasProvider, count: number): Finding =>
  finding('MAS_PROVIDER_ROW_MISSING', {
    message: `The provider ${named(provider)} is configured but not in the MAS database: ${links(count)} would point at nothing.`,
    count,
    samples: [provider.id],
    remedy: ['Run `mas-cli config sync` with the same configuration.'],
  })

const disabled = (provider: MasProvider, count: number): Finding =>
  finding('MAS_PROVIDER_DISABLED', {
    message: `The provider ${named(provider)} has \`enabled: false\`: nobody can log in with it, though ${links(count)} to it will be carried.`,
    count,
    samples: [provider.id],
    remedy: [
      `Set \`enabled: true\` for ${provider.id} and run \`mas-cli config sync\`, or accept it with --accept MAS_PROVIDER_DISABLED.`,
    ],
  })

/** Whether every SSO provider that people use has its counterpart in MAS, in the configuration and in the database. */
export const checkProviders = ({ configured, present, inUse }: ProviderCheck): readonly Finding[] => {
  const rows = new Set(present.map(({ uuid }) => uuid))
  const used = inUse.filter(({ count }) => count > 0)
  const providerOf = ({ authProvider }: ProviderInUse): MasProvider | undefined =>
    configured.find(({ synapseIdpId }) => synapseIdpId === authProvider)
  const unknown = used.filter((use) => providerOf(use) === undefined && use.authProvider !== DELEGATED_PROVIDER)
  const perProvider = used.flatMap((use): readonly Finding[] => {
    const provider = providerOf(use)
    if (!provider) return delegatedLinks([use])
    return [
      ...(rows.has(provider.uuid) ? [] : [rowMissing(provider, use.count)]),
      ...(provider.enabled ? [] : [disabled(provider, use.count)]),
    ]
  })
  return [...claimedTwice(configured), ...notConfigured(unknown), ...perProvider]
}
