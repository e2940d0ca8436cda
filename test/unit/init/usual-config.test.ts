import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { withUsualConfig } from '../../../src/cli/init-ends.ts'

const folder = mkdtempSync(join(tmpdir(), 'syn2op-usual-'))
afterAll(() => rmSync(folder, { recursive: true }))

const place = (name: string, ...files: readonly string[]): string => {
  for (const file of files) {
    mkdirSync(join(folder, name, file, '..'), { recursive: true })
    writeFileSync(join(folder, name, file), '')
  }
  return join(folder, name)
}
const found = (root: string): unknown =>
  withUsualConfig({}, { folder: join(root, 'here'), root })['synapse.config']?.value

describe('homeserver.yaml where nobody named it', () => {
  it('is the one in the working folder before that of a package', () => {
    const root = place('both', 'here/homeserver.yaml', 'etc/matrix-synapse/homeserver.yaml')
    expect(found(root)).toEqual([join(root, 'here/homeserver.yaml')])
  })

  it('comes with the folder that the Debian package reads over it, when something is in there', () => {
    const root = place('debian', 'etc/matrix-synapse/homeserver.yaml', 'etc/matrix-synapse/conf.d/server_name.yaml')
    expect(found(root)).toEqual([
      join(root, 'etc/matrix-synapse/homeserver.yaml'),
      join(root, 'etc/matrix-synapse/conf.d'),
    ])
    const empty = place('empty', 'etc/matrix-synapse/homeserver.yaml', 'etc/matrix-synapse/conf.d/README')
    expect(found(empty)).toEqual([join(empty, 'etc/matrix-synapse/homeserver.yaml')])
  })

  it('is not looked for where somebody named one, and not made up where there is none', () => {
    const root = place('named', 'here/homeserver.yaml')
    const named = { 'synapse.config': { value: ['/a.yaml'], origin: '--synapse-config' } }
    expect(withUsualConfig(named, { folder: root, root })).toBe(named)
    expect(found(place('none', 'README'))).toBeUndefined()
  })
})
