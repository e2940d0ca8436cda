import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import type { IdentityProvider } from './seen.ts'

/** A provider of Synapse's, and the one of Keycloak's to which the links of its people are carried. */
export interface ProviderPair {
  readonly configured: SynapseProvider
  readonly provider: IdentityProvider
  /** Links that will be carried. */
  readonly count: number
}

/** One of Keycloak's own providers: it leads to one place only, and knows people by one thing only. */
interface OwnKind {
  readonly hosts: readonly string[]
  /** The claim, by its name at Synapse. */
  readonly subject: string
  /** Each client is told other ids of people. */
  readonly perClient?: true
}

const SUB = 'sub'

/** By `providerId`, as of 26.7. */
const OWN_KINDS: Readonly<Record<string, OwnKind>> = {
  'google': { hosts: ['accounts.google.com'], subject: SUB },
  'github': { hosts: ['github.com'], subject: 'id' },
  'gitlab': { hosts: ['gitlab.com'], subject: SUB },
  'microsoft': { hosts: ['login.microsoftonline.com', 'sts.windows.net'], subject: 'oid' },
  'facebook': { hosts: ['facebook.com', 'www.facebook.com'], subject: 'id', perClient: true },
}

/** Whether the links of people fit those whom the provider at Keycloak lets in. */
export const checkEnds = (pair: ProviderPair): readonly Finding[] => {
  if (pair.count === 0) return []
  const elsewhere = elsewhereWords(pair)
  if (elsewhere !== undefined) return [otherPeople(pair, elsewhere)]
  return [...subject(pair), ...otherClient(pair)]
}

const carried = ({ count }: ProviderPair): string => counted(count, 'link', 'links')

const kindOf = ({ providerId }: IdentityProvider): OwnKind | undefined =>
  Object.hasOwn(OWN_KINDS, providerId) ? OWN_KINDS[providerId] : undefined

/** Who it is that says who people are; of Entra the tenant, whichever version of its issuer is meant. */
const authorityOf = (issuer: string): string => {
  if (!URL.canParse(issuer)) return issuer.trim()
  const { host, pathname } = new URL(issuer)
  const [tenant = ''] = pathname.split('/').filter((part) => part !== '')
  return ['login.microsoftonline.com', 'sts.windows.net'].includes(host)
    ? `entra ${tenant}`
    : host + pathname.replace(/\/+$/u, '')
}

/** Of these any tenant may be the issuer. */
const isAnyTenant = (authority: string): boolean =>
  /^entra (?:common|organizations|consumers|\{.*\}|%7B.*)?$/iu.test(authority)

const elsewhereWords = ({ configured, provider }: ProviderPair): string | undefined => {
  const { issuer } = configured
  if (configured.kind !== 'oidc' || issuer === undefined) return undefined
  const kind = kindOf(provider)
  if (kind !== undefined) {
    // A GitHub of one's own.
    if ((provider.config.baseUrl ?? '') !== '') return undefined
    return URL.canParse(issuer) && !kind.hosts.includes(new URL(issuer).host) ? `to ${kind.hosts[0]}` : undefined
  }
  const issuers = (provider.config.issuer ?? '').split(',').filter((text) => text.trim() !== '')
  const authorities = issuers.map((text) => authorityOf(text.trim()))
  const wanted = authorityOf(issuer)
  if (authorities.length === 0 || authorities.includes(wanted)) return undefined
  if (wanted.startsWith('entra ') && [wanted, ...authorities].some(isAnyTenant)) return undefined
  return `to ${issuers.join(', ')}`
}

const otherPeople = (pair: ProviderPair, leads: string): Finding => {
  const { configured, provider, count } = pair
  return finding('KEYCLOAK_PROVIDER_ELSEWHERE', {
    message: `The identity provider ${provider.alias} leads ${leads}, and ${configured.authProvider} of Synapse to ${configured.issuer}: ${carried(pair)} would be of other people.`,
    count,
    samples: [provider.alias],
    remedy: [
      `In keycloak.yaml, under identity_providers: the alias for ${configured.authProvider} that leads to ${configured.issuer}.`,
      `Or Identity providers, ${provider.alias}: correct the issuer and the addresses.`,
    ],
  })
}

/** `the claim id` and `{{ user.id }}` are the same. */
const claimOf = (told: string | undefined): string => {
  if (told === undefined) return SUB
  const { claim, field } = /^(?:the claim (?<claim>\S+)|\{\{\s*user\.(?<field>\w+)\s*\}\})$/u.exec(told)?.groups ?? {}
  return claim ?? field ?? told
}

const BY_ATTRIBUTE: readonly string[] = ['ATTRIBUTE', 'FRIENDLY_ATTRIBUTE']

/** By what each of the two knows people, where that is not the same. */
const subjectsOf = ({ configured, provider }: ProviderPair): readonly [string, string] | undefined => {
  const isSaml = provider.providerId === 'saml'
  if (configured.kind === 'saml' && isSaml) {
    return BY_ATTRIBUTE.includes(provider.config.principalType ?? '')
      ? undefined
      : ['an attribute (uid, unless its module says otherwise)', 'the subject of the assertion']
  }
  if (configured.kind !== 'oidc' || isSaml) {
    return [`what ${configured.kind.toUpperCase()} calls them`, isSaml ? 'what SAML calls them' : 'the claim sub']
  }
  const wanted = claimOf(configured.subject)
  const own = kindOf(provider)?.subject ?? SUB
  return wanted === own ? undefined : [configured.subject ?? `the claim ${SUB}`, `the claim ${own}`]
}

const subject = (pair: ProviderPair): readonly Finding[] => {
  const differ = subjectsOf(pair)
  if (differ === undefined) return []
  const { configured, provider, count } = pair
  const [atSynapse, atKeycloak] = differ
  return [
    finding('KEYCLOAK_PROVIDER_SUBJECT', {
      message: `Synapse knows people of ${configured.authProvider} by ${atSynapse}, and ${provider.alias} of Keycloak by ${atKeycloak}: ${carried(pair)} may fit nobody.`,
      count,
      samples: [provider.alias],
      remedy: [
        'See with one account that the two are the same, then accept this: --accept KEYCLOAK_PROVIDER_SUBJECT',
        'Or leave these links behind: `leave` under `providers` in the mapping.',
      ],
    }),
  ]
}

const otherClient = (pair: ProviderPair): readonly Finding[] => {
  const { configured, provider, count } = pair
  const { clientId } = provider.config
  const kind = kindOf(provider)
  const same = clientId === undefined || configured.clientId === undefined || clientId === configured.clientId
  if (same || configured.kind !== 'oidc' || (kind !== undefined && kind.perClient === undefined)) return []
  return [
    finding('KEYCLOAK_PROVIDER_OTHER_CLIENT', {
      message: `Keycloak is the client ${clientId} at ${provider.alias}, and Synapse is ${configured.clientId}: some providers tell each client other ids, and then ${carried(pair)} fit nobody.`,
      count,
      samples: [provider.alias],
      remedy: [
        `Identity providers, ${provider.alias}: the client id and secret that homeserver.yaml has.`,
        'Or see that the provider tells every client the same `sub`, and accept this: --accept KEYCLOAK_PROVIDER_OTHER_CLIENT',
      ],
    }),
  ]
}
