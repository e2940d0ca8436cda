export type Settings = Readonly<Record<string, unknown>>

/** A homeserver.yaml, as an object, that delegates to a MAS where nobody listens, with more settings. */
export const settingsWithMas = (folder: string, settings: Settings): Settings => ({
  server_name: 'story.example',
  report_stats: false,
  macaroon_secret_key: 'secret',
  trusted_key_servers: [],
  listeners: [],
  database: { name: 'sqlite3', args: { database: `${folder}/homeserver.db` } },
  signing_key: 'ed25519 a_test AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  media_store_path: folder,
  matrix_authentication_service: SOUND_SECTION,
  ...('password_config' in settings ? {} : { password_config: { enabled: false } }),
  ...settings,
})

/** Synapse's section for MAS with nothing wrong in it. */
export const SOUND_SECTION = { enabled: true, endpoint: 'http://127.0.0.1:9/', secret: 'shared' }

export interface RefusedSetting {
  readonly settings: Settings
  /** What Synapse says when it ends. */
  readonly says: string
  /** Where it is found: as a setting to change, or as a file that is not there. */
  readonly found?: 'conflict' | 'unreadable'
  /** Where it stands; else the setting's name. */
  readonly path?: string
  /** What the administrator writes, where the change is no line to copy. */
  readonly writes?: Settings
}

const oidcProvider = {
  issuer: 'http://127.0.0.1:9/',
  client_id: 'synapse',
  client_secret: 'secret',
  user_mapping_provider: { config: { localpart_template: '{{ user.sub }}' } },
}

const section = (settings: Settings): Settings => ({ matrix_authentication_service: { ...SOUND_SECTION, ...settings } })

const module = (name: string): RefusedSetting => ({
  settings: { modules: [{ module: name, config: {} }] },
  says: 'Cannot use password auth provider callbacks',
  path: 'modules[0]',
})

const SSO = 'SSO cannot be enabled'

/**
 * Every setting with which Synapse 1.163.2 does not start beside MAS, alone in its file.
 * Source: config/mas.py, config/experimental.py and module_api of Synapse.
 * @param folder has the templates of a user_consent.
 */
