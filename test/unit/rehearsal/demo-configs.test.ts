import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { loadMasConfig } from '../../../src/targets/mas/config/load-mas-config.ts'
import { ulidToUuid } from '../../../src/targets/mas/config/ulid.ts'

const database = (name: string): PostgresSettings => ({
  host: '127.0.0.1',
  port: 54321,
  database: name,
  user: 'postgres',
  password: `p'w: "${name}"`,
  sslMode: 'disable',
  connectTimeoutMs: 10_000,
  origin: 'test',
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-demo-configs-'))
})
afterAll(() => rm(folder, { recursive: true }))

const write = () => writeDemoConfigs(folder, { synapse: database('syn'), mas: database('mas') })

describe('the configurations of a demo', () => {
  it('say how to reach both databases', async () => {
    const files = await write()
    const { database: synapse } = await loadHomeserver([files.homeserver])
    const { database: mas } = await loadMasConfig([files.mas])
    expect(synapse).toMatchObject({
      host: '127.0.0.1',
      port: 54321,
      database: 'syn',
      password: database('syn').password,
    })
    expect(mas).toMatchObject({ host: '127.0.0.1', port: 54321, database: 'mas', password: database('mas').password })
  })

  it('agree with each other about the server, the pepper and the providers', async () => {
    const files = await write()
    const homeserver = await loadHomeserver([files.homeserver])
    const mas = await loadMasConfig([files.mas])
    expect(mas.homeserver).toBe(homeserver.serverName)
    expect(Buffer.from(mas.passwordSchemes[0]?.secret ?? []).toString()).toBe(homeserver.pepper)
    expect(mas.passwordSchemes.map(({ version, algorithm }) => [version, algorithm])).toEqual([
      [1, 'bcrypt'],
      [2, 'argon2id'],
    ])
    expect(mas.passwordSchemes[0]?.unicodeNormalization).toBe(true)
    expect(homeserver.providers.map(({ authProvider }) => authProvider)).toEqual(
      mas.providers.map(({ synapseIdpId }) => synapseIdpId),
    )
  })

  it('have nothing that the homeserver would refuse before the cut-over but its own SSO and passwords', async () => {
    const files = await write()
    const homeserver = await loadHomeserver([files.homeserver])
    expect(homeserver.enableRegistration).toBe(false)
    expect(homeserver.allowGuestAccess).toBe(false)
    expect(homeserver.modules).toEqual([])
  })

  it('register the bridge whose ghosts the homeserver has', async () => {
    const { homeserver: file } = await write()
    const { applicationServices, unreadable } = await loadHomeserver([file])
    expect(unreadable).toEqual([])
    expect(applicationServices).toEqual([
      {
        id: DEMO.appserviceId,
        file: join(folder, 'irc-bridge.yaml'),
        sender: '_irc_bot',
        users: [{ regex: String.raw`@_irc_.*:demo\.example`, exclusive: true }],
        msc4190: true,
      },
    ])
  })

  it('can be read by their owner only, since they hold passwords', async () => {
    await writeFile(join(folder, 'mas.yaml'), 'was: here', { mode: 0o644 })
    const files = await write()
    for (const file of Object.values(files)) expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('name the providers as MAS stores them', () => {
    for (const { ulid, uuid } of DEMO_PROVIDERS) expect(ulidToUuid(ulid)).toBe(uuid)
  })

  it('take another server name', async () => {
    const files = await writeDemoConfigs(folder, {
      synapse: database('s'),
      mas: database('m'),
      serverName: 'other.example',
    })
    expect((await loadHomeserver([files.homeserver])).serverName).toBe('other.example')
    expect(DEMO.serverName).toBe('demo.example')
  })
})
