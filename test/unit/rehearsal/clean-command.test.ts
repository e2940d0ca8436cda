import { afterEach, expect, it, vi } from 'vitest'
import { cleanCommand } from '../../../src/rehearsal/clean-command.ts'

afterEach(() => vi.unstubAllEnvs())

it('the command that ends a rehearsal needs no folder named where that is the usual one', () => {
  vi.stubEnv('TMPDIR', '/tmp')
  expect(cleanCommand('an-id')).toBe('syn2op rehearse --clean an-id')
})

it.each([
  ['/var/tmp', 'TMPDIR=/var/tmp'],
  ['/my files', "TMPDIR='/my files'"],
])('the command that ends a rehearsal with its files in %s says so, as a shell reads it', (folder, named) => {
  vi.stubEnv('TMPDIR', folder)
  expect(cleanCommand('an-id', ['--rehearsal-postgres', 'a&b'])).toBe(
    `${named} syn2op rehearse --clean an-id --rehearsal-postgres 'a&b'`,
  )
})