export const settingsAgainstMas = (folder: string): Readonly<Record<string, RefusedSetting>> => ({
  'password_config.enabled': {
    settings: { password_config: { enabled: true } },
    says: 'Password auth cannot be enabled',
  },
  'password_config.enabled, for other things than logins': {
    settings: { password_config: { enabled: 'only_for_reauth' } },
    says: 'Password auth cannot be enabled',
    path: 'password_config.enabled',
  },
  'enable_registration': {
    settings: { enable_registration: true, enable_registration_without_verification: true },
    says: 'Registration cannot be enabled',
  },
  'disable_registration': {
    settings: { disable_registration: false, enable_registration_without_verification: true },
    says: 'Registration cannot be enabled',
  },
  'user_consent': {
    settings: {
      user_consent: { template_dir: folder, version: '1' },
      form_secret: 'secret',
      public_baseurl: 'http://a/',
    },
    says: 'User consent cannot be enabled',
  },
  'oidc_providers': { settings: { oidc_providers: [{ idp_id: 'op', idp_name: 'op', ...oidcProvider }] }, says: SSO },
  'oidc_config': { settings: { oidc_config: { enabled: true, ...oidcProvider } }, says: SSO },
  'saml2_config': {
    settings: {
      saml2_config: { sp_config: { metadata: {} }, user_mapping_provider: { module: 'story_saml.Mapping' } },
    },
    says: SSO,
  },
  'cas_config': { settings: { cas_config: { enabled: true, server_url: 'http://a/' } }, says: SSO },
  'jwt_config': { settings: { jwt_config: { enabled: true, secret: 'secret', algorithm: 'HS256' } }, says: SSO },
  'password_providers': {
    settings: { password_providers: [{ module: 'story_module.PasswordProvider', config: {} }] },
    says: 'Password auth providers cannot be enabled',
  },
  'ldap_config': { settings: { ldap_config: { enabled: true } }, says: 'Password auth providers cannot be enabled' },
  'enable_registration_captcha': {
    settings: { enable_registration_captcha: true, recaptcha_public_key: 'a', recaptcha_private_key: 'b' },
    says: 'CAPTCHA cannot be enabled',
  },
  'login_via_existing_session.enabled': {
    settings: { login_via_existing_session: { enabled: true } },
    says: 'Login via existing session cannot be enabled',
  },
  'refresh_token_lifetime': {
    settings: { refresh_token_lifetime: '1d' },
    says: 'refresh_token_lifetime cannot be set',
  },
  'nonrefreshable_access_token_lifetime': {
    settings: { nonrefreshable_access_token_lifetime: '1d' },
    says: 'nonrefreshable_access_token_lifetime cannot be set',
  },
  'session_lifetime': { settings: { session_lifetime: '1d' }, says: 'session_lifetime cannot be set' },
  'enable_3pid_changes': { settings: { enable_3pid_changes: true }, says: 'enable_3pid_changes cannot be enabled' },
  'experimental_features.msc3861': {
    settings: { experimental_features: { msc3861: { enabled: true } } },
    says: 'experimental_features.msc3861 was removed',
  },
  'experimental_features.msc4108_delegation_endpoint': {
    settings: { experimental_features: { msc4108_enabled: true, msc4108_delegation_endpoint: 'https://a/' } },
    says: 'You cannot have MSC4108 both enabled and delegated',
  },
  'a module that checks passwords': module('ldap_auth_provider.LdapAuthProviderModule'),
  'a module that names people': module('username_from_threepid.UsernameFromThreepid'),
  'a module that judges e-mail addresses': module('threepid_checker.ThreepidChecker'),
  'a module for guests': module('synapse_guest_module.GuestModule'),
  'matrix_authentication_service.enabled': {
    settings: section({ enabled: 'true' }),
    says: 'Input should be a valid boolean',
  },
  'matrix_authentication_service.force_http2': {
    settings: section({ force_http2: 'true' }),
    says: 'Input should be a valid boolean',
  },
  'matrix_authentication_service.endpoint': {
    settings: section({ endpoint: 'localhost:8080' }),
    says: "URL scheme should be 'http' or 'https'",
    writes: section({}),
  },
  'matrix_authentication_service.secret': {
    settings: { matrix_authentication_service: { enabled: true } },
    says: 'You must set a `secret` or `secret_path`',
    writes: section({}),
  },
  'matrix_authentication_service.secret, a number': {
    settings: section({ secret: 12_345 }),
    says: 'Input should be a valid string',
    path: 'matrix_authentication_service.secret',
    writes: section({ secret: '12345' }),
  },
  'matrix_authentication_service.secret_path beside secret': {
    settings: section({ secret_path: `${folder}/secret` }),
    says: '`secret` and `secret_path` cannot be set at the same time',
    path: 'matrix_authentication_service.secret_path',
    writes: section({}),
  },
  'matrix_authentication_service.secret_path to a folder': {
    settings: { matrix_authentication_service: { enabled: true, secret_path: folder } },
    says: 'Path does not point to a file',
    path: 'matrix_authentication_service.secret_path',
    writes: section({}),
  },
  'experimental_features.msc4388_mode': {
    settings: { experimental_features: { msc4388_mode: 'bogus' } },
    says: 'msc4388_mode must be one of',
  },
  'matrix_authentication_service.secret_path to nowhere': {
    settings: { matrix_authentication_service: { enabled: true, secret_path: `${folder}/absent` } },
    says: 'Path does not point to a file',
    found: 'unreadable',
    path: 'matrix_authentication_service.secret_path',
    writes: { matrix_authentication_service: { enabled: true, secret_path: `${folder}/secret` } },
  },
})
