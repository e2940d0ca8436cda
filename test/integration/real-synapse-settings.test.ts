import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadHomeserver } from '../../src/synapse/load-homeserver.ts'
import { installSynapse, whyNoSynapse } from '../support/synapse/install.ts'
import { judgeSettings } from '../support/synapse/judge-settings.ts'

type Settings = Readonly<Record<string, unknown>>

const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()
const oidcProvider = {
  idp_id: 'op',
  idp_name: 'op',
  issuer: 'http://127.0.0.1:9/',
  client_id: 'synapse',
  client_secret: 'secret',
  user_mapping_provider: { config: { localpart_template: '{{ user.sub }}' } },
}

const refused = (folder: string): Readonly<Record<string, { readonly settings: Settings; readonly says: string }>> => ({
  'password_config.enabled': { settings: {}, says: 'Password auth cannot be enabled' },
  'enable_registration': {
    settings: { enable_registration: true, enable_registration_without_verification: true },
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
  'oidc_providers': { settings: { oidc_providers: [oidcProvider] }, says: 'SSO cannot be enabled' },
  'cas_config': { settings: { cas_config: { enabled: true, server_url: 'http://a/' } }, says: 'SSO cannot be enabled' },
  'jwt_config': {
    settings: { jwt_config: { enabled: true, secret: 'secret', algorithm: 'HS256' } },
    says: 'SSO cannot be enabled',
  },
  'password_providers': {
    settings: { password_providers: [{ module: 'story_module.PasswordProvider', config: {} }] },
    says: 'Password auth providers cannot be enabled',
  },
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
})

const TAKEN: Readonly<Record<string, Settings>> = {
  'a pepper': { password_config: { enabled: false, pepper: 'pepper' } },
  'a shared secret': { registration_shared_secret: 'secret' },
  'registration_requires_token': { registration_requires_token: true },
  'guests': { allow_guest_access: true },
  'refreshable_access_token_lifetime': { refreshable_access_token_lifetime: '5m' },
  'a session_lifetime of 0': { session_lifetime: 0 },
  'account_validity': { account_validity: { enabled: true, period: '6w' } },
  'empty SSO sections': { oidc_providers: [], cas_config: null, saml2_config: { enabled: false } },
}

describe.skipIf(missing)(
  `Synapse 1.163.2 with matrix_authentication_service enabled${missing ? ` (${missing})` : ''}`,
  () => {
    let folder: string
    const verdicts = new Map<string, string | null>()

    const withMas = (settings: Settings): Settings => ({
      server_name: 'story.example',
      report_stats: false,
      macaroon_secret_key: 'secret',
      suppress_key_server_warning: true,
      database: { name: 'psycopg2', args: { user: 'synapse', dbname: 'synapse' } },
      signing_key: 'ed25519 a_test AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      media_store_path: folder,
      ...('password_config' in settings ? {} : { password_config: { enabled: false } }),
      ...settings,
      matrix_authentication_service: { enabled: true, endpoint: 'http://127.0.0.1:9/', secret: 'shared' },
    })
    const cases = (): Readonly<Record<string, Settings>> => ({
      ...TAKEN,
      ...Object.fromEntries(Object.entries(refused(folder)).map(([path, { settings }]) => [path, settings])),
      'password_config.enabled': { password_config: { enabled: true } },
    })
    const conflicts = async (settings: Settings): Promise<readonly string[]> => {
      const file = join(folder, 'homeserver.yaml')
      await writeFile(file, stringify(withMas(settings)))
      return (await loadHomeserver([file])).conflictsWithMas.map(({ path }) => path)
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'syn2op-settings-'))
      await mkdir(join(folder, 'en'))
      const judged = Object.entries(cases())
      const answers = await judgeSettings(
        await installSynapse('1.163.2'),
        judged.map(([, settings]) => withMas(settings)),
      )
      for (const [index, [name]] of judged.entries()) verdicts.set(name, answers[index] ?? null)
    }, 180_000)
    afterAll(() => rm(folder, { recursive: true }))

    test.each(Object.keys(refused('')))('refuses %s, and we say so before', async (path) => {
      expect(verdicts.get(path)).toContain(refused(folder)[path]?.says)
      expect(await conflicts(cases()[path] ?? {})).toEqual([path])
    })

    test.each(Object.keys(TAKEN))('takes %s, and we have nothing against it', async (name) => {
      expect(verdicts.get(name)).toBeNull()
      expect(await conflicts(TAKEN[name] ?? {})).toEqual([])
    })
  },
)
