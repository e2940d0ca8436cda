import { describe, expect, it } from 'vitest'
import { DATABASE, KEY, masConfigFiles } from '../../../../support/mas-config-files.ts'

const { load, problemsOf, write } = masConfigFiles()

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
