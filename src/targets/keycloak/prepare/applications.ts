import { v5 } from 'uuid'
import type { Mapping } from '../../../mapping/mapping.ts'
import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import type { Application } from './client-step.ts'

export interface ApplicationsAsked {
  /** Of Keycloak's realm. */
  readonly issuer: string
  readonly mapping: Pick<Mapping, 'usernames' | 'attributes'>
  /** Of Synapse, with a slash at its end; absent: no client is made for it. */
  readonly synapse?: string
  /** What Synapse logs people in by today; absent: nobody knows. */
  readonly providers?: readonly Pick<SynapseProvider, 'authProvider' | 'issuer'>[]
  /** Of MAS, with a slash at its end. */
  readonly mas?: string
}

/** What the configuration of an application must say to sign people in by Keycloak. */
export interface Wiring {
  readonly application: Application
  /** Where the block below belongs. */
  readonly file: string
  readonly block: string
  /** Why who comes new would get another Matrix id than they are called at Keycloak. */
  readonly caution?: string
}

const MATRIX_ID = 'matrix_id'
const LOCALPART = 'matrix_localpart'

/** Templates of usernames that are localparts. */
const LOCALPARTS: readonly string[] = ['{localpart}', '{localpart|lower}']

/** The clients that Keycloak needs, and what Synapse and MAS must be told of them. */
export const wirings = (asked: ApplicationsAsked): readonly Wiring[] => {
  const { localpart, claims, caution } = namesOf(asked.mapping)
  const common = caution === undefined ? {} : { caution }
  return [
    ...(asked.synapse === undefined
      ? []
      : [
          {
            application: synapseClient(asked.synapse, claims),
            file: 'homeserver.yaml',
            block: forSynapse(asked, localpart),
            ...common,
          },
        ]),
    ...(asked.mas === undefined
      ? []
      : [
          {
            application: masClient(asked.mas, asked.issuer, claims),
            file: 'config.yaml of MAS',
            block: forMas(asked.issuer, localpart),
            ...common,
          },
        ]),
  ]
}

/** By which claim the localpart is told: the username, where it is the localpart, or the attribute that has it. */
const namesOf = ({ usernames, attributes = {} }: ApplicationsAsked['mapping']) => {
  const attributeOf = (text: string): string | undefined =>
    Object.entries(attributes).find(([, template]) => template.text === text)?.[0]
  const isLocalpart = usernames === undefined || LOCALPARTS.includes(usernames.from[0]?.text ?? '')
  const mxid = attributeOf('{mxid}')
  const localpart = isLocalpart ? undefined : attributeOf('{localpart}')
  return {
    localpart: localpart === undefined ? 'preferred_username' : LOCALPART,
    claims: {
      ...(mxid === undefined ? {} : { [MATRIX_ID]: mxid }),
      ...(localpart === undefined ? {} : { [LOCALPART]: localpart }),
    },
    ...(isLocalpart || localpart !== undefined
      ? {}
      : {
          caution:
            "The rules make usernames that are no localparts, and no attribute has those: people of Synapse keep their Matrix ids by their links only. Add an attribute with '{localpart}' to the rules.",
        }),
  }
}

const synapseClient = (baseUrl: string, claims: Application['claims']): Application => ({
  id: 'synapse',
  name: 'Synapse',
  clientId: 'synapse',
  redirectUri: `${baseUrl}_synapse/client/oidc/callback`,
  claims,
})

const masClient = (baseUrl: string, issuer: string, claims: Application['claims']): Application => ({
  id: 'mas',
  name: 'Matrix Authentication Service',
  clientId: 'matrix-authentication-service',
  redirectUri: `${baseUrl}upstream/callback/${masProviderId(issuer)}`,
  backchannelLogout: `${baseUrl}upstream/backchannel-logout/${masProviderId(issuer)}`,
  claims,
})

const NAMESPACE = '0c5f3f0a-55e5-5a1c-8f7b-9e0a5d1b7c33'
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ULID_LENGTH = 26

/** MAS's identifier of a provider, a ULID: of the issuer, so that it is the same whenever it is asked for. */
export const masProviderId = (issuer: string): string => {
  const bits = BigInt(`0x${v5(issuer, NAMESPACE).replaceAll('-', '')}`)
  return Array.from({ length: ULID_LENGTH }, (_, place) =>
    CROCKFORD.charAt(Number((bits >> BigInt(5 * (ULID_LENGTH - 1 - place))) & 31n)),
  ).join('')
}

/** JSON is YAML: whatever a value has in it, it stays one value. */
const quoted = (value: string): string => JSON.stringify(value)

const OIDC = 'oidc-'

/** The name that Synapse has for this realm already, or one that is free there. */
const idpIdOf = ({ issuer, providers = [] }: Pick<ApplicationsAsked, 'issuer' | 'providers'>): string => {
  const own = providers.find((one) => one.issuer === issuer && one.authProvider.startsWith(OIDC))
  if (own !== undefined) return own.authProvider.slice(OIDC.length)
  const taken = new Set(providers.map(({ authProvider }) => authProvider))
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'keycloak' : `keycloak-${number}`
    if (!taken.has(`${OIDC}${name}`)) return name
  }
}

const forSynapse = ({ issuer, providers = [] }: ApplicationsAsked, localpart: string): string =>
  [
    'oidc_providers:',
    `  - idp_id: ${idpIdOf({ issuer, providers })}`,
    '    idp_name: Keycloak',
    `    issuer: ${quoted(issuer)}`,
    '    client_id: synapse',
    '    client_secret_path: /etc/matrix-synapse/keycloak-client-secret',
    '    scopes: [openid, profile, email]',
    '    # People of Synapse are known by the links that `syn2op link` writes, never by a name that is the same.',
    '    allow_existing_users: false',
    '    # No backchannel_logout_enabled: whoever logs out of any application of the realm would be logged out of Matrix too, and',
    '    # Synapse would delete the device, with its keys.',
    '    user_mapping_provider:',
    '      config:',
    `        localpart_template: "{{ user.${localpart} }}"`,
    '        display_name_template: "{{ user.name }}"',
    '        email_template: "{{ user.email }}"',
  ].join('\n')

const forMas = (issuer: string, localpart: string): string =>
  [
    'upstream_oauth2:',
    '  providers:',
    `    - id: ${quoted(masProviderId(issuer))}`,
    '      human_name: Keycloak',
    `      issuer: ${quoted(issuer)}`,
    '      client_id: matrix-authentication-service',
    '      client_secret_file: /etc/mas/keycloak-client-secret',
    '      token_endpoint_auth_method: client_secret_basic',
    '      scope: "openid profile email"',
    '      pkce_method: always',
    '      on_backchannel_logout: logout_browser_only',
    '      claims_imports:',
    '        localpart:',
    '          action: require',
    `          template: "{{ user.${localpart} }}"`,
    '          # People of Synapse are known by the links that `syn2op link` writes, never by a name that is the same.',
    '          on_conflict: fail',
    '        displayname:',
    '          action: suggest',
    '          template: "{{ user.name }}"',
    '        email:',
    '          action: suggest',
    '          template: "{{ user.email }}"',
  ].join('\n')
