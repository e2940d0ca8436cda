import type { MasCheck } from '../../../src/targets/mas/check-mas.ts'
import type { MasPasswordScheme } from '../../../src/targets/mas/config/mas-config.ts'
import { SOUND_PEPPER, soundCheck, soundConfig, soundHomeserver } from '../sound-mas.ts'
import { configured, homeserver, inspected, type MasCheckCase } from './case.ts'

/** A secret that only MAS has; no text that could stand in a message by chance. */
export const MAS_SECRET = 'k4-of-mas-alone'

const bcrypt = (change: Partial<MasPasswordScheme>): MasCheck =>
  configured({ passwordSchemes: [{ version: 1, algorithm: 'bcrypt', unicodeNormalization: true, ...change }] })
const secret = (text: string): { readonly secret: Uint8Array } => ({ secret: new TextEncoder().encode(text) })
const provider = soundConfig.providers[0]!

/** Settings of MAS and of Synapse that do not go together. */
export const SETTINGS_CASES: readonly MasCheckCase[] = [
  {
    code: 'MAS_SERVER_NAME',
    when: 'MAS serves another homeserver',
    check: configured({ homeserver: 'localhost:8008' }),
    says: /MAS serves localhost:8008, Synapse is example\.org/,
    remedy: /matrix\.homeserver: example\.org/,
  },
  {
    code: 'MAS_SHARED_SECRET',
    when: 'Synapse and MAS would not know each other',
    check: {
      ...soundCheck,
      config: { ...soundConfig, matrixSecret: MAS_SECRET },
      homeserver: {
        ...soundHomeserver,
        delegation: { enabled: false, at: { file: '/hs.yaml', line: 9, column: 1 }, secret: SOUND_PEPPER },
      },
    },
    says: /`matrix\.secret` of MAS is another one/,
    remedy: /\/hs\.yaml:9/,
  },
  {
    code: 'MAS_NO_BCRYPT_SCHEME',
    when: 'MAS has its default schemes only',
    check: configured({ passwordSchemes: [{ version: 1, algorithm: 'argon2id', unicodeNormalization: false }] }),
    says: /no bcrypt scheme/,
    remedy: /version: 2, algorithm: bcrypt, unicode_normalization: true/,
    count: 5,
  },
  {
    code: 'MAS_PEPPER',
    when: 'MAS has no secret',
    check: bcrypt({}),
    says: /Synapse has a pepper, but the bcrypt scheme with version 1 of MAS has no secret/,
    remedy: /password_config\.pepper/,
  },
  {
    code: 'MAS_PEPPER',
    when: 'Synapse has no pepper',
    check: { ...bcrypt(secret(MAS_SECRET)), homeserver: { ...soundHomeserver, pepper: '' } },
    says: /Synapse has no pepper/,
    remedy: /Remove `secret`/,
  },
  {
    code: 'MAS_PEPPER',
    when: 'they differ',
    check: bcrypt(secret(MAS_SECRET)),
    says: /differ/,
    remedy: /password_config\.pepper/,
    count: 5,
  },
  {
    code: 'MAS_PEPPER',
    when: 'the secret file ends with a line break',
    check: bcrypt(secret(`${SOUND_PEPPER}\n`)),
    says: /with a line break after it/,
    remedy: /byte for byte/,
  },
  {
    code: 'MAS_UNICODE_NORMALIZATION',
    when: 'passwords are not normalised',
    check: bcrypt({ ...secret(SOUND_PEPPER), unicodeNormalization: false, version: 7 }),
    says: /version 7 of MAS lacks `unicode_normalization: true`/,
    remedy: /version 7/,
    count: 5,
  },
  {
    code: 'MAS_NEWEST_SCHEME_UNNORMALISED',
    when: 'the scheme that new hashes get does not normalise',
    check: configured({
      passwordSchemes: [
        { version: 1, algorithm: 'bcrypt', unicodeNormalization: true, ...secret(SOUND_PEPPER) },
        { version: 9, algorithm: 'argon2id', unicodeNormalization: false },
      ],
    }),
    says: /argon2id with version 9/,
    remedy: /version 9/,
  },
  {
    code: 'MAS_PASSWORDS_DISABLED',
    when: 'MAS takes no passwords',
    check: configured({ passwordsEnabled: false }),
    says: /`passwords\.enabled` is false/,
    remedy: /passwords\.enabled: true/,
    count: 5,
  },
  {
    code: 'MAS_PROVIDER_NOT_CONFIGURED',
    when: 'no provider of MAS has the name',
    check: { ...soundCheck, providersInUse: [{ authProvider: 'saml', count: 1 }] },
    says: /no provider for saml \(1 link\): 1 link stays behind/,
    remedy: /^synapse_idp_id: saml$/m,
    count: 1,
  },
  {
    code: 'MAS_PROVIDER_NOT_CONFIGURED',
    when: 'no provider of MAS has any of several names, the emptiest too',
    check: {
      ...soundCheck,
      providersInUse: [
        { authProvider: '', count: 2 },
        { authProvider: 'cas', count: 1200 },
      ],
    },
    says: /no provider for cas \(1,200 links\), \(an empty name\) \(2 links\): 1,202 links stay behind/,
    remedy: /^synapse_idp_id: cas$/m,
    count: 1202,
  },
  {
    code: 'MAS_PROVIDER_ROW_MISSING',
    when: 'config sync has not been run',
    check: inspected({ providers: [] }),
    says: /One \(01ARZ3NDEKTSV4RRFFQ69G5FAV\) is configured but not in the MAS database: 3 links/,
    remedy: /mas-cli config sync/,
    count: 3,
  },
  {
    code: 'MAS_PROVIDER_DISABLED',
    when: 'the provider is switched off',
    check: configured({ providers: [{ ...provider, enabled: false }] }),
    says: /enabled: false/,
    remedy: /enabled: true/,
    count: 3,
  },
  {
    code: 'MAS_PROVIDER_TWICE',
    when: 'two providers claim the name',
    check: configured({
      providers: [provider, { id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', uuid: 'x', synapseIdpId: 'oidc-one', enabled: true }],
    }),
    says: /2 providers of MAS have `synapse_idp_id: oidc-one`/,
    remedy: /at one of One \(01ARZ3NDEKTSV4RRFFQ69G5FAV\), 01ARZ3NDEKTSV4RRFFQ69G5FAW/,
  },
  {
    code: 'OAUTH_DELEGATED',
    when: 'an earlier MAS left its links',
    check: { ...soundCheck, providersInUse: [{ authProvider: 'oauth-delegated', count: 9 }] },
    says: /left 9 links to oauth-delegated/,
    remedy: /--accept OAUTH_DELEGATED/,
    count: 9,
  },
  {
    code: 'GUESTS_ALLOWED',
    when: 'Synapse lets guests in',
    check: homeserver({ allowGuestAccess: true }),
    says: /guests/,
    remedy: /allow_guest_access: false/,
  },
  {
    code: 'SYNAPSE_CONFLICTS_WITH_MAS',
    when: 'settings of Synapse exclude MAS',
    check: homeserver({
      conflictsWithMas: [
        {
          path: 'enable_registration',
          at: { file: '/hs.yaml', line: 7, column: 1 },
          remedy: 'enable_registration: false',
        },
        { path: 'oidc_providers', at: { file: '/sso.yaml', line: 2, column: 1 }, remedy: 'remove oidc_providers' },
      ],
    }),
    says: /enable_registration, oidc_providers/,
    remedy:
      /^Change them after `migrate` and `verify`.*\n\/hs\.yaml:7: enable_registration: false\n\/sso\.yaml:2: remove oidc_providers$/m,
    count: 2,
  },
]
