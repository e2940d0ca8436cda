import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import type { Lease } from '../../../src/rehearsal/leases/lease.ts'
import { takeLease } from '../../../src/rehearsal/leases/take-lease.ts'
import {
  type ImageService,
  type Images,
  imagesOf,
  type Pull,
} from '../../../src/rehearsal/services/containers/images.ts'
import { firstThatWorks } from '../../../src/rehearsal/services/first-that-works.ts'
import { keycloakWays } from '../../../src/rehearsal/services/keycloak/keycloak-ways.ts'
import { masWays } from '../../../src/rehearsal/services/mas/mas-ways.ts'
import type { PostgresService } from '../../../src/rehearsal/services/postgres/postgres-service.ts'
import { postgresWays } from '../../../src/rehearsal/services/postgres/postgres-ways.ts'
import { requireSynapse } from '../../../src/rehearsal/services/synapse/require-synapse.ts'
import { synapseOfPeople } from '../../../src/rehearsal/services/synapse/synapse-of-people.ts'
import { synapseWays } from '../../../src/rehearsal/services/synapse/synapse-ways.ts'
import type { StartContext } from '../../../src/rehearsal/services/way.ts'
import { demoSource } from '../../../src/rehearsal/sources/demo.ts'
import { PROVIDER_ID } from '../../../src/targets/keycloak/provider/provider-jar.ts'
import { whyNoEngine } from '../../support/container-engine.ts'
import { docker } from '../../support/images/docker.ts'
import { admin } from '../../support/keycloak/admin.ts'
import { findMas } from '../../support/mas/installed-mas.ts'
import { whoami } from '../../support/rehearsal/whoami.ts'
import { leaseFolder } from '../../support/rehearsal-process.ts'
import { type SharedEngine, sharedEngine } from '../../support/shared-engine.ts'

const missing = whyNoEngine()
const noMas = findMas()

const PROVIDERS = z.object({
  providers: z.object({ 'password-hashing': z.object({ providers: z.record(z.string(), z.unknown()) }) }),
})

