import { expect, test } from 'vitest'
import { choosePages } from '../../../../src/readiness/walk/pages/choose-pages.ts'

test('a browser that is no program is said before anything is asked, with the way without one', async () => {
  const open = choosePages({ account: { username: 'a', password: 'b' }, browser: { executable: import.meta.filename } })
  await expect(open()).rejects.toMatchObject({
    code: 'usage',
    message: `--browser: ${import.meta.filename} is no program that can be started`,
    next: [expect.stringContaining('/usr/bin/chromium'), expect.stringContaining('leave --account out')],
  })
})

test('without an account a person goes through the pages, and the client listens on this machine', async () => {
  const pages = await choosePages({})()
  const stop = new AbortController()
  const surroundings = { signal: stop.signal, note: () => undefined } as never
  const login = { as: 'Element X', number: 1, of: 1 }
  const visit = pages.visit('https://op.example/authorize?state=2', surroundings, login)
  expect((await fetch(`${pages.redirectUri.replace('callback', 'other')}?code=1`)).status).toBe(404)
  expect(await (await fetch(`${pages.redirectUri}?code=1&state=2`)).text()).toContain('You may close this window')
  expect(await visit).toEqual({ landed: `${pages.redirectUri}?code=1&state=2`, passed: [] })
  const next = pages.visit('https://op.example/authorize?state=3', surroundings, login)
  stop.abort(new Error('stopped'))
  await expect(next).rejects.toThrow('stopped')
  await pages.close()
})
