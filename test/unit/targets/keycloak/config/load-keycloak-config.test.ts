import { execFile } from 'node:child_process'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import { parsePostgresUrl } from '../../../../../src/postgres/url.ts'
import type { KeycloakConfig } from '../../../../../src/targets/keycloak/config/keycloak-config.ts'
import { loadKeycloakConfig } from '../../../../../src/targets/keycloak/config/load-keycloak-config.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keycloak-yaml-'))
})
afterEach(() => rm(folder, { recursive: true }))

const put = async (name: string, text: string, mode = 0o600): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

const load = async (...texts: readonly string[]): Promise<KeycloakConfig> =>
  loadKeycloakConfig(await Promise.all(texts.map((text, index) => put(`${index}.yaml`, text))))

/** What is wrong, each with the line it stands in. */
const problemsOf = async (...texts: readonly string[]): Promise<readonly string[]> => {
  const error: unknown = await load(...texts).catch((thrown: unknown) => thrown)
  if (!(error instanceof Syn2opError)) throw new Error('It was taken', { cause: error })
  expect(error.code).toBe('config.invalid')
  expect(JSON.stringify([error.message, error.problems, error.next])).not.toContain('hidden')
  return error.problems.map(({ at, message }) => (at?.line === undefined ? message : `${at.line}: ${message}`))
}

const SMALLEST = 'url: https://id.example.org\nrealm: people\nclient: { id: syn2op, secret: hidden }\n'

