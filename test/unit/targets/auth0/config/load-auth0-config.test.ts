import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import type { Auth0Config } from '../../../../../src/targets/auth0/config/auth0-config.ts'
import { loadAuth0Config } from '../../../../../src/targets/auth0/config/load-auth0-config.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth0-yaml-'))
})
afterEach(() => rm(folder, { recursive: true }))

const put = async (name: string, text: string, mode = 0o600): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

const load = async (...texts: readonly string[]): Promise<Auth0Config> =>
  loadAuth0Config(await Promise.all(texts.map((text, index) => put(`${index}.yaml`, text))))

/** What is wrong, each with the line it stands in. */
const problemsOf = async (...texts: readonly string[]): Promise<readonly string[]> => {
  const error: unknown = await load(...texts).catch((thrown: unknown) => thrown)
  if (!(error instanceof Syn2opError)) throw new Error('It was taken', { cause: error })
  expect(error.code).toBe('config.invalid')
  expect(JSON.stringify([error.message, error.problems, error.next])).not.toContain('hidden')
  return error.problems.map(({ at, message }) => (at?.line === undefined ? message : `${at.line}: ${message}`))
}

const SMALLEST = `url: https://tenant.eu.auth0.com
connection: people
plan: essentials
client: { id: syn2op, secret: hidden }
`

