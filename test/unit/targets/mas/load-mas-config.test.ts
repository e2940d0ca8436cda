import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import type { PostgresSettings } from '../../../../src/postgres/settings.ts'
import { type LoadMasConfigOptions, loadMasConfig } from '../../../../src/targets/mas/config/load-mas-config.ts'

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
const SECRETS = `secrets:\n  encryption: "${KEY}"\n`
const DATABASE = 'database:\n  uri: postgresql://mas@db.example/mas\n'
const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-mas-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const load = async (content: string, options?: LoadMasConfigOptions) =>
  loadMasConfig([await write('config.yaml', content)], options)

const failure = async (promise: Promise<unknown>): Promise<Syn2opError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Syn2opError) return error
  throw new Error('No Syn2opError was raised', { cause: error })
}

const problemsOf = async (content: string) => {
  const error = await failure(load(content))
  expect(error.code).toBe('config.invalid')
  return error.problems
}

describe('the smallest configuration', () => {
  it("has MAS's defaults", async () => {
    const config = await load(SECRETS + DATABASE)
    expect(config).toMatchObject({
      files: [join(folder, 'config.yaml')],
      homeserver: 'localhost:8008',
      passwordsEnabled: true,
      passwordSchemes: [{ version: 1, algorithm: 'argon2id', unicodeNormalization: false }],
      providers: [],
    })
    expect(Buffer.from(config.encryptionKey).toString('hex')).toBe(KEY)
  })

  it('takes sections that are null as absent', async () => {
    const config = await load(`${SECRETS}${DATABASE}passwords:\nupstream_oauth2:\nmatrix:\n`)
    expect(config.passwordsEnabled).toBe(true)
  })

  it('lets a URL stand for the database, and does not look at the section then', async () => {
    const databaseUrl = { host: 'other' } as PostgresSettings
    const config = await load(`${SECRETS}database: nonsense\n`, { databaseUrl })
    expect(config.database).toBe(databaseUrl)
  })
})

describe('the database', () => {
  const database = async (yaml: string) => (await load(SECRETS + yaml)).database

  it('may be a URI', async () => {
    expect(
      await database('database:\n  uri: postgresql://mas:s%3Acret@db.example:6432/auth?ssl-mode=require\n'),
    ).toEqual({
      host: 'db.example',
      port: 6432,
      user: 'mas',
      password: 's:cret',
      database: 'auth',
      sslMode: 'require',
      connectTimeoutMs: 30_000,
      origin: `${join(folder, 'config.yaml')}:4`,
    })
  })

  it('may be said in parts', async () => {
    const yaml =
      'database:\n  host: db.example\n  port: 5433\n  username: mas\n  password: secret\n  database: auth\n  ssl_mode: verify-full\n  connect_timeout: 5\n'
    expect(await database(yaml)).toMatchObject({
      host: 'db.example',
      port: 5433,
      user: 'mas',
      password: 'secret',
      database: 'auth',
      sslMode: 'verify-full',
      connectTimeoutMs: 5000,
    })
  })

  it("is our user's own when nothing is said of it", async () => {
    const user = userInfo().username
    expect(await database('')).toMatchObject({ user, database: user, port: 5432, sslMode: 'prefer' })
  })

  it('prefers a socket to a host, and trims a password file as MAS does', async () => {
    await write('password', 'secret \n')
    expect(
      await database('database:\n  socket: /run/pg\n  host: db\n  username: mas\n  password_file: password\n'),
    ).toMatchObject({
      host: '/run/pg',
      password: 'secret',
      database: 'mas',
    })
  })

  it('takes TLS files and texts over what the URI says', async () => {
    const yaml =
      'database:\n  uri: postgresql://mas@db/mas?sslrootcert=/old.pem\n  ssl_mode: verify-ca\n  ssl_ca: PEM\n  ssl_certificate_file: /c.pem\n  ssl_key: KEY\n'
    const settings = await database(yaml)
    expect(settings).toMatchObject({ sslMode: 'verify-ca', sslRootCertPem: 'PEM', sslCert: '/c.pem', sslKeyPem: 'KEY' })
    expect(settings).not.toHaveProperty('sslRootCert')
  })

  it.each([
    ['uri and parts', 'uri: postgresql://mas@db/mas\n  host: db', /both `uri` and `host`/],
    ['two passwords', 'host: db\n  password: a\n  password_file: b', /both `password` and `password_file`/],
    ['two authorities', 'host: db\n  ssl_ca: a\n  ssl_ca_file: b', /both `ssl_ca` and `ssl_ca_file`/],
    ['a certificate without key', 'host: db\n  ssl_certificate: a', /`ssl_certificate` but no `ssl_key`/],
    ['a key without certificate', 'host: db\n  ssl_key_file: a', /`ssl_key` but no `ssl_certificate`/],
    ['an unknown mode', 'host: db\n  ssl_mode: full', /`database.ssl_mode` must be one of disable/],
    ['a port in quotes', 'host: db\n  port: "5432"', /`database.port` must be a whole number/],
    ['a URI of something else', 'uri: mysql://mas@db/mas', /`database.uri`: /],
  ])('refuses %s', async (_, yaml, message) => {
    const problems = await problemsOf(`${SECRETS}database:\n  ${yaml}\n`)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ message: expect.stringMatching(message), at: { line: expect.any(Number) } })
  })
})