describe('keycloak.yaml', () => {
  it('needs an address, a realm and a client, and fills in the rest', async () => {
    const config = await load(SMALLEST)

    expect(config).toEqual({
      files: [join(folder, '0.yaml')],
      url: 'https://id.example.org',
      realm: 'people',
      client: { id: 'syn2op', secret: 'hidden', realm: 'people' },
      providers: [],
      roles: [],
      groups: [],
      admins: { roles: [], groups: [] },
      requiredActions: [],
      attributes: { emails: 'emails', phones: 'phones' },
    })
  })

  it('says everything that may be said', async () => {
    await put('secret', '  hidden \n')
    await put('database', 'postgresql://keycloak:hidden@db/keycloak\n')
    const config = await load(`
url: https://example.org/auth///
realm: people
client: { id: syn2op, secret_file: secret, realm: master }
identity_providers: { oidc-google: google, saml: corporate }
roles: [member, member]
groups: [/staff, /staff/matrix]
admins: { roles: [operator], groups: [/operators] }
required_actions: [UPDATE_PASSWORD]
attributes: { emails: matrix_emails, phones: matrix_phones }
database: { uri_file: database }
`)

    expect(config).toMatchObject({
      url: 'https://example.org/auth',
      client: { secret: 'hidden', realm: 'master' },
      providers: [
        { authProvider: 'oidc-google', id: 'google' },
        { authProvider: 'saml', id: 'corporate' },
      ],
      roles: ['member'],
      groups: ['/staff', '/staff/matrix'],
      admins: { roles: ['operator'], groups: ['/operators'] },
      requiredActions: ['UPDATE_PASSWORD'],
      attributes: { emails: 'matrix_emails', phones: 'matrix_phones' },
      database: { host: 'db', user: 'keycloak', password: 'hidden', database: 'keycloak' },
    })
  })

  it('is joined from several files: sections key by key, a later list in the place of an earlier', async () => {
    const config = await load(
      `${SMALLEST}roles: [first]\nidentity_providers: { a: one, b: two }\n`,
      'realm: others\nclient: { realm: master }\nroles: [second]\nidentity_providers: { b: three }\n',
    )

    expect(config).toMatchObject({
      realm: 'others',
      client: { id: 'syn2op', secret: 'hidden', realm: 'master' },
      roles: ['second'],
      providers: [
        { authProvider: 'a', id: 'one' },
        { authProvider: 'b', id: 'three' },
      ],
    })
  })

  it('gives way to a database that is named elsewhere', async () => {
    const databaseUrl = parsePostgresUrl('postgresql://me@elsewhere/keycloak', '--target-database')
    const file = await put('keycloak.yaml', `${SMALLEST}database: { uri_file: nowhere }\n`)

    expect((await loadKeycloakConfig([file], { databaseUrl })).database).toBe(databaseUrl)
  })

  it('tells every mistake at once, with its line', async () => {
    expect(
      await problemsOf(`url: ftp://id.example.org
relm: people
client:
  secret: hidden
  secret_file: hidden
  scope: all
identity_providers: { oidc: [google] }
roles: member
groups: [staff]
admins: { groups: [/, /a//b] }
attributes: { emails: e mails, phones: syn2op_run }
database: {}
`),
    ).toEqual([
      '2: `relm` is no key of this file; did you mean `realm`?',
      '6: `client.scope` is no key of this file',
      '1: `url` is no http or https address',
      '1: `realm` is missing',
      '5: `client` has both `secret` and `secret_file`',
      '4: `client.id` is missing',
      '7: `identity_providers.oidc` must be a text that is not empty',
      '11: `attributes.emails` is no name of a user attribute',
      '11: `attributes.phones` is syn2op_run, which is used for something else',
      '8: `roles` must be a list of texts',
      '9: `groups` has "staff", which is no path of a group',
      '10: `admins.groups` has "/", which is no path of a group',
      '10: `admins.groups` has "/a//b", which is no path of a group',
      '12: `database.uri` (or `database.uri_file`) is missing',
    ])
  })

  it('tells a mistake in what everybody gets once, and not of administrators too', async () => {
    expect(await problemsOf(`${SMALLEST}roles: member\ngroups: [staff]\n`)).toEqual([
      expect.stringContaining('`roles` must be'),
      expect.stringContaining('`groups` has "staff"'),
    ])
  })

  it.each([
    ['https://me:hidden@id.example.org', '1: `url` holds a user or a password, which nobody asks for'],
    ['https://id.example.org/?x=hidden', '1: `url` has a query or a fragment'],
    ['id.example.org', '1: `url` is no http or https address'],
  ])('refuses the address %s', async (url, problem) => {
    expect(await problemsOf(SMALLEST.replace('https://id.example.org', url))).toEqual([problem])
  })

  it.each(['..', '.', 'a/b', '""'])('refuses the realm %s, which would lead to another resource', async (realm) => {
    expect(await problemsOf(SMALLEST.replace('people', realm))).toEqual(['2: `realm` is no name of a realm'])
  })

  it('says where people reach Keycloak, where that is another address', async () => {
    expect(await load(`${SMALLEST}public_url: https://login.example.org/auth/\n`)).toMatchObject({
      url: 'https://id.example.org',
      publicUrl: 'https://login.example.org/auth',
    })
    expect(await problemsOf(`${SMALLEST}public_url: login.example.org\n`)).toEqual([
      '4: `public_url` is no http or https address',
    ])
  })

  it('refuses to hold a secret itself where others may read it', async () => {
    const open = await put('open.yaml', SMALLEST, 0o644)
    await expect(loadKeycloakConfig([open])).rejects.toMatchObject({
      problems: [{ message: `others may read ${open}, which holds a secret`, at: { line: 3 } }],
    })
    await put('secret', 'hidden')
    const database = `${SMALLEST.replace('secret: hidden', 'secret_file: secret')}database: { uri: "postgresql://me:hidden@db/k" }\n`
    await expect(loadKeycloakConfig([await put('open.yaml', database, 0o644)])).rejects.toMatchObject({
      problems: [{ message: `others may read ${open}, which holds a secret`, at: { line: 4 } }],
    })
    const none = database.replace('me:hidden', 'me')
    expect(await loadKeycloakConfig([await put('open.yaml', none, 0o644)])).toMatchObject({ database: { host: 'db' } })
  })

  it.skipIf(process.getuid?.() !== 0)(
    "takes a secret of somebody else's who lets us read it, as Docker and Kubernetes do",
    async () => {
      await chown(await put('mounted', 'hidden', 0o440), 1, 1)

      const config = await load(SMALLEST.replace('secret: hidden', 'secret_file: mounted'))

      expect(config.client.secret).toBe('hidden')
    },
  )

  it('refuses a secret in a file that others may read, and one that is not there or empty', async () => {
    const withFile = (name: string): string => SMALLEST.replace('secret: hidden', `secret_file: ${name}`)
    const open = await put('open', 'hidden', 0o640)
    const empty = await put('empty', ' \n')

    expect(await problemsOf(withFile('open'))).toEqual([
      `3: \`client.secret_file\`: others may read ${open}, which holds a secret`,
    ])
    expect(await problemsOf(withFile('empty'))).toEqual([`3: \`client.secret_file\`: the file ${empty} is empty`])
    expect(await problemsOf(withFile('nowhere'))).toEqual([
      `3: \`client.secret_file\`: the file ${join(folder, 'nowhere')} cannot be read (ENOENT)`,
    ])
  })

  it('takes a secret from a pipe, such as /dev/stdin', async () => {
    const pipe = join(folder, 'pipe')
    await promisify(execFile)('mkfifo', ['-m', '600', pipe])
    const written = writeFile(pipe, 'hidden\n')

    expect(await load(SMALLEST.replace('secret: hidden', 'secret_file: pipe'))).toMatchObject({
      client: { secret: 'hidden' },
    })
    await written
  })

  it('is told of a database whose URI is wrong without repeating it', async () => {
    expect(await problemsOf(`${SMALLEST}database: { uri: "mysql://me:hidden@db" }\n`)).toEqual([
      '4: `database.uri`: It is not of the form postgresql://user@host:port/database',
    ])
  })

  it('must be YAML, there, and named', async () => {
    expect(await problemsOf('url: [hidden\n')).not.toEqual([])
    await expect(loadKeycloakConfig([join(folder, 'nowhere.yaml')])).rejects.toMatchObject({
      code: 'config.unreadable',
    })
    await expect(loadKeycloakConfig([])).rejects.toMatchObject({ code: 'config.invalid' })
  })
})
