import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeServer } from '../../src/postgres/describe-server.ts'
import { checkSource } from '../../src/synapse/check-source.ts'
import { checkMas } from '../../src/targets/mas/check-mas.ts'
import {
  type CheckFiles,
  type CheckRoad,
  faultsOfSpeech,
  GITHUB,
  makeCheckRoad,
  type Said,
  SECRETS,
  say,
} from '../support/check-says.ts'
import { testPostgres } from '../support/postgres.ts'
import { soundCheck, soundInspection } from '../support/sound-mas.ts'

const postgres = testPostgres()
let road: CheckRoad

const ACCEPT = ['--accept', 'all-warnings']

const expectSaid = async (
  code: number,
  words: readonly string[],
  files: CheckFiles = {},
  args = ACCEPT,
): Promise<Said> => {
  const said = await say(road, expect.getState().currentTestName ?? '', ['check', ...args], files)
  for (const word of words) expect(said.words).toContain(word)
  expect(faultsOfSpeech(said)).toEqual([])
  expect(said.code).toBe(code)
  return said
}

interface MasYaml {
  readonly passwords: { schemes: Record<string, unknown>[] }
  readonly upstream_oauth2: { providers: Record<string, unknown>[] }
}

const changedMas = async (change: (yaml: MasYaml) => void): Promise<CheckFiles> => ({
  mas: await road.changed('mas', (yaml) => change(yaml as unknown as MasYaml)),
})

beforeAll(async () => {
  road = await makeCheckRoad(postgres, 'check_settings')
})

afterAll(() => road?.remove())

describe('check, about the settings of both sides,', () => {
  it('says that MAS serves another homeserver', async () => {
    const mas = await road.changed('mas', (yaml) =>
      Object.assign(yaml['matrix'] as object, { homeserver: 'other.example' }),
    )
    await expectSaid(10, ['MAS_SERVER_NAME', 'other.example', 'demo.example'], { mas })
  })

  it('says that the peppers differ', async () => {
    const files = await changedMas(({ passwords }) =>
      Object.assign(passwords.schemes[0] ?? {}, { secret: SECRETS.wrong }),
    )
    await expectSaid(10, ['MAS_PEPPER', 'password_config.pepper'], files)
  })

  it('says that passwords are not normalised', async () => {
    const files = await changedMas(({ passwords }) => delete passwords.schemes[0]?.['unicode_normalization'])
    await expectSaid(10, ['MAS_UNICODE_NORMALIZATION', 'unicode_normalization: true'], files)
  })

  it('says that there is no bcrypt scheme', async () => {
    const files = await changedMas(({ passwords }) => void passwords.schemes.shift())
    await expectSaid(10, ['MAS_NO_BCRYPT_SCHEME', 'algorithm: bcrypt'], files)
  })

  it('warns of a provider that MAS does not know, and of how many links', async () => {
    const files = await changedMas(({ upstream_oauth2 }) => {
      upstream_oauth2.providers = upstream_oauth2.providers.filter(({ id }) => id !== GITHUB?.ulid)
    })
    const [links] = await postgres.execute(
      road.synapse,
      `SELECT count(*)::integer AS count FROM user_external_ids WHERE auth_provider = '${GITHUB?.authProvider}'`,
    )
    expect(links?.['count']).toBeGreaterThan(0)
    const words = [
      'MAS_PROVIDER_NOT_CONFIGURED',
      `(${links?.['count']} links)`,
      `synapse_idp_id: ${GITHUB?.authProvider}`,
    ]
    await expectSaid(11, words, files, [])
  })
})

describe('check, about its files,', () => {
  it('says where a YAML file breaks off', async () => {
    const mas = await road.write('broken.yaml', 'database:\n  host: [localhost\n')
    await expectSaid(64, ['broken.yaml:', '(config.invalid)'], { mas })
  })

  it('says that a file does not exist', async () => {
    await expectSaid(64, ['absent.yaml', '(config.unreadable)'], { homeserver: join(road.folder, 'absent.yaml') })
  })

  it('says which key of syn2op.yaml it does not know, where, and which was meant', async () => {
    const file = await road.write('syn2op.yaml', 'target:\n  confg: mas.yaml\n')
    await expectSaid(64, [`${file}:2`, 'confg', 'did you mean', 'target.config'], {}, ['--config', file])
    await rm(file)
  })

  it('says which rule of the mapping it does not know, where, and which was meant', async () => {
    const file = await road.write('rules.yaml', 'version: 1\naccounts:\n  guest: hold_back\n')
    await expectSaid(64, [`${file}:3`, '`accounts.guest` is no rule', '(mapping.invalid)'], {}, ['--mapping', file])
  })

  it('says that the file of a SQLite homeserver is not there, and how to name it elsewhere', async () => {
    const homeserver = await road.changed('homeserver', (yaml) => {
      yaml['database'] = { name: 'sqlite3', args: { database: '/data/homeserver.db' } }
    })
    await expectSaid(64, ['no file /data/homeserver.db', '--synapse-database sqlite:/', '(config.unreadable)'], {
      homeserver,
    })
  })

  it('says that no finding has the code given', async () => {
    const said = await say(road, 'check, about its files, > says that no finding has the code given', [
      'check',
      '--accept',
      'GUEST',
    ])
    expect(said.words).toContain('No finding has the code GUEST')
    expect(said.code).toBe(64)
  })
})

describe('check, about its flags,', () => {
  it.each(['--synapse-database', '--target-database'])(
    'refuses a password in %s, and names other ways',
    async (flag) => {
      const url = `postgresql://somebody:${SECRETS.wrong}@localhost/some_db`
      const said = await expectSaid(64, [flag, '(usage.password-in-flag)'], {}, [flag, url])
      expect(said.words).toMatch(/SYN2OP_(SYNAPSE|TARGET)_DATABASE/)
    },
  )
})

describe('check, about PostgreSQL 13,', () => {
  const version = { version: '13.21', versionNum: 130_021 }

  it('says that the server of Synapse is too old', async () => {
    const client = await postgres.superuser()
    const server = await describeServer(client)
    await client.end()
    const findings = checkSource({
      server: { ...server, ...version },
      catalogue: { schema: 'public', tables: new Map() },
      state: { unreadable: [], filtered: [], backgroundUpdates: [], schemaVersion: 94 },
      activity: { connections: [], transactions: 0 },
    })
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'SYNAPSE_POSTGRES_TOO_OLD',
        severity: 'error',
        message: expect.stringContaining('13.21'),
      }),
    )
  })

  it('says that the server of MAS is too old', () => {
    const inspection = { ...soundInspection, serverVersion: '13.21', serverVersionNumber: 130_021 }
    expect(checkMas({ ...soundCheck, inspection })).toContainEqual(
      expect.objectContaining({
        code: 'MAS_POSTGRES_TOO_OLD',
        severity: 'error',
        message: expect.stringContaining('13.21'),
      }),
    )
  })
})
