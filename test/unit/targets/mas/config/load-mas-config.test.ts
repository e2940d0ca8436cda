import { describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../../../src/postgres/settings.ts'
import { loadMasConfig } from '../../../../../src/targets/mas/config/load-mas-config.ts'
import { DATABASE, failure, KEY, masConfigFiles, SECRETS } from '../../../../support/mas-config-files.ts'

const { load, path, write } = masConfigFiles()

describe('the smallest configuration', () => {
  it("has MAS's defaults", async () => {
    const config = await load(SECRETS + DATABASE)
    expect(config).toMatchObject({
      files: [path('config.yaml')],
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

describe('the secret that MAS shares with Synapse', () => {
  it('stands in the configuration, or in a file that it names', async () => {
    expect((await load(`${SECRETS}${DATABASE}matrix: {secret: shared}\n`)).matrixSecret).toBe('shared')
    await write('shared.secret', 'shared\n')
    expect((await load(`${SECRETS}${DATABASE}matrix: {secret_file: shared.secret}\n`)).matrixSecret).toBe('shared')
  })

  it('is not known where its file is not here, which is no mistake', async () => {
    const config = await load(`${SECRETS}${DATABASE}matrix: {secret_file: /run/secrets/nobody}\n`)
    expect(config).not.toHaveProperty('matrixSecret')
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
      { message: expect.stringContaining('passwords.enabled'), at: { file: path('2.yaml'), line: 3 } },
      { message: expect.stringContaining('secrets.encryption') },
      { message: expect.stringContaining('matrix.homeserver'), at: { file: path('1.yaml'), line: 1 } },
    ])
  })

  it('are all named when they cannot be read', async () => {
    const missing = [path('a.yaml'), path('b.yaml')]
    const error = await failure(loadMasConfig(missing))
    expect(error).toMatchObject({ code: 'config.unreadable', problems: missing.map((file) => ({ at: { file } })) })
  })

  it('are read no further when one is no YAML', async () => {
    const error = await failure(both('a: [', 'b: ]'))
    expect(new Set(error.problems.map(({ at }) => at?.file))).toEqual(new Set([path('1.yaml'), path('2.yaml')]))
  })
})
