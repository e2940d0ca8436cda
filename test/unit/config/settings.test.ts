import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeSettings } from '../../../src/config/describe-settings.ts'
import { loadSettings, type SettingsSources } from '../../../src/config/load-settings.ts'
import { SETTING_KEYS } from '../../../src/config/settings.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'syn2op-settings-'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = (name: string, ...lines: readonly string[]) => writeFile(path.join(folder, name), lines.join('\n'))
const load = (sources: Partial<SettingsSources> = {}) => loadSettings({ flags: {}, env: {}, folder, ...sources })
const failure = async (sources: Partial<SettingsSources> = {}): Promise<Syn2opError> => {
  const error: unknown = await load(sources).catch((thrown: unknown) => thrown)
  if (error instanceof Syn2opError) return error
  throw new Error('the settings were accepted, or failed otherwise', { cause: error })
}
const problemsOf = (error: Syn2opError) =>
  error.problems.map(({ message, at }) =>
    at === undefined ? message : `${path.basename(at.file)}:${at.line}:${at.column} ${message}`,
  )

test('without a file, a variable or a flag, only the defaults hold', async () => {
  expect(await load()).toStrictEqual({
    'target.name': { value: ['mas'], origin: 'default' },
    'runs': { value: path.join(folder, 'syn2op-runs'), origin: 'default' },
  })
})

test('everything that a flag can say, the file can say', async () => {
  await write(
    'syn2op.yaml',
    'synapse:',
    '  config: [homeserver.yaml, conf.d/db.yaml]',
    '  database: postgresql://synapse:pw@db/synapse',
    'target:',
    '  name: mas',
    '  config: mas.yaml',
    '  database: postgresql://mas@db/mas',
    'link:',
    '  config: mas.yaml',
    '  database: postgresql://links@db/synapse',
    'mapping: rules.yaml',
    'cohort: pilot',
    'asOf: 2026-11-21T03:00:00+01:00',
    'accept: all-warnings',
    'backup: dumps/mas.dump',
    'plan: agreed.json',
    'pseudonymise: names.key',
    'report: [html=plan.html, json=out/plan.json]',
    'concurrency: 4',
    'limit: 1000',
    'maxRate: 2.5',
    'maxRejected: 5%',
    'runs: night',
    'rehearsal:',
    '  require: containers',
    '  postgres: postgresql://rehearsal:pw@db/postgres',
    '  keycloak: https://login.test.example',
    '  keycloakUser: root',
    '  keycloakPassword: secret',
    '  keycloakHome: keycloak-26',
    '  masCli: bin/mas-cli',
    '  synapsePython: synapse/bin/python',
    '  images: [postgres=postgres:16, keycloak=ours/keycloak]',
    '  registry: registry.example/mirror',
    '  pull: never',
  )
  const settings = await load()
  expect(Object.fromEntries(SETTING_KEYS.map((key) => [key, settings[key]?.value]))).toStrictEqual({
    'synapse.config': [path.join(folder, 'homeserver.yaml'), path.join(folder, 'conf.d/db.yaml')],
    'synapse.database': 'postgresql://synapse:pw@db/synapse',
    'target.name': ['mas'],
    'target.config': [path.join(folder, 'mas.yaml')],
    'target.database': 'postgresql://mas@db/mas',
    'link.config': [path.join(folder, 'mas.yaml')],
    'link.database': 'postgresql://links@db/synapse',
    'mapping': [path.join(folder, 'rules.yaml')],
    'cohort': 'pilot',
    'asOf': '2026-11-21T02:00:00.000Z',
    'accept': ['all-warnings'],
    'backup': path.join(folder, 'dumps/mas.dump'),
    'plan': path.join(folder, 'agreed.json'),
    'pseudonymise': path.join(folder, 'names.key'),
    'report': [
      { kind: 'html', file: path.join(folder, 'plan.html') },
      { kind: 'json', file: path.join(folder, 'out/plan.json') },
    ],
    'concurrency': 4,
    'limit': 1000,
    'maxRate': 2.5,
    'maxRejected': '5%',
    'runs': path.join(folder, 'night'),
    'rehearsal.require': 'containers',
    'rehearsal.postgres': 'postgresql://rehearsal:pw@db/postgres',
    'rehearsal.keycloak': 'https://login.test.example',
    'rehearsal.keycloakUser': 'root',
    'rehearsal.keycloakPassword': 'secret',
    'rehearsal.keycloakHome': path.join(folder, 'keycloak-26'),
    'rehearsal.masCli': path.join(folder, 'bin/mas-cli'),
    'rehearsal.synapsePython': path.join(folder, 'synapse/bin/python'),
    'rehearsal.images': ['postgres=postgres:16', 'keycloak=ours/keycloak'],
    'rehearsal.registry': 'registry.example/mirror',
    'rehearsal.pull': 'never',
  })
  expect(settings.mapping?.origin).toBe(`${path.join(folder, 'syn2op.yaml')}:11`)
})

