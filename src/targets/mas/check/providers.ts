import type { Finding } from '../../../report/finding.ts'
import { finding } from '../../../report/findings/catalogue.ts'
import type { MasProvider } from '../config/mas-config.ts'
import type { PresentProvider } from '../database/inspection.ts'
import { counted, groupedBy } from './words.ts'

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

/** What an earlier delegation to MAS wrote into `user_external_ids.auth_provider`. */
const DELEGATED = 'oauth-delegated'

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

const notConfigured = ({ authProvider, count }: ProviderInUse): Finding =>
  finding('MAS_PROVIDER_NOT_CONFIGURED', {
    message: `No provider of MAS has \`synapse_idp_id: ${authProvider}\`: ${counted(count, 'link to it stays', 'links to it stay')} behind.`,
    count,
    samples: [authProvider],
    remedy: [
      `Add \`synapse_idp_id: ${authProvider}\` to its entry in \`upstream_oauth2.providers\` and run \`mas-cli config sync\`.`,
      'Or name another provider for it, or `leave`, under `providers` in the mapping.',
    ],
  })

const delegated = ({ count }: ProviderInUse): Finding =>
  finding('OAUTH_DELEGATED', {
    message: `An earlier delegation to MAS left ${links(count)} to ${DELEGATED}; nothing of that is carried.`,
    count,
    samples: [DELEGATED],
    remedy: ['Accept it with --accept OAUTH_DELEGATED once no other MAS serves this homeserver.'],
  })

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
  const perProvider = inUse
    .filter(({ count }) => count > 0)
    .flatMap((use): readonly Finding[] => {
      const provider = configured.find(({ synapseIdpId }) => synapseIdpId === use.authProvider)
      if (!provider) return [use.authProvider === DELEGATED ? delegated(use) : notConfigured(use)]
      return [
        ...(rows.has(provider.uuid) ? [] : [rowMissing(provider, use.count)]),
        ...(provider.enabled ? [] : [disabled(provider, use.count)]),
      ]
    })
  return [...claimedTwice(configured), ...perProvider]
}
