import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { backendsOf, pathOf } from '../../../src/testing/backends-of.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('what a rehearsal in a test may use', () => {
  it('is what the environment says, and nothing of it but what is about rehearsals', async () => {
    vi.stubEnv('SYN2OP_REHEARSAL_POSTGRES', 'postgresql://ci:secret@db.example:5433/postgres?sslmode=disable')
    vi.stubEnv('SYN2OP_REHEARSAL_REQUIRE', 'local')
    vi.stubEnv('SYN2OP_MAX_RATE', 'nonsense')
    expect(await backendsOf({})).toMatchObject({
      postgres: { host: 'db.example', port: 5433, user: 'ci', password: 'secret', sslMode: 'disable' },
      wanted: 'local',
    })
  })

  it('is what the test says, where it says something', async () => {
    vi.stubEnv('SYN2OP_REHEARSAL_REQUIRE', 'local')
    vi.stubEnv('SYN2OP_REHEARSAL_MAS_CLI', '/opt/mas/mas-cli')
    vi.stubEnv('SYN2OP_REHEARSAL_PULL', 'always')
    const backends = await backendsOf({
      require: 'containers',
      images: { postgres: 'postgres:17' },
      keycloak: { url: 'https://login.example', adminUser: 'admin', adminPassword: 'secret' },
      keycloakHome: 'keycloak',
    })
    expect(backends).toMatchObject({
      wanted: 'containers',
      masCli: '/opt/mas/mas-cli',
      keycloak: { url: 'https://login.example/', adminUser: 'admin', adminPassword: 'secret' },
      keycloakHome: resolve('keycloak'),
    })
    expect(backends.images.of('postgres')).toBe('postgres:17')
    expect(backends.images.pull).toBe('always')
  })

  it('is not what a syn2op.yaml says that happens to be there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-backends-'))
    await writeFile(join(folder, 'syn2op.yaml'), 'rehearsal:\n  require: containers\nnonsense: true\n')
    vi.spyOn(process, 'cwd').mockReturnValue(folder)
    expect(await backendsOf({})).not.toHaveProperty('wanted')
    await rm(folder, { recursive: true })
  })

  it('refuses what cannot be, by the name that it has in the test', async () => {
    await expect(backendsOf({ postgres: 'mysql://x' })).rejects.toThrow('backends.postgres')
    await expect(
      backendsOf({ keycloak: { url: 'login.example', adminUser: 'a', adminPassword: 'b' } }),
    ).rejects.toThrow('backends.keycloak.url')
  })

  it('is found by a path or a URL', () => {
    expect(pathOf('mapping.yaml')).toBe(resolve('mapping.yaml'))
    expect(pathOf(pathToFileURL('/etc/mapping.yaml'))).toBe('/etc/mapping.yaml')
  })
})