test('a backup is told by its file, or by when it was made', async () => {
  await write('syn2op.yaml', 'backup: 2026-11-21T03:00:00+01:00')
  expect((await load()).backup?.value).toBe('2026-11-21T03:00:00+01:00')
})

test('a flag wins over a variable, a variable over the file, whichever are given', async () => {
  await write('with.yaml', 'mapping: from-file')
  await write('without.yaml', 'accept: X')
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.boolean(), fc.boolean(), async (flag, variable, file) => {
      const settings = await load({
        flags: { config: file ? 'with.yaml' : 'without.yaml', ...(flag ? { mapping: 'from-flag' } : {}) },
        env: variable ? { SYN2OP_MAPPING: 'from-variable' } : {},
      })
      const winner = flag ? 'from-flag' : variable ? 'from-variable' : file ? 'from-file' : undefined
      expect(settings.mapping?.value).toEqual(winner === undefined ? undefined : [path.join(folder, winner)])
    }),
  )
})

test('lists come from the environment too', async () => {
  const {
    accept,
    report,
    'synapse.config': config,
  } = await load({
    env: {
      SYN2OP_ACCEPT: 'ONE, TWO',
      SYN2OP_REPORT: 'json=a.json',
      SYN2OP_SYNAPSE_CONFIG: `/a.yaml${path.delimiter}b.yaml`,
    },
  })
  expect(accept).toStrictEqual({ value: ['ONE', 'TWO'], origin: 'SYN2OP_ACCEPT' })
  expect(report?.value).toStrictEqual([{ kind: 'json', file: path.join(folder, 'a.json') }])
  expect(config?.value).toStrictEqual(['/a.yaml', path.join(folder, 'b.yaml')])
})

test('every problem of every origin is told at once, with its place, and values are not quoted', async () => {
  await write(
    'syn2op.yaml',
    'mappng: rules.yaml',
    'synapse:',
    '  databse: x',
    '  database: mysql://s3cret',
    'concurrency: 0',
  )
  const error = await failure({
    env: { SYN2OP_REPORT: 'pdf=x.pdf', SYN2OP_TARGT: 'mas' },
    flags: { 'as-of': 'yesterday' },
  })
  expect(error).toMatchObject({ code: 'config.invalid', exitCode: 64 })
  expect(problemsOf(error)).toStrictEqual([
    'syn2op.yaml:1:9 `mappng` is no setting; did you mean `mapping`?',
    'syn2op.yaml:3:12 `synapse.databse` is no setting; did you mean `synapse.database`?',
    'SYN2OP_TARGT is no setting; did you mean SYN2OP_TARGET?',
    'syn2op.yaml:4:13 `synapse.database` must be a URL that begins with postgresql://, or sqlite: and the path of a file',
    'syn2op.yaml:5:14 `concurrency` must be 1 or more',
    'SYN2OP_REPORT is of an unknown kind; known are html, json, text, markdown, csv, junit, sarif, predictions',
    '--as-of must be a time such as 2026-11-21T03:00:00Z',
  ])
  expect(JSON.stringify(error.problems)).not.toContain('s3cret')
})

test('a section that is no map, and a file that is none, are problems', async () => {
  await write('syn2op.yaml', 'target: mas')
  expect(problemsOf(await failure())).toStrictEqual(['syn2op.yaml:1:9 `target` must be a map of keys and values'])
  await write('syn2op.yaml', '- mas')
  expect(problemsOf(await failure())).toStrictEqual(['syn2op.yaml:1:1 the file must be a map of keys and values'])
})

test('a file that was asked for must be there; the one looked for need not', async () => {
  const error = await failure({ flags: { config: 'prod.yaml' } })
  expect(error.code).toBe('config.unreadable')
  expect(error.message).toContain('prod.yaml cannot be read (ENOENT)')
})

test.each(['postgresql://mas:hunter2@db/mas', 'postgresql://db/mas?password=hunter2', 'host=db password=hunter2'])(
  '%s is refused as a flag, and the message names the ways without the password',
  async (url) => {
    const error = await failure({ flags: { 'target-database': url } })
    expect(error).toMatchObject({ code: 'usage.password-in-flag', exitCode: 64 })
    expect(error.next.join('\n')).toMatch(/PGPASSWORD[\s\S]*SYN2OP_TARGET_DATABASE_FILE[\s\S]*target\.databaseFile/u)
    expect(`${error.message}${error.next.join('')}`).not.toContain('hunter2')
  },
)

test('a URL without a password is a fine flag', async () => {
  const { 'target.database': database } = await load({ flags: { 'target-database': 'postgresql://mas@db:5432/mas' } })
  expect(database).toStrictEqual({ value: 'postgresql://mas@db:5432/mas', origin: '--target-database' })
})