describe('password schemes', () => {
  const schemes = async (yaml: string) =>
    (await load(`${SECRETS}${DATABASE}passwords:\n  schemes:\n${yaml}`)).passwordSchemes

  it('come with their secrets as bytes', async () => {
    const [bcrypt, argon] = await schemes(
      '    - {version: 1, algorithm: bcrypt, secret: pépper, unicode_normalization: true}\n    - {version: 2, algorithm: argon2id}\n',
    )
    expect(bcrypt).toEqual({
      version: 1,
      algorithm: 'bcrypt',
      unicodeNormalization: true,
      secret: new TextEncoder().encode('pépper'),
    })
    expect(argon).toEqual({ version: 2, algorithm: 'argon2id', unicodeNormalization: false })
  })

  it('take a secret file byte for byte, its line break too, as MAS does', async () => {
    await write('pepper', 'pepper\n')
    const [scheme] = await schemes('    - {version: 1, algorithm: bcrypt, secret_file: pepper}\n')
    expect(Buffer.from(scheme?.secret ?? []).toString()).toBe('pepper\n')
  })

  it.each([
    ['no version', '- {algorithm: bcrypt}', /`passwords.schemes\[0\].version` is missing/],
    ['no algorithm', '- {version: 1}', /`passwords.schemes\[0\].algorithm` is missing/],
    ['an unknown algorithm', '- {version: 1, algorithm: md5}', /must be one of bcrypt, argon2id, pbkdf2/],
    [
      'a version twice',
      '- {version: 1, algorithm: bcrypt}\n    - {version: 1, algorithm: argon2id}',
      /has version 1, as an earlier/,
    ],
    [
      'secret and secret_file',
      '- {version: 1, algorithm: bcrypt, secret: a, secret_file: b}',
      /both `secret` and `secret_file`/,
    ],
    [
      'a secret that is a number',
      '- {version: 1, algorithm: bcrypt, secret: 12345}',
      /`passwords.schemes\[0\].secret` must be a text/,
    ],
    [
      'a file that is not there',
      '- {version: 1, algorithm: bcrypt, secret_file: nowhere}',
      /nowhere cannot be read \(ENOENT\)/,
    ],
    ['an empty list', '[]', /`passwords.schemes` is empty/],
  ])('refuse %s', async (_, yaml, message) => {
    const problems = await problemsOf(`${SECRETS}${DATABASE}passwords:\n  schemes:\n    ${yaml}\n`)
    expect(problems).toMatchObject([{ message: expect.stringMatching(message), at: { line: expect.any(Number) } }])
    expect(JSON.stringify(problems)).not.toContain('12345')
  })
})

