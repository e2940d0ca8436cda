import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { PEPPER_SETTING, PROVIDER_ID } from '../provider/provider-jar.ts'
import { mistakeOf, pepperTold, provesPepper } from './pepper.ts'
import { isSamplePepper, pepperBits, STRONG_BITS } from './pepper-strength.ts'
import type { ServerInfo } from './seen.ts'

export interface PasswordCheck {
  /** Absent: it could not be read. */
  readonly server: ServerInfo | undefined
  /** Of the provider that comes with syn2op. */
  readonly providerVersion: string
  /** Synapse's; a secret. */
  readonly pepper: string | undefined
  /** How many password hashes are to be carried; undefined when nobody counted. */
  readonly count: number | undefined
}

const PLACE = [
  'syn2op keycloak provider --out /opt/keycloak/providers',
  'On every node: where Keycloak is started with --optimized, bin/kc.sh build; then restart it.',
]

/** What of Synapse's passwords Keycloak could not check after the migration. Silent when there are none. */
export const checkPasswords = (check: PasswordCheck): readonly Finding[] => {
  const { server, count } = check
  const hashing = server?.providers['password-hashing']?.providers
  if (count === 0 || hashing === undefined) return []
  const provider = Object.hasOwn(hashing, PROVIDER_ID) ? hashing[PROVIDER_ID] : undefined
  if (provider === undefined) {
    return [
      finding('KEYCLOAK_PROVIDER_MISSING', {
        message: `Keycloak has no password provider ${PROVIDER_ID}, so nobody's password would be accepted.`,
        ...countOf(check),
        remedy: PLACE,
      }),
    ]
  }
  const info = provider.operationalInfo ?? {}
  return [...versionFindings(info, check), ...selfTestFindings(info, check), ...pepperFindings(info, check)]
}

const countOf = ({ count }: PasswordCheck): { readonly count?: number } => (count === undefined ? {} : { count })

type Info = Readonly<Record<string, string>>

const versionFindings = ({ version = 'unknown' }: Info, { providerVersion }: PasswordCheck): readonly Finding[] =>
  version === providerVersion
    ? []
    : [
        finding('KEYCLOAK_PROVIDER_VERSION', {
          message: `Keycloak has version ${version} of the provider ${PROVIDER_ID}; ${providerVersion} comes with this syn2op.`,
          samples: [version],
          remedy: PLACE,
        }),
      ]

const selfTestFindings = ({ selfTest }: Info, check: PasswordCheck): readonly Finding[] =>
  selfTest === 'failed'
    ? [
        finding('KEYCLOAK_PROVIDER_BROKEN', {
          message: `The provider ${PROVIDER_ID} could not check a known hash when Keycloak started.`,
          ...countOf(check),
          remedy: ['Start Keycloak without --features=fips, and see its log of the start.'],
        }),
      ]
    : []

const GIVE = [
  `In conf/keycloak.conf of every node, with the value of \`password_config.pepper\` of homeserver.yaml: ${PEPPER_SETTING}=…`,
  'In that line write \\ as \\\\, then $$ as $$$$ and ${ as \\\\${. Then restart Keycloak.',
]

const pepperFindings = (info: Info, check: PasswordCheck): readonly Finding[] => {
  const { pepper = '' } = check
  const told = pepperTold(info)
  const differ = (message: string, remedy: readonly string[]): readonly Finding[] => [
    finding('KEYCLOAK_PEPPER', { message, ...countOf(check), remedy }),
  ]
  if (!told.isSet) return pepper === '' ? [] : differ('Synapse has a pepper, but Keycloak’s provider has none.', GIVE)
  if (pepper === '') {
    return differ('Synapse has no pepper, but Keycloak’s provider has one.', [
      `Remove ${PEPPER_SETTING} from conf/keycloak.conf, and the environment variable of that name; then restart Keycloak.`,
    ])
  }
  if (told.hasReplacementCharacter && !pepper.includes('\uFFFD')) {
    return differ('The pepper of Keycloak’s provider has lost its letters outside ASCII on the way.', [
      'An environment variable loses them where Keycloak is started with LC_ALL=C.',
      ...GIVE,
    ])
  }
  const proved = provesPepper(told, pepper)
  if (proved === false) {
    const mistake = mistakeOf(told, pepper)
    return differ(
      `Synapse's pepper and that of Keycloak's provider differ${mistake === undefined ? '' : `: in Keycloak ${mistake}`}.`,
      GIVE,
    )
  }
  if (proved === undefined) {
    return [
      finding('KEYCLOAK_PEPPER_UNPROVED', {
        message: 'Keycloak’s provider has a pepper, but proves none.',
        ...countOf(check),
        remedy: ['Replace the provider by the one of this syn2op:', ...PLACE],
      }),
    ]
  }
  return weak(pepper)
}

const weak = (pepper: string): readonly Finding[] => {
  const isSample = isSamplePepper(pepper)
  if (!isSample && pepperBits(pepper) >= STRONG_BITS) return []
  const why = isSample ? 'stands in samples that everybody can read' : 'is short, or made of words'
  return [
    finding('KEYCLOAK_PEPPER_WEAK', {
      message: `The pepper ${why}: who may read Keycloak's server information can find it out by trying, on a machine of their own.`,
      remedy: [
        'See who has a role of realm-management in any realm of this Keycloak.',
        'Accept it: --accept KEYCLOAK_PEPPER_WEAK',
        'Once everybody has logged in, remove the provider with its pepper: syn2op status --upgraded',
      ],
    }),
  ]
}
