import type { Mapping } from '../../../mapping/mapping.ts'
import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import type { TargetProvider } from '../../../targets/target.ts'

/** Where the identity providers of a throw-away realm lead: nowhere, by a name that nobody can have. Source: RFC 2606. */
const NOWHERE = 'https://provider.invalid'

/**
 * Identity providers for those of Synapse, by the names that keycloak.yaml has for them. They take links, and know the same issuer and
 * client, but lead nowhere and have no secret: nobody signs in by them, and nobody real is asked anything.
 */
export const identityProviders = (
  providers: readonly TargetProvider[],
  synapse: readonly SynapseProvider[],
  mapping: Pick<Mapping, 'providers'>,
): readonly object[] =>
  providers
    .filter(({ id }, index) => providers.findIndex((other) => other.id === id) === index)
    .map(({ id, authProvider }) => identityProvider(id, synapseOf(authProvider, synapse, mapping)))

/** Under its own name, or the one that the rules give it. */
const synapseOf = (
  name: string | undefined,
  synapse: readonly SynapseProvider[],
  { providers: renamed }: Pick<Mapping, 'providers'>,
): SynapseProvider | undefined =>
  synapse.find(({ authProvider }) => authProvider === name) ??
  synapse.find(({ authProvider }) => Object.hasOwn(renamed, authProvider) && renamed[authProvider] === name)

const identityProvider = (alias: string, known: SynapseProvider | undefined): object => ({
  alias,
  enabled: true,
  ...(known?.kind === 'saml' ? SAML : openId(alias, known)),
})

const SAML = { providerId: 'saml', config: { singleSignOnServiceUrl: `${NOWHERE}/sso` } } as const

/** CAS, which Keycloak does not know, is taken by one of these too. */
const openId = (alias: string, known: SynapseProvider | undefined): object => ({
  providerId: 'oidc',
  config: {
    issuer: known?.kind === 'oidc' && known.issuer !== undefined ? known.issuer : `${NOWHERE}/${alias}`,
    clientId: known?.clientId ?? 'syn2op-rehearsal',
    clientSecret: 'none',
    authorizationUrl: `${NOWHERE}/authorize`,
    tokenUrl: `${NOWHERE}/token`,
  },
})
