import { describe, expect, it } from 'vitest'
import { sqlitePath } from '../../../src/cli/sqlite-path.ts'

const files = ['/etc/synapse/homeserver.yaml', '/etc/synapse/conf.d/database.yaml']
const where = (name: string, ...present: readonly string[]) =>
  sqlitePath({ name, files, folder: '/srv' }, (path) => present.includes(path))

describe('The file that homeserver.yaml names', () => {
  it('is what it says, where it says it in full', () => {
    expect(where('/data/homeserver.db')).toBe('/data/homeserver.db')
  })

  it('is beside a configuration file, or in the working folder, wherever it is', () => {
    expect(where('homeserver.db', '/etc/synapse/homeserver.db')).toBe('/etc/synapse/homeserver.db')
    expect(where('./homeserver.db', '/srv/homeserver.db')).toBe('/srv/homeserver.db')
  })

  it('is told to be missing beside the first one', () => {
    expect(where('homeserver.db')).toBe('/etc/synapse/homeserver.db')
  })

  it('is asked for, where two places have it', () => {
    expect(() => where('homeserver.db', '/etc/synapse/homeserver.db', '/srv/homeserver.db')).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        problems: [{ message: '/etc/synapse/homeserver.db' }, { message: '/srv/homeserver.db' }],
        next: ['Say which: --synapse-database sqlite:/etc/synapse/homeserver.db'],
      }),
    )
  })
})
