import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runProgram } from '../../support/run-program.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'syn2op-program-'))
  await writeFile(path.join(folder, 'syn2op.yaml'), 'target:\n  database: postgresql://mas:hunter2@db/mas\n')
})
afterAll(() => rm(folder, { recursive: true }))

const json = (text: string): unknown => JSON.parse(text)

test('a result goes to stdout, and nothing else does', async () => {
  const { code, stdout, stderr } = await runProgram(['config', 'inspect', '--mapping', 'rules.yaml'], { folder })
  expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`rules.yaml  [--mapping]`)
  expect(stdout).toContain('postgresql://mas:…@db/mas')
})

test('with --json the result is one JSON document', async () => {
  const { code, stdout, stderr } = await runProgram(['config', 'inspect', '--json'], { folder })
  expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' })
  expect(json(stdout)).toMatchObject({
    settings: expect.arrayContaining([expect.objectContaining({ key: 'mapping' })]),
  })
  expect(stdout).not.toContain('hunter2')
})

test('an error goes to stderr with its code, and the process ends with its exit code', async () => {
  const { code, stdout, stderr } = await runProgram(['config', 'inspect', '--as-of', 'yesterday'], { folder })
  expect({ code, stdout }).toStrictEqual({ code: 64, stdout: '' })
  expect(stderr).toBe(
    [
      'Error: One setting is wrong (config.invalid)',
      '  --as-of must be a time such as 2026-11-21T03:00:00Z',
      '',
      'Next:',
      '  syn2op config inspect shows every setting with its origin.',
      '',
    ].join('\n'),
  )
})

test('with --json an error is a JSON document on stdout of exactly what may be seen', async () => {
  const { code, stdout } = await runProgram(['config', 'inspect', '--json', '--config', 'none.yaml'], { folder })
  expect(code).toBe(64)
  const message = expect.stringContaining('none.yaml cannot be read (ENOENT)')
  expect(json(stdout)).toStrictEqual({
    error: { code: 'config.unreadable', message, problems: [], next: [], exitCode: 64 },
  })
})

test('a rehearsal refuses a report that cannot be written before it starts anything', async () => {
  const { code, stdout, stderr } = await runProgram(['rehearse', '--demo', '--report', 'html=none/r.html'], { folder })
  expect({ code, stdout }).toStrictEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('none/r.html')
  expect(stderr).not.toContain('Databases on')
})

test.each([['status'], ['runs', 'list'], ['explain', '@anna:example.org']])(
  '%s refuses a report it would not write',
  async (...args) => {
    const { code, stderr } = await runProgram([...args, '--report', 'json=status.json'], { folder })
    expect(code).toBe(64)
    expect(stderr).toContain('writes no report (usage)')
  },
)

test('where an error happened is told only on request', async () => {
  const { stderr } = await runProgram(['config', 'inspect', '--log-level', 'debug', '--config', 'none.yaml'], {
    folder,
  })
  expect(stderr).toMatch(/^ {4}at .*load-settings\.ts/mu)
})

test.each([
  [
    ['auth0', 'action', '--apply'],
    '--apply needs --action-client and --action-secret-file',
    'syn2op auth0 action --help',
  ],
  [['config', 'inspect', '--nonsense'], 'Unknown flag: --nonsense', 'syn2op config inspect --help'],
  [
    ['config', 'inspect', 'extra'],
    'There is no command "config inspect extra"; did you mean "config inspect"?',
    'syn2op config inspect --help',
  ],
  [
    ['config', 'inspct'],
    'There is no command "config inspct"; did you mean "config inspect"?',
    'syn2op config inspect --help',
  ],
])('%j is a usage error', async (args, message, next) => {
  const { code, stdout, stderr } = await runProgram(args, { folder })
  expect({ code, stdout }).toStrictEqual({ code: 64, stdout: '' })
  expect(stderr).toBe(`Error: ${message} (usage)\n\nNext:\n  ${next}\n`)
})

test('an address that is none is a mistake of whoever typed it, and what is in it is not told', async () => {
  const refusal = '--mas-url is no address such as https://matrix.example.org (usage)'
  for (const address of [
    'account.example.org',
    'account.example.org:443',
    'https://admin:hunter2@account.example.org',
  ]) {
    const words = ['verify', '--canaries=none.txt', '--mas-url', address]
    const { code, stderr } = await runProgram(words, { folder })
    expect({ address, code, first: stderr.split('\n')[0] }).toStrictEqual({
      address,
      code: 64,
      first: `Error: ${refusal}`,
    })
    expect(stderr).not.toContain('hunter2')
  }
})

test('the help says of each topic what it is for, and not what one of its commands is', async () => {
  const { stdout } = await runProgram(['--help'], { folder })
  const topics = stdout.replaceAll(/\s+/gu, ' ')
  for (const [topic, about] of Object.entries({
    auth0: 'A tenant of Auth0: prepare it, ask it',
    keycloak: 'A realm of Keycloak: prepare it',
    config: 'Settings',
    mapping: 'Rules for the move',
  })) {
    expect(topics).toContain(`${topic} ${about}`)
  }
})
