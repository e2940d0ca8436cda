import { finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import type { LinkPlace, UpstreamProvider } from './link-place.ts'

export interface ProviderChoice {
  readonly provider?: UpstreamProvider
  readonly findings: readonly Finding[]
}

/**
 * The provider that leads to a Keycloak, and what is wrong with it.
 * @param issuers by which the realm may be known; a slash at the end makes no difference.
 * @param asked the provider that somebody named, whose issuer is then not looked at: it may be known by another address.
 */
export const chooseProvider = (
  { product, providers, to }: Pick<LinkPlace, 'product' | 'providers' | 'to'>,
  { issuers, asked }: { readonly issuers: readonly string[]; readonly asked?: string | undefined },
): ProviderChoice => {
  const wanted = issuers.map(bare)
  const matching =
    asked === undefined
      ? providers.filter(({ issuer }) => issuer !== undefined && wanted.includes(bare(issuer)))
      : providers.filter(({ id, alias }) => id === asked || alias === asked)
  const open = matching.filter(({ isOff }) => isOff === undefined)
  const [provider, another] = open
  if (provider === undefined) {
    return { findings: [missing({ product, providers, to }, { issuers, asked, off: matching })] }
  }
  if (another !== undefined) {
    return {
      findings: [
        finding('LINK_PROVIDER_SEVERAL', {
          message: `${open.length} providers of ${product} lead to ${issuers[0]}: ${open.map(({ name }) => name).join(', ')}`,
          count: open.length,
          samples: open.map(({ name }) => name),
          remedy: open.map(({ id, alias }) => `--auth-provider ${alias ?? id}`),
        }),
      ],
    }
  }
  return { provider, findings: judge(provider, { product, to }) }
}

const bare = (issuer: string): string => issuer.replace(/\/+$/u, '')

const SETTING = { synapse: '`oidc_providers` in homeserver.yaml', mas: '`upstream_oauth2.providers` of MAS' } as const

const missing = (
  { product, providers, to }: Pick<LinkPlace, 'product' | 'providers' | 'to'>,
  {
    issuers: [issuer = ''],
    asked,
    off,
  }: {
    readonly issuers: readonly string[]
    readonly asked: string | undefined
    readonly off: readonly UpstreamProvider[]
  },
): Finding => {
  const others = providers.filter(({ isOff }) => isOff === undefined)
  const [first] = off
  const what = asked === undefined ? `with the issuer ${issuer}` : `that is called ${asked}`
  return finding('LINK_PROVIDER_MISSING', {
    message:
      first === undefined
        ? `${product} has no provider ${what}`
        : `The provider ${first.name} of ${product} is switched off: nobody can log in with it`,
    ...(others.length === 0 ? {} : { samples: others.map(nameAndIssuer) }),
    remedy: [
      first === undefined ? `Add it to ${SETTING[to]}: issuer: ${issuer}` : 'Switch it on: `enabled: true`',
      ...(others.length === 0
        ? []
        : [
            'Where one of these leads there by another address, name it:',
            ...others.map((one) => `--auth-provider ${one.alias ?? one.id}`),
          ]),
    ],
  })
}

const nameAndIssuer = ({ name, issuer }: UpstreamProvider): string =>
  issuer === undefined ? name : `${name} (${issuer})`

const judge = (
  { name, subject, adoptsBy }: UpstreamProvider,
  { product, to }: Pick<LinkPlace, 'product' | 'to'>,
): readonly Finding[] => [
  ...(subject === undefined
    ? []
    : [
        finding('LINK_SUBJECT_OTHER', {
          message: `The provider ${name} of ${product} knows people by ${subject}, not by the claim sub`,
          samples: [name],
          remedy: [
            to === 'synapse'
              ? 'In its `user_mapping_provider.config`, remove `subject_claim` and `subject_template`, and restart Synapse.'
              : 'In its `claims_imports`, remove `subject.template`, and run `mas-cli config sync`.',
          ],
        }),
      ]),
  ...(adoptsBy === undefined
    ? []
    : [
        finding('LINK_EXISTING_USERS', {
          message: `The provider ${name} of ${product} has \`${adoptsBy}\`: whoever has no link gets the account of the same name`,
          samples: [name],
          remedy: [`Remove \`${adoptsBy}\` once the links are written, or accept it: --accept LINK_EXISTING_USERS`],
        }),
      ]),
]