describe('providers', () => {
  const withProviders = (yaml: string) => `${SECRETS}${DATABASE}upstream_oauth2:\n  providers:\n${yaml}`

  it('are known by ULID and UUID', async () => {
    const { providers } = await load(
      withProviders(
        `    - {id: ${ULID.toLowerCase()}, synapse_idp_id: oidc-one, issuer: 'https://one.example/', human_name: One}\n    - {id: 01ARZ3NDEKTSV4RRFFQ69G5FAW, enabled: false}\n`,
      ),
    )
    expect(providers).toEqual([
      {
        id: ULID,
        uuid: '01563e3a-b5d3-d676-4c61-efb99302bd5b',
        synapseIdpId: 'oidc-one',
        issuer: 'https://one.example/',
        humanName: 'One',
        enabled: true,
      },
      { id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', uuid: '01563e3a-b5d3-d676-4c61-efb99302bd5c', enabled: false },
    ])
  })

  it.each([
    ['no id', '- {synapse_idp_id: oidc}', /`upstream_oauth2.providers\[0\].id` is missing/],
    ['an id that is no ULID', '- {id: keycloak}', /is no ULID: "keycloak"/],
    [
      'an id twice',
      `- {id: ${ULID}}\n    - {id: ${ULID.toLowerCase()}}`,
      /providers\[1\].id` is 01ARZ3NDEKTSV4RRFFQ69G5FAV, as an earlier/,
    ],
  ])('refuse %s', async (_, yaml, message) => {
    expect(await problemsOf(withProviders(`    ${yaml}\n`))).toMatchObject([
      { message: expect.stringMatching(message) },
    ])
  })
})

describe('the encryption key', () => {
  it('may stand in a file', async () => {
    await write('key', KEY)
    const config = await load(`secrets:\n  encryption_file: key\n${DATABASE}`)
    expect(Buffer.from(config.encryptionKey).toString('hex')).toBe(KEY)
  })

  it.each([
    ['is missing', 'secrets: {}', /`secrets.encryption` \(or `secrets.encryption_file`\) is missing/],
    ['is too short', 'secrets: {encryption: abcd}', /`secrets.encryption` is not 64 hexadecimal digits/],
    [
      'lacks quotes, so that YAML takes it for a number',
      `secrets: {encryption: ${'1'.repeat(64)}}`,
      /`secrets.encryption` must be a text/,
    ],
    [
      'is given twice',
      `secrets: {encryption: "${KEY}", encryption_file: key}`,
      /both `encryption` and `encryption_file`/,
    ],
    ['has a line break in its file', 'secrets: {encryption_file: broken}', /blank or line break/],
  ])('is refused when it %s', async (_, yaml, message) => {
    await write('broken', `${KEY}\n`)
    const problems = await problemsOf(`${yaml}\n${DATABASE}`)
    expect(problems).toMatchObject([{ message: expect.stringMatching(message) }])
    expect(JSON.stringify(problems)).not.toContain('1'.repeat(64))
  })
})

describe('several files', () => {
  const both = async (first: string, second: string) =>
    loadMasConfig([await write('1.yaml', first), await write('2.yaml', second)])

  it('are merged map by map, a later value over an earlier one', async () => {
    const config = await both(
      `${SECRETS}matrix:\n  homeserver: one\n  secret: x\n`,
      `${DATABASE}matrix:\n  homeserver: two\n`,
    )
    expect(config.homeserver).toBe('two')
  })

  it('have their lists joined', async () => {
    const schemes = (yaml: string): string => `passwords:\n  schemes:\n    - ${yaml}\n`
    const config = await both(
      SECRETS + DATABASE + schemes('{version: 1, algorithm: bcrypt}'),
      schemes('{version: 2, algorithm: argon2id}'),
    )
    expect(config.passwordSchemes.map(({ version }) => version)).toEqual([1, 2])
  })

  it('lets null of a later file take an earlier value away', async () => {
    const config = await both(`${SECRETS}${DATABASE}matrix: {homeserver: one}\n`, 'matrix: null\n')
    expect(config.homeserver).toBe('localhost:8008')
  })

  it('shows each problem in its own file', async () => {
    const error = await failure(both('matrix: {homeserver: 1}\n', `${DATABASE}passwords: {enabled: "yes"}\n`))
    expect(error.problems).toMatchObject([
      { message: expect.stringContaining('passwords.enabled'), at: { file: join(folder, '2.yaml'), line: 3 } },
      { message: expect.stringContaining('secrets.encryption') },
      { message: expect.stringContaining('matrix.homeserver'), at: { file: join(folder, '1.yaml'), line: 1 } },
    ])
  })

  it('are all named when they cannot be read', async () => {
    const missing = [join(folder, 'a.yaml'), join(folder, 'b.yaml')]
    const error = await failure(loadMasConfig(missing))
    expect(error).toMatchObject({ code: 'config.unreadable', problems: missing.map((file) => ({ at: { file } })) })
  })

  it('are read no further when one is no YAML', async () => {
    const error = await failure(both('a: [', 'b: ]'))
    expect(new Set(error.problems.map(({ at }) => at?.file))).toEqual(
      new Set([join(folder, '1.yaml'), join(folder, '2.yaml')]),
    )
  })
})
