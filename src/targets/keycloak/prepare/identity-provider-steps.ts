import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import type { TargetProvider } from '../../target.ts'
import { adminPath } from '../api/admin-path.ts'
import type { UpstreamProvider } from './discover-endpoints.ts'
import type { JsonMap, PrepareStep, StepByHand } from './step.ts'

export interface ProvidersWish {
  /** By which applications and browsers know the realm. */
  readonly issuer: string
  /** What keycloak.yaml says belongs together. */
  readonly providers: readonly TargetProvider[]
  /** The providers of homeserver.yaml; absent: nobody named it. */
  readonly synapse?: SynapseKnows<UpstreamProvider>
}

/** The providers of homeserver.yaml, and how Synapse is a client of those that speak OpenID. */
export interface SynapseKnows<Client> {
  readonly providers: readonly SynapseProvider[]
  readonly clients: readonly Client[]
}

export interface ProviderSteps {
  readonly steps: readonly PrepareStep[]
  readonly byHand: readonly StepByHand[]
  /** Client secrets that are sent along, by the step: never shown, and in no file. */
  readonly secrets: ReadonlyMap<string, string>
}

/** The providers that keycloak.yaml names and the realm lacks, each once. */
export const missingProviders = (
  aliases: readonly string[],
  providers: readonly TargetProvider[],
): readonly TargetProvider[] =>
  providers.filter(
    ({ id }, index) => !aliases.includes(id) && providers.findIndex((other) => other.id === id) === index,
  )

/** A step for each identity provider that is missing, and what people have to do about it or decide. */
export const providerSteps = (aliases: readonly string[], wish: ProvidersWish): ProviderSteps => {
  const all = missingProviders(aliases, wish.providers).map((provider) => oneProvider(provider, wish))
  return {
    steps: all.flatMap(({ step }) => (step === undefined ? [] : [step])),
    byHand: [
      ...all.flatMap(({ byHand }) => byHand),
      ...wish.providers.flatMap((provider) => subjectRemark(provider, wish.synapse?.providers ?? [])),
    ],
    secrets: new Map(
      all.flatMap(({ step, secret }) => (step === undefined || secret === undefined ? [] : [[step.id, secret]])),
    ),
  }
}

interface One {
  readonly step?: PrepareStep
  readonly byHand: readonly StepByHand[]
  readonly secret?: string
}

const oneProvider = ({ id: alias, authProvider }: TargetProvider, wish: ProvidersWish): One => {
  const callback = `${wish.issuer}/${adminPath`broker/${alias}/endpoint`}`
  const told = (why: string, lines: readonly string[]): One => ({
    byHand: [
      {
        id: `identity-provider ${alias}`,
        what: `Add the identity provider ${alias}, for ${authProvider} of Synapse`,
        why: `People who sign in by it at Synapse could not do so at Keycloak. ${why}`,
        lines,
      },
    ],
  })
  const { synapse } = wish
  if (synapse === undefined) {
    return told('How Synapse knows the provider is not known here; with homeserver.yaml syn2op makes it.', [
      'syn2op keycloak prepare --synapse-config homeserver.yaml',
    ])
  }
  const configured = synapse.providers.find((provider) => provider.authProvider === authProvider)
  if (configured?.kind === 'cas') return told('It speaks CAS, which Keycloak does not know.', [])
  if (configured?.kind === 'saml') {
    return told('It speaks SAML: register this address there, and enter its metadata in the console.', [callback])
  }
  const client = synapse.clients.find(({ path }) => path === configured?.path)
  if (client === undefined) return told(`homeserver.yaml has no provider ${authProvider}.`, [])
  const lacking = whyNoSkeleton(client)
  if (lacking !== undefined) return told(`${lacking} Register this address there:`, [callback])
  const { clientSecret } = client
  return {
    step: skeletonStep(alias, authProvider, client, callback),
    ...(clientSecret === undefined ? {} : { secret: clientSecret }),
    byHand: secretRemark(alias, client),
  }
}

