import { describe, expect, it } from 'vitest'
import { DATABASE, masConfigFiles, SECRETS } from '../../../../support/mas-config-files.ts'

const { load, problemsOf, write } = masConfigFiles()

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