describe.skipIf(missing !== undefined)(
  `a rehearsal’s services in containers${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    const signal = new AbortController().signal
    let engine: SharedEngine
    let root: string
    let lease: Lease
    let context: StartContext
    let postgres: PostgresService

    /** Those of the tests, which act as the official ones. */
    const images = async (...services: readonly ImageService[]): Promise<Images> => {
      const given = await Promise.all(services.map(async (service) => `${service}=${await engine.image(service)}`))
      return imagesOf({ given, pull: 'never' })
    }

    beforeAll(async () => {
      engine = await sharedEngine()
      root = await leaseFolder()
      lease = await takeLease({ root })
      context = { lease, note: () => {}, signal }
      const ways = postgresWays({ images: await images('postgres'), durability: 'throw-away' })
      postgres = await firstThatWorks('PostgreSQL', ways, { wanted: 'containers', context })
    }, 300_000)

    afterAll(async () => {
      await postgres?.stop()
      await lease?.end()
      await rm(dirname(root), { recursive: true, force: true })
      vi.unstubAllEnvs()
    })

    /** Services of the lease whose containers the engine knows, whether they run or not. */
    const services = async (): Promise<readonly string[]> => {
      const mine = ['--filter', `label=syn2op.rehearsal=${lease.id}`, '--format', '{{.Names}}']
      const found = await docker(engine.variables['DOCKER_HOST'], 'ps', '-a', ...mine)
      return found
        .split('\n')
        .map((name) => name.replace(/^.*-(?<service>\w+)-\w+$/u, '$<service>'))
        .toSorted()
    }

    afterEach(async () => expect(await services()).toEqual(['postgres']))

    it('are a Synapse that makes its tables in an empty database, and takes the tokens of the people put into them', async () => {
      const { createDatabase } = postgres
      const source = await demoSource({ accounts: 100, damage: 'all', createDatabase, folder: lease.folder, signal })
      const { serverName, pepper = '' } = source.homeserver
      const synapse = await synapseOfPeople({
        images: await images('synapse'),
        wish: { database: await createDatabase('of_its_own'), serverName, pepper },
        people: source.source,
        wanted: 'containers',
        context,
      })
      expect(synapse.what).toBe(`container ${await engine.image('synapse')}`)
      expect(await services()).toEqual(['postgres', 'synapse'])
      const asked = await Promise.all(DEMO_CANARIES.map(({ accessToken }) => whoami(synapse.url, accessToken)))
      expect(asked).toEqual(DEMO_CANARIES.map(({ localpart }) => `@${localpart}:${DEMO.serverName}`))
      expect(await whoami(synapse.url, 'syt_nobodys')).toBeUndefined()
      await synapse.stop()
      await expect(fetch(synapse.url)).rejects.toThrow('fetch failed')
    })

    it('are refused before anything is begun where the engine has no image of Synapse, and may or can fetch none', async () => {
      const asked = (pull: Pull) => ({
        images: imagesOf({ given: ['synapse=syn2op-no-such-image:never'], pull }),
        wanted: 'containers' as const,
      })
      const notes: string[] = []
      const watched = { note: (message: string) => void notes.push(message), signal }
      await expect(requireSynapse(asked('never'), watched)).rejects.toMatchObject({
        code: 'rehearsal.no-backend',
        problems: [
          {
            message:
              'Synapse in a container: the engine has no image syn2op-no-such-image:never, and none is to be fetched (--pull missing fetches it)',
          },
        ],
      })
      await expect(requireSynapse(asked('missing'), watched)).rejects.toMatchObject({
        code: 'rehearsal.no-backend',
        problems: [{ message: expect.stringContaining('docker pull syn2op-no-such-image:never says why') as string }],
      })
      expect(notes).toEqual(['Fetching the image syn2op-no-such-image:never'])
      const there = { images: await images('synapse'), wanted: 'containers' } as const
      await expect(requireSynapse(there, watched)).resolves.toBeUndefined()
    })

    it('say in Synapse’s own words why it does not start', async () => {
      const wish = { database: await postgres.createDatabase('refused'), serverName: 'no server’s name' }
      const ways = synapseWays({ images: await images('synapse'), wish })
      await expect(firstThatWorks('Synapse', ways, { wanted: 'containers', context })).rejects.toMatchObject({
        code: 'rehearsal.no-backend',
        problems: expect.arrayContaining([
          { message: expect.stringContaining('no server’s name') as string },
        ]) as unknown,
      })
    })

    it('are a Keycloak that has our password provider and an administrator', async () => {
      const ways = keycloakWays({ images: await images('keycloak'), postgres, pepper: 'the pepper of Töne 26' })
      const keycloak = await firstThatWorks('Keycloak', ways, { wanted: 'containers', context })
      expect(await services()).toEqual(['keycloak', 'postgres'])
      const { url, adminUser, adminPassword } = keycloak
      const { providers } = await admin({ url, adminUser, adminPassword }, '').get('serverinfo', PROVIDERS)
      expect(Object.keys(providers['password-hashing'].providers)).toContain(PROVIDER_ID)
      const of = ['--filter', `label=syn2op.rehearsal=${lease.id}`, '--filter', 'name=-keycloak-']
      const container = await docker(engine.variables['DOCKER_HOST'], 'ps', '-q', ...of)
      const inspected = await docker(engine.variables['DOCKER_HOST'], 'inspect', container)
      expect(inspected).toContain('JAVA_OPTS_KC_HEAP=')
      expect(inspected).not.toContain(adminPassword)
      await keycloak.stop()
      await expect(fetch(url)).rejects.toThrow('fetch failed')
    }, 300_000)

    it.skipIf(typeof noMas === 'string')('[mas-cli] are a MAS whose program runs', async () => {
      const ways = masWays({ images: await images('mas'), wanted: 'containers' })
      const mas = await firstThatWorks('MAS', ways, { context })
      expect(mas.what).toBe(`container ${await engine.image('mas')}`)
      await mas.stop()
    })
  },
)