const whyNoSkeleton = ({ scopes, endpoints, undiscovered, discover, issuer }: UpstreamProvider): string | undefined => {
  if (!scopes.includes('openid')) {
    return 'It is no OpenID provider (no scope openid): Keycloak has providers of its own for GitHub and their like.'
  }
  if (endpoints.authorization !== undefined && endpoints.token !== undefined) return undefined
  return discover
    ? `${issuer} cannot be asked for its endpoints from here: ${undiscovered ?? 'it names none'}.`
    : 'homeserver.yaml names no authorization_endpoint or token_endpoint.'
}

const skeletonStep = (
  alias: string,
  authProvider: string,
  client: UpstreamProvider,
  callback: string,
): PrepareStep => ({
  id: `identity-provider ${alias}`,
  what: `Add the identity provider ${alias}, for ${authProvider} of Synapse`,
  why: 'People who sign in by it at Synapse could not do so at Keycloak. Whose link is loaded is known by it at the first login, and asked nothing.',
  work: {
    kind: 'create',
    collection: 'identity-provider/instances',
    path: adminPath`identity-provider/instances/${alias}`,
    body: skeleton(alias, client),
  },
  keepers: [{ kind: 'people', idpAlias: alias, words: 'people are linked to it, and their links would go with it' }],
  notes: [`Register this address at ${client.issuer}, beside the one of Synapse: ${callback}`],
})

/** Ways in which a client proves who it is have the names of OpenID, but Keycloak knows no client without a secret. */
const methodOf = ({ clientAuthMethod }: UpstreamProvider): JsonMap =>
  clientAuthMethod === 'none'
    ? { clientAuthMethod: 'client_secret_post', pkceEnabled: 'true', pkceMethod: 'S256' }
    : { clientAuthMethod }

const skeleton = (alias: string, client: UpstreamProvider): JsonMap => {
  const { authorization, token, userinfo, jwks, logout } = client.endpoints
  return {
    alias,
    displayName: client.name ?? alias,
    providerId: 'oidc',
    enabled: true,
    trustEmail: false,
    storeToken: false,
    linkOnly: false,
    config: {
      issuer: client.issuer,
      clientId: client.clientId,
      ...methodOf(client),
      authorizationUrl: authorization,
      tokenUrl: token,
      ...(userinfo === undefined ? {} : { userInfoUrl: userinfo }),
      ...(logout === undefined ? {} : { logoutUrl: logout }),
      ...(jwks === undefined ? {} : { jwksUrl: jwks, useJwksUrl: 'true', validateSignature: 'true' }),
      defaultScope: client.scopes.join(' '),
      syncMode: 'IMPORT',
    },
  }
}

/** Whatever is at Keycloak: it can only go by `sub`. */
const subjectRemark = (
  { id: alias, authProvider }: TargetProvider,
  providers: readonly SynapseProvider[],
): readonly StepByHand[] => {
  const { subject, issuer } = providers.find((provider) => provider.authProvider === authProvider) ?? {}
  if (subject === undefined) return []
  return [
    {
      id: `subject ${alias}`,
      what: `Decide by what ${alias} knows people: Synapse goes by ${subject}, Keycloak by the claim sub`,
      why: `Where the two differ, the loaded links fit nobody, and people would get a second account at their first login. See what ${issuer ?? 'the provider'} puts into sub. If that is another value, have it send this one as sub, or leave the links behind (providers: in the rules file).`,
      lines: [],
    },
  ]
}

const secretRemark = (alias: string, { clientSecret, secretUnread }: UpstreamProvider): readonly StepByHand[] => {
  if (clientSecret !== undefined) return []
  const lacking =
    secretUnread === undefined
      ? 'homeserver.yaml has none that could be sent along.'
      : `${secretUnread}, which has it, cannot be read here.`
  return [
    {
      id: `client-secret ${alias}`,
      what: `Give Keycloak the client secret of ${alias}`,
      why: `${lacking} In the console: Identity providers, ${alias}, Client Secret.`,
      lines: [],
    },
  ]
}