test('a secret may stand in a file of its own, named by syn2op.yaml or by a variable', async () => {
  await write('synapse-url', 'postgresql://synapse:one@db/synapse', '')
  await write('mas-url', 'postgresql://mas:two@db/mas', '')
  await write('syn2op.yaml', 'synapse:', '  databaseFile: synapse-url')
  const settings = await load({ env: { SYN2OP_TARGET_DATABASE_FILE: 'mas-url' } })
  expect(settings['synapse.database']?.value).toBe('postgresql://synapse:one@db/synapse')
  expect(settings['target.database']?.value).toBe('postgresql://mas:two@db/mas')
  expect(settings['target.database']?.origin).toBe(`SYN2OP_TARGET_DATABASE_FILE (${path.join(folder, 'mas-url')})`)
})

test('a secret knows its file, and a value of the settings file its place, whatever the folder is called', async () => {
  const downloaded = path.join(folder, 'syn2op (1)')
  await mkdir(downloaded)
  const file = path.join(downloaded, 'syn2op.yaml')
  await writeFile(file, 'synapse:\n  databaseFile: url\nmapping: rules.yaml\n')
  await writeFile(path.join(downloaded, 'url'), 'postgresql://synapse:one@db/synapse\n')
  const settings = await load({ folder: downloaded })
  expect(settings['synapse.database']).toMatchObject({
    at: { file, line: 2 },
    secretFile: path.join(downloaded, 'url'),
  })
  expect(settings.mapping).toMatchObject({ at: { file, line: 3 } })
})

test('a secret and its file at the same origin contradict each other; a missing file is a problem', async () => {
  await write('url', 'postgresql://mas:two@db/mas')
  const both = { SYN2OP_TARGET_DATABASE: 'postgresql://x', SYN2OP_TARGET_DATABASE_FILE: 'url' }
  expect(problemsOf(await failure({ env: both }))).toStrictEqual([
    'SYN2OP_TARGET_DATABASE and SYN2OP_TARGET_DATABASE_FILE both give target.database: keep one',
  ])
  expect(problemsOf(await failure({ env: { SYN2OP_TARGET_DATABASE_FILE: 'none' } }))).toStrictEqual([
    `SYN2OP_TARGET_DATABASE_FILE: ${path.join(folder, 'none')} cannot be read (ENOENT)`,
  ])
})

test('settings are described with their origins and without passwords', async () => {
  const settings = await load({
    env: { SYN2OP_TARGET_DATABASE: 'postgresql://mas:hunter2@db/mas', SYN2OP_REPORT: 'json=a.json' },
  })
  const described = describeSettings(settings)
  expect(described.map(({ key }) => key)).toStrictEqual(SETTING_KEYS)
  expect(described).toContainEqual({
    key: 'target.database',
    value: 'postgresql://mas:…@db/mas',
    origin: 'SYN2OP_TARGET_DATABASE',
  })
  expect(described).toContainEqual({
    key: 'report',
    value: `json=${path.join(folder, 'a.json')}`,
    origin: 'SYN2OP_REPORT',
  })
})

describe('limits and pace', () => {
  const flags = { 'concurrency': '4', 'limit': '1000', 'max-rate': '2.5', 'max-rejected': '5%' }
  const wanted = { concurrency: 4, limit: 1000, maxRate: 2.5, maxRejected: '5%' }
  const given = async (origins: Partial<SettingsSources>): Promise<unknown> => {
    const { concurrency, limit, maxRate, maxRejected } = await load(origins)
    return {
      concurrency: concurrency?.value,
      limit: limit?.value,
      maxRate: maxRate?.value,
      maxRejected: maxRejected?.value,
    }
  }

  test('say the same as flags, in the environment and in the file', async () => {
    expect(await given({ flags })).toStrictEqual(wanted)
    expect(
      await given({
        env: {
          SYN2OP_CONCURRENCY: '4',
          SYN2OP_LIMIT: '1000',
          SYN2OP_MAX_RATE: '2.5',
          SYN2OP_MAX_REJECTED: '5%',
        },
      }),
    ).toStrictEqual(wanted)
    await write('syn2op.yaml', 'concurrency: 4', 'limit: 1000', 'maxRate: 2.5', 'maxRejected: 5%')
    expect(await given({})).toStrictEqual(wanted)
  })

  test('a number of rejected accounts may be a number in the file', async () => {
    await write('syn2op.yaml', 'maxRejected: 25')
    expect((await load({})).maxRejected?.value).toBe('25')
  })

  test('what is none of them is refused, every one of them', async () => {
    const wrong = { 'concurrency': 'many', 'limit': '0', 'max-rate': '-1', 'max-rejected': '101%' }
    expect(problemsOf(await failure({ flags: wrong })).toSorted()).toStrictEqual([
      '--concurrency must be a whole number',
      '--limit must be 1 or more',
      '--max-rate must be more than 0',
      '--max-rejected must be a whole number, or a share from 0% to 100%',
    ])
  })
})

test('variables of syn2op’s own tests are no misspelt settings', async () => {
  const env = { SYN2OP_TEST_REQUIRE: 'all' }
  expect(await load({ env })).toStrictEqual(await load())
  await expect(load({ env: { SYN2OP_REHERSAL_REQUIRE: 'local' } })).rejects.toMatchObject({ code: 'config.invalid' })
})
