import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'

const folder = mkdtempSync(join(tmpdir(), 'syn2op-homeserver-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (text: string, name = `${randomUUID()}.yaml`): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const SMALLEST = `server_name: example.org
database:
  name: psycopg2
  args: { user: synapse, password: s3cret, dbname: matrix, host: db, cp_min: 5, cp_max: 10 }
`
const load = (text: string) => loadHomeserver([file(text)])
const withSmallest = (text: string) => load(SMALLEST + text)

const refusal = async (loading: Promise<unknown>): Promise<Syn2opError> => {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Syn2opError) return error
  throw new Error('The configuration was accepted', { cause: error })
}

const problemsOf = async (text: string): Promise<readonly string[]> =>
  (await refusal(load(text))).problems.map(({ message, at }) => `${at?.line}: ${message}`)

describe('the smallest homeserver.yaml', () => {
  it('has Synapse’s defaults', async () => {
    const path = file(SMALLEST)
    expect(await loadHomeserver([path])).toEqual({
      files: [path],
      serverName: 'example.org',
      database: {
        host: 'db',
        port: 5432,
        database: 'matrix',
        user: 'synapse',
        password: 's3cret',
        sslMode: 'prefer',
        connectTimeoutMs: 30_000,
        origin: `${path}:3`,
      },
      passwordsEnabled: true,
      passwordLocalDatabase: true,
      providers: [],
      allowGuestAccess: false,
      enableRegistration: false,
      jwtEnabled: false,
      modules: [],
      passwordProviders: [],
      applicationServices: [],
      unreadable: [],
      userConsent: false,
      registrationRequiresToken: false,
      accountValidityEnabled: false,
      approvalRequired: false,
      workers: [],
      leftSettings: [],
      conflictsWithMas: [],
    })
  })

  it('may have empty sections and keys that are none of our business', async () => {
    const empty = await withSmallest(
      'password_config:\noidc_providers:\nmodules:\nsaml2_config:\nlisteners: [{port: 8008}]\n',
    )
    expect(empty).toMatchObject({ passwordsEnabled: true, providers: [], modules: [], conflictsWithMas: [] })
  })
})

describe('what keeps people out', () => {
  it.each([
    ['account_validity: { enabled: true, period: 6w }', { accountValidityEnabled: true, approvalRequired: false }],
    ['account_validity: { period: 6w }', { accountValidityEnabled: false }],
    [
      'experimental_features: { msc3866: { enabled: true, require_approval_for_new_accounts: true } }',
      { approvalRequired: true, accountValidityEnabled: false },
    ],
    ['experimental_features: { msc3866: { enabled: true } }', { approvalRequired: false }],
    ['experimental_features: { msc3866: { require_approval_for_new_accounts: true } }', { approvalRequired: false }],
  ])('%s', async (settings, wanted) => {
    expect(await withSmallest(`${settings}\n`)).toMatchObject(wanted)
  })
})

describe('settings that MAS needs anew', () => {
  it('are told by their paths where they count', async () => {
    const { leftSettings } = await withSmallest(`registrations_require_3pid: [email]
password_config: { policy: { enabled: true, minimum_length: 15 } }
email: { smtp_host: mail.example.org }
enable_registration_captcha: true
registration_shared_secret: s3cret
oidc_providers:
  - { idp_id: one, user_mapping_provider: { config: { localpart_template: '{{ user.email | localpart_from_email }}' } } }
  - { idp_id: two, user_mapping_provider: { config: { localpart_template: '{{ user.name }}' } } }
`)
    expect(leftSettings).toEqual([
      'registrations_require_3pid',
      'password_config.policy',
      'email',
      'enable_registration_captcha',
      'registration_shared_secret',
      'oidc_providers[0].user_mapping_provider.config.localpart_template',
    ])
  })

  it('are not told where they are empty or off', async () => {
    const { leftSettings } = await withSmallest(`registrations_require_3pid: []
password_config: { policy: { minimum_length: 15 } }
email:
enable_registration_captcha: false
`)
    expect(leftSettings).toEqual([])
  })
})

describe('several files', () => {
  it('replace whole top-level sections, never parts of one', async () => {
    const first = file(`${SMALLEST}password_config: { pepper: old, enabled: false }\nallow_guest_access: true\n`)
    const second = file('password_config: { localdb_enabled: false }\n')
    const config = await loadHomeserver([first, second])
    expect(config).toMatchObject({ passwordsEnabled: true, passwordLocalDatabase: false, allowGuestAccess: true })
    expect(config).not.toHaveProperty('pepper')
    expect(config.files).toEqual([first, second])
  })

  it('may stand in a folder: its *.yaml in sorted order, and an empty one counts for nothing', async () => {
    const conf = join(folder, 'conf.d')
    mkdirSync(join(conf, 'deeper.yaml'), { recursive: true })
    writeFileSync(join(conf, 'b.yaml'), 'server_name: later.example.org\n')
    writeFileSync(join(conf, 'a.yaml'), SMALLEST)
    writeFileSync(join(conf, 'c.yaml'), '# nothing\n')
    writeFileSync(join(conf, 'z.yml'), 'server_name: ignored\n')
    const config = await loadHomeserver([conf])
    expect(config.serverName).toBe('later.example.org')
    expect(config.files.map((path) => path.slice(conf.length + 1))).toEqual(['a.yaml', 'b.yaml', 'c.yaml'])
  })

  it('are all named when they cannot be read', async () => {
    const error = await refusal(loadHomeserver(['/nowhere/a.yaml', '/nowhere/b.yaml']))
    expect(error).toMatchObject({ code: 'config.unreadable', exitCode: 64 })
    expect(error.problems.map(({ at, message }) => `${at?.file}: ${message}`)).toEqual([
      '/nowhere/a.yaml: cannot be read (ENOENT)',
      '/nowhere/b.yaml: cannot be read (ENOENT)',
    ])
  })
})

describe('YAML as PyYAML reads it', () => {
  it('knows yes and off, merge keys and anchors', async () => {
    const config = await load(`
common: &args { user: synapse, host: wrong }
server_name: example.org
allow_guest_access: yes
password_config: { localdb_enabled: off }
database: { name: psycopg2, args: { <<: *args, host: right } }
`)
    expect(config).toMatchObject({ allowGuestAccess: true, passwordLocalDatabase: false })
    expect(config.database).toMatchObject({ user: 'synapse', host: 'right' })
  })

  it.each(['12345678901234567890', '2024-01-31'])('gives the password %s as it is written', async (password) => {
    expect((await load(SMALLEST.replace('s3cret', password))).database?.password).toBe(password)
  })

  it('reports syntax and double keys with their lines, and shows no content', async () => {
    expect(await problemsOf('server_name: a\npassword_config: {}\nserver_name: b\n')).toEqual([
      '3: the same key stands twice in one section',
    ])
    const error = await refusal(load('server_name: a\nregistration_shared_secret: "hunter2\n'))
    expect(error.code).toBe('config.invalid')
    expect(JSON.stringify(error.problems)).not.toContain('hunter2')
  })

  it('does not blow up on aliases of aliases', async () => {
    const level = (n: number): string =>
      `l${n}: &l${n} [${Array(10)
        .fill(`*l${n - 1}`)
        .join(', ')}]\n`
    const bomb = `l0: &l0 [x]\n${Array.from({ length: 30 }, (_, n) => level(n + 1)).join('')}`
    expect((await load(bomb + SMALLEST)).serverName).toBe('example.org')
  })
})

describe('the database', () => {
  it('is SQLite by name, by default, or by the old database_path', async () => {
    const lite = 'server_name: a\n'
    expect(await load(`${lite}database: { name: sqlite3, args: { database: /data/hs.db } }`)).toMatchObject({
      sqlite: '/data/hs.db',
    })
    expect(await load(`${lite}database: { args: { database: /data/hs.db } }`)).toMatchObject({ sqlite: '/data/hs.db' })
    expect(await load(`${lite}database_path: /data/old.db`)).toMatchObject({ sqlite: '/data/old.db' })
  })

  it('is not looked at where a URL says which one to use', async () => {
    const databaseUrl = { host: 'replica', database: 'matrix' } as PostgresSettings
    const text = 'server_name: a\ndatabases: { master: { name: nothing } }\n'
    expect((await loadHomeserver([file(text)], { databaseUrl })).database).toBe(databaseUrl)
  })

  it('is refused by the line of each argument at fault', async () => {
    const text = `server_name: a
database:
  name: psycopg2
  args:
    user: synapse
    password: 1.5
    sslcrl: /x
    port: many
`
    expect(await problemsOf(text)).toEqual([
      '6: `database.args.password` must be a text or a whole number',
      '7: `database.args`: sslcrl cannot be honoured: revocation lists are not supported',
      '8: `database.args`: port is not a whole number from 1 to 65535',
    ])
    expect(await problemsOf('server_name: a\ndatabase: { name: mysql }')).toEqual([
      '2: `database.name` must be psycopg2 or sqlite3',
    ])
    expect(await problemsOf('server_name: a\n')).toEqual(['undefined: `database` is missing'])
  })
})

describe('passwords', () => {
  it.each([
    ['enabled: false', false],
    ['enabled: only_for_reauth', 'only_for_reauth'],
    ['enabled: true', true],
    ['policy: { enabled: true }', true],
  ])('password_config with %s', async (setting, passwordsEnabled) => {
    expect(await withSmallest(`password_config: { ${setting} }`)).toMatchObject({ passwordsEnabled })
  })

  it('are off by default where MAS has the logins already', async () => {
    const config = await withSmallest('matrix_authentication_service: { enabled: true }')
    expect(config.passwordsEnabled).toBe(false)
  })

  it('have the pepper exactly as written, whatever it holds', async () => {
    const pepper = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed())
    await fc.assert(
      fc.asyncProperty(pepper, async (text) => {
        const yaml = stringify(
          { password_config: { pepper: text } },
          { version: '1.1', defaultStringType: 'QUOTE_DOUBLE' },
        )
        const path = file(SMALLEST + yaml, 'pepper.yaml')
        expect((await loadHomeserver([path])).pepper).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  it('refuse a pepper that is no text, without showing it', async () => {
    const error = await refusal(withSmallest('password_config: { pepper: 424242 }'))
    expect(error.problems.map(({ message }) => message)).toEqual(['`password_config.pepper` must be a text'])
    expect(JSON.stringify(error.problems)).not.toContain('424242')
  })
})

describe('SSO providers', () => {
  it('bear the names that Synapse writes to the database', async () => {
    const { providers } = await withSmallest(`
oidc_providers:
  - { idp_id: keycloak, idp_name: K, issuer: "https://sso.example.org/", client_id: matrix, backchannel_logout_enabled: true }
  - { idp_id: oidc, idp_name: Old, backchannel_logout_enabled: false }
saml2_config: { sp_config: { metadata: {} } }
cas_config: { server_url: "https://cas.example.org" }
`)
    expect(providers).toEqual([
      {
        authProvider: 'oidc-keycloak',
        kind: 'oidc',
        issuer: 'https://sso.example.org/',
        clientId: 'matrix',
        path: 'oidc_providers[0]',
        backchannelLogout: true,
      },
      { authProvider: 'oidc', kind: 'oidc', path: 'oidc_providers[1]' },
      { authProvider: 'saml', kind: 'saml', path: 'saml2_config' },
      { authProvider: 'cas', kind: 'cas', issuer: 'https://cas.example.org', path: 'cas_config' },
    ])
  })

  it('count only when they are switched on', async () => {
    const off = await withSmallest(`
oidc_config: { issuer: "https://a" }
saml2_config: { enabled: true }
cas_config: { enabled: false, server_url: x }
jwt_config: { secret: x, algorithm: HS256 }
`)
    expect(off).toMatchObject({ providers: [], jwtEnabled: false, conflictsWithMas: [] })
    const on = await withSmallest(
      'oidc_config: { enabled: true, issuer: "https://a" }\njwt_config: { enabled: true }\n',
    )
    expect(on.providers).toEqual([{ authProvider: 'oidc', kind: 'oidc', issuer: 'https://a', path: 'oidc_config' }])
    expect(on.jwtEnabled).toBe(true)
  })

  it('must have different ids', async () => {
    const twice = `${SMALLEST}oidc_providers:\n  - { idp_id: a }\n  - { idp_id: a }\n`
    expect(await problemsOf(twice)).toEqual(['7: `oidc_providers[0]` and `oidc_providers[1]` have the same idp_id'])
  })
})

describe('modules and password providers', () => {
  it('are known by name, the old LDAP section included', async () => {
    const config = await withSmallest(`
modules: [{ module: my.Module, config: {} }]
password_providers: [{ module: "ldap_auth_provider.LdapAuthProvider" }]
ldap_config: { enabled: true }
`)
    expect(config.modules).toEqual(['my.Module'])
    expect(config.passwordProviders).toEqual([
      'ldap_auth_provider.LdapAuthProvider',
      'ldap_auth_provider.LdapAuthProvider',
    ])
  })

  it('are wrong without a name', async () => {
    expect(await problemsOf(`${SMALLEST}modules:\n  - config: {}\n`)).toEqual(['6: `modules[0].module` is missing'])
  })
})

describe('what keeps Synapse from starting with MAS', () => {
  it.each([
    ['password_config: { enabled: true }', 'password_config.enabled'],
    ['password_config: { enabled: only_for_reauth }', 'password_config.enabled'],
    ['enable_registration: true', 'enable_registration'],
    ['enable_registration: "yes"', 'enable_registration'],
    ['disable_registration: false', 'disable_registration'],
    ['user_consent: { version: 1 }', 'user_consent'],
    ['oidc_providers: [{ idp_id: a }]', 'oidc_providers'],
    ['oidc_config: { enabled: true }', 'oidc_config'],
    ['saml2_config: { config_path: /saml.py }', 'saml2_config'],
    ['cas_config: { server_url: x }', 'cas_config'],
    ['jwt_config: { enabled: true }', 'jwt_config'],
    ['password_providers: [{ module: a }]', 'password_providers'],
    ['ldap_config: { enabled: true }', 'ldap_config'],
    ['enable_registration_captcha: true', 'enable_registration_captcha'],
    ['login_via_existing_session: { enabled: true }', 'login_via_existing_session.enabled'],
    ['refresh_token_lifetime: 24h', 'refresh_token_lifetime'],
    ['nonrefreshable_access_token_lifetime: 86400000', 'nonrefreshable_access_token_lifetime'],
    ['session_lifetime: 1w', 'session_lifetime'],
    ['enable_3pid_changes: true', 'enable_3pid_changes'],
    ['experimental_features: { msc3861: { enabled: false } }', 'experimental_features.msc3861'],
    ['modules: [{ module: ldap_auth_provider.LdapAuthProviderModule }]', 'modules[0]'],
    ['modules: [{ module: username_from_threepid.UsernameFromThreepid }]', 'modules[0]'],
    ['modules: [{ module: threepid_checker.ThreepidChecker }]', 'modules[0]'],
    ['modules: [{ module: synapse_guest_module.GuestModule }]', 'modules[0]'],
    [
      'experimental_features: { msc4108_enabled: true, msc4108_delegation_endpoint: https://a/ }',
      'experimental_features.msc4108_delegation_endpoint',
    ],
    ['matrix_authentication_service: { enabled: "true", secret: a }', 'matrix_authentication_service.enabled'],
    ['matrix_authentication_service: { enabled: , secret: a }', 'matrix_authentication_service.enabled'],
    ['matrix_authentication_service: { force_http2: "yes" }', 'matrix_authentication_service.force_http2'],
    ['matrix_authentication_service: { endpoint: localhost:8080 }', 'matrix_authentication_service.endpoint'],
    ['matrix_authentication_service: { endpoint: "http:localhost" }', 'matrix_authentication_service.endpoint'],
    ['matrix_authentication_service: { endpoint: }', 'matrix_authentication_service.endpoint'],
    ['matrix_authentication_service: { enabled: true }', 'matrix_authentication_service.secret'],
    ['matrix_authentication_service: { enabled: true, secret: "" }', 'matrix_authentication_service.secret'],
    ['matrix_authentication_service: { enabled: true, secret: 1234567890 }', 'matrix_authentication_service.secret'],
    ['matrix_authentication_service: { secret: 0 }', 'matrix_authentication_service.secret'],
    ['matrix_authentication_service: { enabled: true, secret: [a] }', 'matrix_authentication_service.secret'],
    [
      'matrix_authentication_service: { enabled: true, secret: a, secret_path: /not/here }',
      'matrix_authentication_service.secret_path',
    ],
    [
      "matrix_authentication_service: { enabled: true, secret: a, secret_path: '' }",
      'matrix_authentication_service.secret_path',
    ],
    ['matrix_authentication_service: { enabled: false, secret_path: 7 }', 'matrix_authentication_service.secret_path'],
    [
      'matrix_authentication_service: { enabled: true, secret_path: /tmp }',
      'matrix_authentication_service.secret_path',
    ],
    [
      'matrix_authentication_service: { enabled: false, secret_path: /tmp }',
      'matrix_authentication_service.secret_path',
    ],
    [
      'matrix_authentication_service: { enabled: true, secret_path: /dev/null }',
      'matrix_authentication_service.secret_path',
    ],
    ['matrix_authentication_service: { endpoint: 8080 }', 'matrix_authentication_service.endpoint'],
    ["matrix_authentication_service: { endpoint: 'http:///mas' }", 'matrix_authentication_service.endpoint'],
    ['matrix_authentication_service: []', 'matrix_authentication_service'],
    ["matrix_authentication_service: 'on'", 'matrix_authentication_service'],
    ['experimental_features: { msc4388_mode: bogus }', 'experimental_features.msc4388_mode'],
    ['experimental_features: { msc4388_mode: off }', 'experimental_features.msc4388_mode'],
    ['experimental_features: { msc4388_mode: }', 'experimental_features.msc4388_mode'],
    ['experimental_features: [msc3861]', 'experimental_features'],
    ['enable_registration: perhaps', 'enable_registration'],
    ['enable_registration:', 'enable_registration'],
    ['disable_registration:', 'disable_registration'],
    ['login_via_existing_session:', 'login_via_existing_session'],
    ['login_via_existing_session: true', 'login_via_existing_session'],
    ['ldap_config:', 'ldap_config'],
    ['cas_config: true', 'cas_config'],
    ['saml2_config: x', 'saml2_config'],
    ['oidc_config: x', 'oidc_config'],
    ['jwt_config: { enabled: false }', 'jwt_config'],
    ['refresh_token_lifetime: s', 'refresh_token_lifetime'],
    ["session_lifetime: ''", 'session_lifetime'],
    ['refreshable_access_token_lifetime: soon', 'refreshable_access_token_lifetime'],
  ])('%s', async (setting, path) => {
    const { conflictsWithMas } = await withSmallest(setting)
    expect(conflictsWithMas.map((one) => one.path)).toEqual([path])
    // In the line after the smallest file's own, wherever the setting stands in it.
    expect(conflictsWithMas[0]?.at.line).toBe(5)
  })

  it('is all of it found at once, whatever is wrong with the secret', async () => {
    const { conflictsWithMas } = await load(`${SMALLEST}enable_registration: true
enable_3pid_changes: true
matrix_authentication_service: { enabled: true, secret: abcdefghij, secret_path: /not/here }
`)
    expect(conflictsWithMas.map(({ path, remedy }) => [path, remedy])).toEqual([
      ['enable_3pid_changes', 'enable_3pid_changes: false'],
      [
        'matrix_authentication_service.secret_path',
        'keep one of secret and secret_path (under matrix_authentication_service:)',
      ],
      ['enable_registration', 'enable_registration: false'],
    ])
  })

  it('is removed out of braces without # before its line, which would take what stands beside it', async () => {
    const { conflictsWithMas } = await load(`${SMALLEST}experimental_features: {msc3861: {enabled: false},
  msc4108_enabled: true}
`)
    expect(conflictsWithMas.map(({ remedy }) => remedy)).toEqual([
      'remove msc3861 and its value between the braces of experimental_features (what else stands there stays)',
    ])
    const { conflictsWithMas: ofBlock } = await load(`${SMALLEST}experimental_features:
  msc3861: {enabled: false}
`)
    expect(ofBlock.map(({ remedy }) => remedy)).toEqual([
      'remove experimental_features.msc3861 (or put # before each of its lines)',
    ])
  })

  it('comes with the line to write, or with what to remove', async () => {
    const { conflictsWithMas } = await load(`enable_registration: true
password_config:
  enabled: true
modules:
  - module: shared_secret_authenticator.SharedSecretAuthProvider
user_consent: { version: 1 }
${SMALLEST}`)
    expect(conflictsWithMas.map(({ at, remedy }) => `${at.line}: ${remedy}`)).toEqual([
      '3: enabled: false (under password_config:, whose other lines stay)',
      '6: remove user_consent (or put # before each of its lines)',
      '5: remove the entry shared_secret_authenticator.SharedSecretAuthProvider of modules',
      '1: enable_registration: false',
    ])
    const { conflictsWithMas: ofBlocks } = await load(`user_consent:
  version: 1
oidc_providers:

  - idp_id: a
${SMALLEST}`)
    expect(ofBlocks.map(({ at, path }) => `${at.line}: ${path}`)).toEqual(['1: user_consent', '3: oidc_providers'])
    const { conflictsWithMas: ofSection } = await load(`matrix_authentication_service:
  enabled: "yes"
  endpoint: mas.example.org
${SMALLEST}`)
    expect(ofSection.map(({ at, remedy }) => `${at.line}: ${remedy}`)).toEqual([
      '2: enabled: true (under matrix_authentication_service:, without quotes)',
      '3: endpoint: the address of MAS, with http:// or https:// (under matrix_authentication_service:)',
      '1: secret: the secret that MAS has as matrix.secret (under matrix_authentication_service:)',
    ])
  })

  it.each([
    'password_config: { pepper: x }',
    'password_config: {}',
    'password_config: { enabled: false }',
    'registration_shared_secret: x',
    'registration_requires_token: true',
    'allow_guest_access: true',
    'refreshable_access_token_lifetime: 5m',
    'session_lifetime: 0',
    'session_lifetime: 0s',
    'session_lifetime: " +00 d"',
    'oidc_providers: []',
    'enable_registration: true\ndisable_registration: true',
    'enable_3pid_changes: false',
    'modules: [{ module: synapse_auto_accept_invite.InviteAutoAccepter }, { module: nobody.Knows }]',
    'experimental_features: { msc4108_enabled: true }',
    'experimental_features: { msc4388_mode: "off" }',
    'experimental_features: { msc4388_mode: authenticated }',
    'experimental_features:',
    'enable_registration: 0',
    'cas_config: ""',
    'jwt_config: { secret: a, algorithm: HS256 }',
    'refreshable_access_token_lifetime: 5m',
    'refreshable_access_token_lifetime:',
    'experimental_features: { msc4108_delegation_endpoint: https://a/ }',
    'matrix_authentication_service:',
    'matrix_authentication_service: { enabled: false }',
    'matrix_authentication_service: { enabled: true, secret: a, endpoint: "https://[::1]:8080/mas", force_http2: true }',
    'matrix_authentication_service: { enabled: true, secret_path: /not/here }',
  ])('but not %s', async (setting) => {
    expect((await withSmallest(setting)).conflictsWithMas).toEqual([])
  })
})

describe('the server name', () => {
  it.each(['', 'server_name:\n', 'server_name: ""\n'])('must be given: %j', async (text) => {
    expect((await refusal(load(SMALLEST.replace(/^.*\n/, text)))).problems.map(({ message }) => message)).toContain(
      '`server_name` is missing',
    )
  })

  it('must look like one', async () => {
    expect(await problemsOf(SMALLEST.replace('example.org', '"@a:b c"'))).toEqual([
      '1: `server_name` must be a host name, with a port if need be',
    ])
  })
})
