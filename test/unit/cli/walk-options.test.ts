import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { walkOptions } from '../../../src/cli/walk-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'syn2op-account-'))
afterAll(() => rmSync(folder, { recursive: true }))

const account = (text: string, mode = 0o600): string => {
  const file = join(folder, `${Math.random()}.txt`)
  writeFileSync(file, text, { mode })
  return file
}

describe('the test account of a walk', () => {
  test('is one line, whose password may have blanks', async () => {
    const file = account('\uFEFF# of the walk\r\n@walker:example.org one foot before \r\n\r\n')
    expect(await walkOptions({ account: file, browser: process.execPath })).toEqual({
      scopes: 'both',
      browser: { executable: process.execPath },
      account: { username: '@walker:example.org', password: 'one foot before ' },
    })
  })

  test('is nobody where none is given: a person logs in', async () => {
    expect(await walkOptions({ 'client-id': 'element' })).toEqual({ scopes: 'both', clientId: 'element' })
  })

  test('is refused where others may read its file', async () => {
    await expect(
      walkOptions({ account: account('walker secret', 0o644), browser: process.execPath }),
    ).rejects.toMatchObject({
      code: 'usage',
      next: [expect.stringContaining('chmod 600')],
    })
  })

  test.each(['', 'walker', 'walker first\nother second\n'])('is refused as %j, without a word of it', async (text) => {
    const error = await walkOptions({ account: account(text), browser: process.execPath }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'usage', next: ['Write one line into it: username password'] })
    expect(JSON.stringify(error)).not.toMatch(/walker|second/u)
  })

  test('is refused with a password too short to be masked where a server repeats it', async () => {
    const flags = { account: account('walker sesame7'), browser: process.execPath }
    const error: unknown = await walkOptions(flags).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('fewer than 8 characters') })
    expect(JSON.stringify(error)).not.toContain('sesame')
  })

  test('is refused without a browser for it, before anybody is asked', async () => {
    const flags = { account: account('walker secret words'), browser: '/nonexistent' }
    await expect(walkOptions(flags)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('/nonexistent is no program'),
    })
  })

  test('is needed where a browser is named', async () => {
    await expect(walkOptions({ browser: '/usr/bin/chromium' })).rejects.toMatchObject({ code: 'usage' })
  })
})
