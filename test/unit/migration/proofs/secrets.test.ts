import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseCanaries, parseTokens } from '../../../../src/migration/proofs/parse-secrets.ts'
import { readProtected } from '../../../../src/migration/proofs/protected-file.ts'

const failure = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('It did not fail')
}

describe('a file of secrets', () => {
  const written = async (mode: number): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-secrets-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'tokens')
    await writeFile(file, '@alice:example.org PHONE syt_secret\n')
    await chmod(file, mode)
    return file
  }

  test.each([0o600, 0o400])('is read when only its owner can, with mode %o', async (mode) => {
    expect(await readProtected(await written(mode), '--tokens')).toContain('syt_secret')
  })

  test.each([0o640, 0o604, 0o644, 0o620, 0o601])('is refused with mode %o, and the way out is told', async (mode) => {
    const file = await written(mode)
    expect(await failure(() => readProtected(file, '--tokens'))).toMatchObject({
      code: 'usage',
      next: [`Take that away: chmod 600 ${file}`],
    })
  })

  test('that is not there is not named: somebody may have written the secret in its place', async () => {
    const told = await failure(() => readProtected('hunter2hunter2', '--tokens'))
    expect(JSON.stringify(told)).not.toContain('hunter2')
    expect(told).toMatchObject({
      code: 'config.unreadable',
      message: '--tokens names no file that can be read',
    })
  })
})

describe('lines of tokens', () => {
  test('are words or JSON, with blank lines and comments between', () => {
    const text = `# from the old clients
@alice:example.org PHONE syt_1

@alice:example.org - syt_2
{"mxid":"@bob:example.org","device_id":"my phone","token":"syt_3"}\r
{"mxid":"@bob:example.org","device_id":null,"token":"syt_4"}`
    expect(parseTokens(text, 'tokens')).toEqual([
      { mxid: '@alice:example.org', device: 'PHONE', token: 'syt_1' },
      { mxid: '@alice:example.org', token: 'syt_2' },
      { mxid: '@bob:example.org', device: 'my phone', token: 'syt_3' },
      { mxid: '@bob:example.org', token: 'syt_4' },
    ])
  })

  test('that are wrong are all told by their numbers, and none by its text', async () => {
    const text = '@alice:example.org PHONE syt_1\nalice syt_secret\n{"token":"syt_secret"}\n@b:c D syt_secret more\n'
    const error = await failure(() => parseTokens(text, 'tokens'))
    expect(error).toMatchObject({
      code: 'usage',
      problems: [2, 3, 4].map((line) => ({ at: { file: 'tokens', line } })),
    })
    expect(JSON.stringify(error)).not.toContain('syt_secret')
  })

  test('must be there', async () => {
    expect(await failure(() => parseTokens('# nothing\n', 'tokens'))).toMatchObject({ code: 'usage' })
  })
})

test('a password is all that follows the first blank of its line', () => {
  const text = '@alice:example.org correct horse  battery \n{"mxid":"@bob:example.org","password":" # "}\n'
  expect(parseCanaries(text, 'canaries')).toEqual([
    { mxid: '@alice:example.org', password: 'correct horse  battery ' },
    { mxid: '@bob:example.org', password: ' # ' },
  ])
})