describe('auth0.yaml', () => {
  it('needs an address, a connection, a plan and a client, and fills in the rest: the pepper is withheld', async () => {
    expect(await load(SMALLEST)).toEqual({
      files: [join(folder, '0.yaml')],
      url: 'https://tenant.eu.auth0.com',
      client: { id: 'syn2op', secret: 'hidden' },
      connection: 'people',
      plan: 'essentials',
      passwords: 'carry',
      pepper: 'withhold',
      usernames: { unfit: 'escape' },
      email: { without: 'allow' },
      providers: [],
      rate: { share: 0.8 },
    })
  })

  it('says everything that may be said', async () => {
    await put('secret', ' hidden \n')
    const config = await load(`
url: https://tenant.eu.auth0.com/
connection: Username-Password-Authentication
plan: enterprise-bulk
client: { id: syn2op, secret_file: secret }
passwords: carry
pepper: disclose
usernames: { unfit: refuse }
email: { without: refuse }
identity_providers:
  oidc-google: { connection: google-oauth2, strategy: google-oauth2 }
  saml: { connection: corporate, strategy: samlp, link: leave }
  oidc-old: { connection: old, strategy: oidc, link: leave }
application: { id: proof, secret_file: secret }
rate: { share: 1 }
`)

    expect(config).toMatchObject({
      url: 'https://tenant.eu.auth0.com',
      client: { secret: 'hidden' },
      connection: 'Username-Password-Authentication',
      plan: 'enterprise-bulk',
      pepper: 'disclose',
      usernames: { unfit: 'refuse' },
      email: { without: 'refuse' },
      providers: [
        { authProvider: 'oidc-google', id: 'google-oauth2', strategy: 'google-oauth2', link: 'action' },
        { authProvider: 'saml', id: 'corporate', strategy: 'samlp', link: 'leave' },
        { authProvider: 'oidc-old', id: 'old', strategy: 'oidc', link: 'leave' },
      ],
      application: { id: 'proof', secret: 'hidden' },
      rate: { share: 1 },
    })
  })

  it('is joined from several files, a provider of Synapse key by key', async () => {
    const config = await load(
      `${SMALLEST}identity_providers: { saml: { connection: corporate, strategy: samlp } }\n`,
      'plan: free\nidentity_providers: { saml: { link: leave } }\n',
    )

    expect(config).toMatchObject({
      plan: 'free',
      providers: [{ authProvider: 'saml', id: 'corporate', strategy: 'samlp', link: 'leave' }],
    })
  })

  it('gives way to secrets from elsewhere', async () => {
    const file = await put('auth0.yaml', `${SMALLEST.replace(', secret: hidden', '')}application: { id: proof }\n`)

    expect(await loadAuth0Config([file], { secrets: { client: 'one', application: 'two' } })).toMatchObject({
      client: { id: 'syn2op', secret: 'one' },
      application: { id: 'proof', secret: 'two' },
    })
  })

  it('tells every mistake at once, with its line', async () => {
    expect(
      await problemsOf(`url: https://tenant.eu.auth0.com/api/v2
conection: people
plan: gold
client: { secret: hidden, scope: all }
passwords: leave
pepper: disclose
usernames: { unfit: drop }
email: [leave]
identity_providers:
  oidc: google
  saml: { connection: a b, strategy: SAML }
  github: { connection: github, strategy: github, link: scim }
  gone: { strategy: oidc, kind: action }
application: { secret: hidden }
rate: { share: 80 }
`),
    ).toEqual([
      '2: `conection` is no key of this file; did you mean `connection`?',
      '4: `client.scope` is no key of this file',
      '1: `url` has more than a host',
      '4: `client.id` is missing',
      '1: `connection` is missing',
      '3: `plan` is none of free, essentials, professional, enterprise, enterprise-nonproduction, enterprise-bulk',
      '6: `pepper` is disclose, but with `passwords: leave` nothing is sent that needs it',
      '7: `usernames.unfit` is none of escape, leave, refuse',
      '8: `email` must be a map of keys and values',
      '10: `identity_providers.oidc` must be a map of keys and values',
      '10: `identity_providers.oidc.connection` is missing',
      '10: `identity_providers.oidc.strategy` is missing',
      '11: `identity_providers.saml.connection` is no name of a connection',
      '11: `identity_providers.saml.strategy` is no strategy of a connection',
      '12: `identity_providers.github.link` is scim, by which Auth0 makes nobody of the strategy github',
      '13: `identity_providers.gone.kind` is no key of this file',
      '13: `identity_providers.gone.connection` is missing',
      '14: `application.id` is missing',
      '15: `rate.share` must be a number above 0 and at most 1',
    ])
  })

  it.each([
    ['https://me:hidden@tenant.eu.auth0.com', 'holds a user or a password, which nobody asks for'],
    ['https://tenant.eu.auth0.com/?x=hidden', 'has more than a host'],
    ['tenant.eu.auth0.com', 'is no https address'],
    ['http://tenant.eu.auth0.com', 'begins with http: hashes would be sent in clear'],
  ])('refuses the address %s', async (url, problem) => {
    expect(await problemsOf(SMALLEST.replace('https://tenant.eu.auth0.com', url))).toEqual([`1: \`url\` ${problem}`])
  })

  it('may be of this machine without TLS', async () => {
    const at = SMALLEST.replace('https://tenant.eu.auth0.com', 'http://127.0.0.1:4010/')
    expect(await load(at)).toMatchObject({ url: 'http://127.0.0.1:4010' })
  })

  it('refuses to hold a secret where others may read it', async () => {
    const open = await put('open.yaml', SMALLEST, 0o644)
    await expect(loadAuth0Config([open])).rejects.toMatchObject({
      problems: [{ message: `others may read ${open}, which holds a secret`, at: { line: 4 } }],
    })
    const secret = await put('secret', 'hidden', 0o640)
    expect(await problemsOf(`${SMALLEST}application: { id: proof, secret_file: secret }\n`)).toEqual([
      `5: \`application.secret_file\`: others may read ${secret}, which holds a secret`,
    ])
  })

  it.each([
    ['pepper: true', 'pepper` is none of withhold, disclose'],
    ['passwords: [leave]', 'passwords` is none of carry, leave'],
  ])('says which words there are where another value stands: %s', async (line, problem) => {
    expect(await problemsOf(`${SMALLEST}${line}\n`)).toEqual([`5: \`${problem}`])
  })

  it.each([
    ['url: https://sso.example.org\nrealm: matrix\nclient: { id: syn2op, secret: hidden }\n', 'keycloak.yaml'],
    ['matrix: { homeserver: example.org }\ndatabase: { uri: hidden }\nhttp: {}\n', 'MAS’s config.yaml'],
  ])('is told from files of other targets, and not key by key', async (text, called) => {
    expect(await problemsOf(text)).toEqual([`this looks like ${called}, not like auth0.yaml`])
  })

  it('must be there, and named', async () => {
    await expect(loadAuth0Config([join(folder, 'nowhere.yaml')])).rejects.toMatchObject({
      code: 'config.unreadable',
      problems: [{ message: 'is not there', at: { file: join(folder, 'nowhere.yaml') } }],
      next: [expect.stringContaining('auth0.yaml')],
    })
    await expect(loadAuth0Config([])).rejects.toMatchObject({ code: 'config.invalid' })
  })
})
