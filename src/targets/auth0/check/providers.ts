import { DELEGATED_PROVIDER } from '../../../accounts/delegated-provider.ts'
import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import { delegatedLinks } from '../../delegated-links.ts'
import type { TargetCheck } from '../../target.ts'
import type { Auth0Config, Auth0Provider } from '../config/auth0-config.ts'
import { checkEntra } from './entra.ts'
import { checkLaterLinks } from './later-links.ts'
import type { ActionStanding } from './read-action.ts'
import type { ProviderSeen } from './seen.ts'

export interface ProviderCheck {
  readonly config: Pick<Auth0Config, 'providers'>
  /** Connections that auth0.yaml names; undefined: they could not be read. */
  readonly present: readonly ProviderSeen[] | undefined
  readonly inUse: TargetCheck['providersInUse']
  /** Of the Action; undefined: nobody knows, or it is not needed. */
  readonly action: ActionStanding | undefined
}

/** By which attribute Auth0 is to find the users that syn2op makes by SCIM. */
export const SCIM_SUBJECT = 'externalId'

const links = (count: number): string => counted(count, 'link', 'links')

/** Whether every SSO provider that people use leads to a connection by which they can log in as themselves. */
export const checkProviders = ({ config, present, inUse, action }: ProviderCheck): readonly Finding[] => {
  const used = inUse.filter(({ count }) => count > 0)
  const named = new Set(config.providers.map(({ authProvider }) => authProvider))
  return [
    ...notNamed(used.filter(({ authProvider }) => !named.has(authProvider) && authProvider !== DELEGATED_PROVIDER)),
    ...delegatedLinks(inUse),
    ...(present === undefined
      ? []
      : config.providers.flatMap((provider) => {
          const { count = 0 } = used.find(({ authProvider }) => authProvider === provider.authProvider) ?? {}
          if (count === 0 || provider.link === 'leave') return []
          const seen = present.find(({ name }) => name === provider.id)
          return seen === undefined ? [unknown(provider, count)] : leadsThere({ provider, seen, count })
        })),
    ...(present === undefined ? [] : checkLaterLinks({ config, present, inUse: used, action })),
  ]
}

const notNamed = (unnamed: ProviderCheck['inUse']): readonly Finding[] => {
  if (unnamed.length === 0) return []
  const ofMany = unnamed.toSorted((a, b) => b.count - a.count)
  const sum = unnamed.reduce((total, { count }) => total + count, 0)
  return [
    finding('AUTH0_PROVIDER_NOT_NAMED', {
      message: `auth0.yaml names no connection for ${ofMany.map(({ authProvider, count }) => `${authProvider === '' ? '(an empty name)' : authProvider} (${links(count)})`).join(', ')}: ${counted(sum, 'link stays', 'links stay')} behind.`,
      count: sum,
      samples: ofMany.map(({ authProvider }) => authProvider),
      remedy: [
        'In auth0.yaml, with the name and the strategy of the connection:',
        'identity_providers:',
        ...ofMany
          .filter(({ authProvider }) => authProvider !== '')
          .map(({ authProvider }) => `  ${authProvider}: {connection: …, strategy: oidc, link: action}`),
        'Those that nobody uses any more: `leave` under `providers` in the mapping.',
      ],
    }),
  ]
}

const unknown = ({ id }: Auth0Provider, count: number): Finding =>
  finding('AUTH0_PROVIDER_UNKNOWN', {
    message: `The tenant has no connection ${id}, to which ${counted(count, 'link leads', 'links lead')}.`,
    count,
    samples: [id],
    remedy: [
      'Make it: Authentication, Enterprise (or Social), with the client that Synapse has at this provider.',
      'Or correct its name under `identity_providers` in auth0.yaml.',
    ],
  })

interface Leading {
  readonly provider: Auth0Provider
  readonly seen: ProviderSeen
  readonly count: number
}

const leadsThere = ({ provider: { id, strategy, link }, seen, count }: Leading): readonly Finding[] => {
  const of = { count, samples: [id] }
  if (seen.strategy !== strategy) {
    return [
      finding('AUTH0_PROVIDER_STRATEGY', {
        message: `The connection ${id} is of the strategy ${seen.strategy}, and auth0.yaml says ${strategy}: ${counted(count, 'link', 'links')} would fit nobody.`,
        ...of,
        remedy: [`Under \`identity_providers\` in auth0.yaml, at the connection ${id}: strategy: ${seen.strategy}`],
      }),
    ]
  }
  return [
    ...(seen.clients.length === 0
      ? [
          finding('AUTH0_PROVIDER_UNUSED', {
            message: `The connection ${id}, to which ${counted(count, 'link leads', 'links lead')}, is enabled for no application.`,
            ...of,
            remedy: [`Authentication, the connection ${id}, Applications: enable those of these people.`],
          }),
        ]
      : []),
    ...(link === 'scim' ? scim(seen, of) : []),
    ...checkEntra(seen, { link, ...of }),
  ]
}

const scim = (
  { name, scim: configuration }: ProviderSeen,
  of: { readonly count: number; readonly samples: readonly string[] },
): readonly Finding[] => {
  if (configuration === undefined) return []
  if (configuration === 'none' || configuration === 'refused') {
    const why = configuration === 'none' ? 'is not set up for it' : 'is not part of what the tenant has'
    return [
      finding('AUTH0_PROVIDER_NO_SCIM', {
        message: `${counted(of.count, 'user', 'users')} of the connection ${name} are to be made by inbound SCIM, which ${why}.`,
        ...of,
        remedy: [
          configuration === 'none'
            ? 'syn2op auth0 prepare --apply'
            : 'Ask Auth0 for Enterprise Connections with inbound SCIM, which is a matter of the subscription.',
          `Or \`link: action\` at the connection ${name} in auth0.yaml.`,
        ],
      }),
    ]
  }
  if (configuration.userIdAttribute === SCIM_SUBJECT) return []
  return [
    finding('AUTH0_PROVIDER_SCIM_SUBJECT', {
      message: `Inbound SCIM of the connection ${name} finds people by ${configuration.userIdAttribute}, and syn2op writes their subject as ${SCIM_SUBJECT}.`,
      ...of,
      remedy: [
        `Authentication, Enterprise, ${name}, Provisioning, Mapping: SCIM attribute containing the user ID: ${SCIM_SUBJECT}.`,
        `Or \`link: action\` at the connection ${name} in auth0.yaml.`,
      ],
    }),
  ]
}
