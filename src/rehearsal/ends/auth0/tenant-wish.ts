import type { HomeserverConfig, SynapseProvider } from '../../../synapse/homeserver.ts'
import type { Auth0Config, Auth0Plan, Auth0Provider } from '../../../targets/auth0/config/auth0-config.ts'

/** What a tenant is to be like, and what becomes of people there; not where it is, nor who asks it. */
export type TenantWish = Omit<Auth0Config, 'files' | 'url' | 'client' | 'application' | 'rate'> &
  Partial<Pick<Auth0Config, 'rate'>>

/** Of a database connection that nobody has named otherwise. */
const CONNECTION = 'Username-Password-Authentication'

/** The cheapest of those that are paid for: who has a better one is told of longer times than it takes. */
const PLAN: Auth0Plan = 'essentials'

/** Connections of their own for these, by their host; everybody else speaks OpenID Connect. */
const SOCIAL: ReadonlyMap<string, string> = new Map([
  ['accounts.google.com', 'google-oauth2'],
  ['github.com', 'github'],
])

const strategyOf = ({ kind, issuer }: SynapseProvider): string => {
  if (kind === 'saml') return 'samlp'
  return SOCIAL.get(URL.parse(issuer ?? '')?.hostname ?? '') ?? 'oidc'
}

/** A name that Auth0 takes. */
const connectionName = ({ authProvider }: SynapseProvider): string =>
  authProvider
    .replace(/^oidc-/u, '')
    .replaceAll(/[^A-Za-z0-9]+/gu, '-')
    .replaceAll(/^-|-$/gu, '') || 'provider'

/** CAS has no connection at Auth0. */
const providersOf = ({ providers }: Pick<HomeserverConfig, 'providers'>): readonly Auth0Provider[] => {
  const taken = new Set<string>([CONNECTION])
  return providers
    .filter(({ kind }) => kind !== 'cas')
    .map((provider) => {
      const name = connectionName(provider)
      let id = name
      for (let n = 2; taken.has(id); n++) id = `${name}-${n}`
      taken.add(id)
      return { id, authProvider: provider.authProvider, strategy: strategyOf(provider), link: 'action' }
    })
}

/** A tenant that fits a homeserver, where nobody has written an auth0.yaml yet. */
export const fittingTenant = (homeserver: Pick<HomeserverConfig, 'providers' | 'pepper'>): TenantWish => ({
  connection: CONNECTION,
  plan: PLAN,
  passwords: 'carry',
  // Nobody learns it: the stand-in is in this process.
  pepper: homeserver.pepper === undefined ? 'withhold' : 'disclose',
  usernames: { unfit: 'escape' },
  email: { without: 'allow' },
  providers: providersOf(homeserver),
})

/** What auth0.yaml says of it, as YAML would be given. */
export const wishAsYaml = ({
  connection,
  plan,
  passwords,
  pepper,
  usernames,
  email,
  providers,
  rate,
}: TenantWish): Readonly<Record<string, unknown>> => ({
  connection,
  plan,
  passwords,
  pepper,
  usernames,
  email,
  identity_providers: Object.fromEntries(
    providers.map(({ id, authProvider, strategy, link }) => [authProvider, { connection: id, strategy, link }]),
  ),
  ...(rate === undefined ? {} : { rate }),
})
