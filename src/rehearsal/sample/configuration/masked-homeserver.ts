import type { Located, LocatedMap } from '../../../config/yaml/located.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import { knownModule } from '../../../synapse/known-modules.ts'
import { isPresent, isTruthy, valueAt } from '../../../synapse/yaml-truth.ts'
import type { Masker } from '../mask/masker.ts'
import { maskedOidcProvider, maskedUrl, plainAt, present, textAt } from './masked-providers.ts'

type Settings = Readonly<Record<string, unknown>>

export interface MaskedHomeserverOptions {
  readonly homeserver: HomeserverConfig
  /** The sections of homeserver.yaml. */
  readonly root: LocatedMap
  readonly masker: Masker
  /** Of the made-up password; absent where there was none. */
  readonly pepper: string | undefined
  /** Names of the files of the sample that register application services. */
  readonly registrations: readonly string[]
}

/** Switches at the top that syn2op looks at: copied where they are truths or numbers. */
const SWITCHES = [
  'enable_registration',
  'disable_registration',
  'allow_guest_access',
  'registration_requires_token',
  'enable_registration_captcha',
  'enable_3pid_changes',
] as const

/** What a section is in the sample where it stands in the homeserver's: enough to count as there. */
const SECTIONS: Readonly<Record<string, unknown>> = {
  user_consent: { version: '1' },
  email: { smtp_host: 'localhost' },
  registrations_require_3pid: ['email'],
  registration_shared_secret: 'made-up-secret',
  registration_shared_secret_path: 'made-up-secret',
  refresh_token_lifetime: '24h',
  nonrefreshable_access_token_lifetime: '24h',
  session_lifetime: '24h',
}

const durations = (value: Located | undefined): string | undefined =>
  value?.kind === 'scalar' && /^\d{1,9}(?:ms|[smhdwy])?$/u.test(String(value.value)) ? String(value.value) : undefined

/** Whether it stands there as something that counts; a switched-off section is switched off still. */
const section = (root: Located, key: string): unknown => {
  const value = valueAt(root, key)
  if (!isPresent(value)) return undefined
  if (key.endsWith('_lifetime')) return durations(value)
  return isTruthy(value) ? SECTIONS[key] : plainAt(root, key)
}

/** Names of modules that are published say nothing of anybody; others are numbered. */
const moduleName = (name: string, order: number): string => {
  if (knownModule(name) === undefined) return `not_known_${order}.Module`
  const [first = ''] = name.split('.')
  // The only one that is known under a longer name.
  return `${knownModule(first) === undefined ? 'ldap_auth_provider' : first}.Module`
}

const modules = (names: readonly string[]): readonly Settings[] | undefined =>
  names.length === 0 ? undefined : names.map((name, index) => ({ module: moduleName(name, index + 1), config: {} }))

const oidcProviders = (root: Located, masker: Masker): readonly Settings[] | undefined => {
  const listed = valueAt(root, 'oidc_providers')
  if (listed?.kind !== 'list') return undefined
  return listed.items.map((provider, index) => maskedOidcProvider(provider, index + 1, masker))
}

const passwordConfig = (root: Located, pepper: string | undefined): Settings | undefined => {
  if (!isPresent(valueAt(root, 'password_config'))) return undefined
  const word = textAt(root, 'password_config.enabled')
  return present({
    enabled: word === 'only_for_reauth' ? word : plainAt(root, 'password_config.enabled'),
    localdb_enabled: plainAt(root, 'password_config.localdb_enabled'),
    pepper,
    policy: isTruthy(valueAt(root, 'password_config.policy'))
      ? { enabled: plainAt(root, 'password_config.policy.enabled') ?? false }
      : undefined,
  })
}

/** A section of another way to log in. */
const switched = (root: Located, key: string, more: Settings = {}): Settings | undefined =>
  isPresent(valueAt(root, key)) ? present({ enabled: plainAt(root, `${key}.enabled`), ...more }) : undefined

const delegation = (root: Located, masker: Masker): Settings | undefined => {
  const key = 'matrix_authentication_service'
  const endpoint = textAt(root, `${key}.endpoint`)
  return switched(root, key, {
    endpoint: endpoint === undefined ? undefined : maskedUrl(endpoint, masker),
    secret: 'made-up-secret',
  })
}

const workers = ({ workers: all }: HomeserverConfig): Settings | undefined =>
  all.length === 0
    ? undefined
    : Object.fromEntries(all.map((_, index) => [`worker_${index + 1}`, { host: 'localhost', port: 9000 + index }]))

/** The settings that syn2op reads, as they are where they are switches, and made up where they are secrets. */
export const maskedHomeserver = ({
  homeserver,
  root,
  masker,
  pepper,
  registrations,
}: MaskedHomeserverOptions): Settings => {
  const cas = textAt(root, 'cas_config.server_url')
  const issuer = valueAt(root, 'oidc_config')
  const saml = homeserver.providers.some(({ kind }) => kind === 'saml')
  const ldap = homeserver.passwordProviders.filter((name) => name !== 'ldap_auth_provider.LdapAuthProvider')
  return present({
    server_name: masker.servers.of(homeserver.serverName),
    report_stats: false,
    // The loader puts another in its place.
    database: { name: 'psycopg2', args: { host: 'localhost', dbname: 'synapse', user: 'synapse' } },
    password_config: passwordConfig(root, pepper),
    ...Object.fromEntries(SWITCHES.map((key) => [key, plainAt(root, key) ?? wordOf(root, key)])),
    ...Object.fromEntries(Object.keys(SECTIONS).map((key) => [key, section(root, key)])),
    account_validity: switched(root, 'account_validity'),
    login_via_existing_session: switched(root, 'login_via_existing_session'),
    experimental_features: experiments(root),
    app_service_config_files: registrations.length === 0 ? undefined : registrations,
    trusted_key_servers: [],
    oidc_providers: oidcProviders(root, masker),
    oidc_config: issuer === undefined ? undefined : maskedOidcProvider(issuer, 0, masker),
    saml2_config: isPresent(valueAt(root, 'saml2_config'))
      ? saml
        ? { enabled: true, sp_config: { allow_unknown_attributes: true } }
        : { enabled: false }
      : undefined,
    cas_config: switched(root, 'cas_config', { server_url: cas === undefined ? undefined : maskedUrl(cas, masker) }),
    jwt_config: switched(root, 'jwt_config', { secret: 'made-up-secret', algorithm: 'HS256' }),
    modules: modules(homeserver.modules),
    password_providers: modules(ldap),
    ldap_config: switched(root, 'ldap_config'),
    instance_map: workers(homeserver),
    matrix_authentication_service: delegation(root, masker),
  })
}

/** Some switches may be texts such as "true". */
const wordOf = (root: Located, key: string): string | undefined => {
  const text = textAt(root, key)
  return text !== undefined && /^(?:true|false|yes|no|on|off)$/iu.test(text) ? text : undefined
}

const experiments = (root: Located): Settings | undefined => {
  const msc3866 = switched(root, 'experimental_features.msc3866', {
    require_approval_for_new_accounts: plainAt(root, 'experimental_features.msc3866.require_approval_for_new_accounts'),
  })
  const msc3861 = isTruthy(valueAt(root, 'experimental_features.msc3861'))
    ? present({ enabled: plainAt(root, 'experimental_features.msc3861.enabled') ?? false })
    : undefined
  return msc3866 === undefined && msc3861 === undefined ? undefined : present({ msc3866, msc3861 })
}
