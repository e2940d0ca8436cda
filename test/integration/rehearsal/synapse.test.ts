import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { fillDemoHomeserver } from '../../../src/rehearsal/demo/fill.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import { firstThatWorks } from '../../../src/rehearsal/services/first-that-works.ts'
import { synapseOfPeople } from '../../../src/rehearsal/services/synapse/synapse-of-people.ts'
import type { SynapseWish } from '../../../src/rehearsal/services/synapse/synapse-service.ts'
import { synapseWays } from '../../../src/rehearsal/services/synapse/synapse-ways.ts'
import { answering } from '../../support/answering.ts'
import { testPostgres } from '../../support/postgres.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'
import { whoami } from '../../support/rehearsal/whoami.ts'
import { installSynapse } from '../../support/synapse/install.ts'

const postgres = testPostgres()
const images = imagesOf({ given: [], pull: 'never' })

let python: string

beforeAll(async () => {
  ;({ python } = await installSynapse('1.163.2'))
})

/** An empty database for the demo's homeserver. */
const wishFor = async (name: string): Promise<SynapseWish> => ({
  database: await postgres.createDatabase(name, { encoding: 'UTF8' }),
  serverName: DEMO.serverName,
  pepper: DEMO.pepper,
})

/** The demo's people in the tables of a version that syn2op reads, and no others. */
const demoPeople = async (name: string, version: '1.91.2' | '1.163.2') => {
  const database = await postgres.createDatabase(name, { encoding: 'UTF8' })
  const client = await postgres.superuser(name)
  try {
    for (const statement of synapseDdl(version)) await client.query(statement)
    await fillDemoHomeserver(client, { accounts: 50, damage: 'all', version })
  } finally {
    await client.end()
  }
  return database
}

const TOKENS = DEMO_CANARIES.map(({ accessToken }) => accessToken)
const BEARERS = DEMO_CANARIES.map(({ localpart }) => `@${localpart}:${DEMO.serverName}`)

const bearersAt = (url: string) => Promise.all(TOKENS.map((token) => whoami(url, token)))

const login = async (url: string, user: string, password: string) => {
  const body = JSON.stringify({ type: 'm.login.password', identifier: { type: 'm.id.user', user }, password })
  const { status } = await fetch(new URL('_matrix/client/v3/login', url), { method: 'POST', body })
  return status
}

describe('a throw-away Synapse of this machine', () => {
  it('makes its tables in an empty database, knows nobody, and is gone after its end', async () => {
    const context = await throwAwayContext()
    const ways = synapseWays({ images, python, wish: await wishFor('synapse_of_nobody') })
    const synapse = await firstThatWorks('Synapse', ways, { wanted: 'local', context })
    expect(synapse.what).toBe(`Synapse 1.163.2 of ${python}`)
    expect(context.belongings).toMatchObject([{ kind: 'program' }])
    expect(await bearersAt(synapse.url)).toEqual(TOKENS.map(() => undefined))
    await synapse.stop()
    await synapse.stop()
    expect(context.belongings).toEqual([])
    await expect(fetch(synapse.url)).rejects.toThrow('fetch failed')
    expect(await postgres.execute('synapse_of_nobody', 'SELECT name FROM users')).toEqual([])
  })

  it.each(['1.91.2', '1.163.2'] as const)(
    'takes tokens and passwords of the people of a Synapse %s',
    async (version) => {
      const context = await throwAwayContext()
      const people = await demoPeople(`people_${version}`, version)
      const wish = await wishFor(`synapse_of_${version}`)
      const synapse = await synapseOfPeople({ images, python, wish, people, wanted: 'local', context })
      expect(await bearersAt(synapse.url)).toEqual(BEARERS)
      const { password } = DEMO_CANARIES.find(({ localpart }) => localpart === 'alice')?.password ?? {}
      expect(await login(synapse.url, 'alice', password ?? '')).toBe(200)
      expect(await login(synapse.url, 'alice', 'another')).toBe(403)
      await synapse.stop()
      expect(context.notes).toEqual([`Synapse: ${synapse.what}`])
    },
  )

  it('leaves tokens to a MAS, and takes no passwords, where that has the logins', async () => {
    const bearer = { active: true, scope: 'urn:matrix:client:api:*', username: 'bob', device_id: 'BOBLAPTOP' }
    const mas = await answering(() => ({ body: JSON.stringify(bearer) }))
    onTestFinished(mas.stop)
    const context = await throwAwayContext()
    const people = await demoPeople('people_of_mas', '1.163.2')
    const { pepper: _, ...wish } = await wishFor('synapse_of_mas')
    const delegation = { endpoint: mas.url, secret: 'known to both' }
    const synapse = await synapseOfPeople({
      images,
      python,
      wish: { ...wish, delegation },
      people,
      wanted: 'local',
      context,
    })
    expect(await whoami(synapse.url, 'mat_of_mas')).toBe(`@bob:${DEMO.serverName}`)
    expect(await login(synapse.url, 'alice', 'whatever')).toBe(404)
    await synapse.stop()
  })

  it('whose settings it refuses says so in its own words, and leaves nothing', async () => {
    const context = await throwAwayContext()
    const wish = { ...(await wishFor('synapse_refused')), serverName: 'no server’s name' }
    const starting = firstThatWorks('Synapse', synapseWays({ images, python, wish }), { wanted: 'local', context })
    await expect(starting).rejects.toMatchObject({
      code: 'rehearsal.no-backend',
      problems: expect.arrayContaining([{ message: expect.stringContaining('no server’s name') as string }]) as unknown,
    })
    expect(context.belongings).toEqual([])
  })

  it('is not tried without a Python that has it', async () => {
    const wish = await wishFor('synapse_unnamed')
    const { signal } = await throwAwayContext()
    const why = (path?: string) =>
      synapseWays({ images, wish, ...(path === undefined ? {} : { python: path }) })
        .find(({ backend }) => backend === 'local')
        ?.why(signal)
    expect(await why()).toBe('no Python is named that has it')
    expect(await why('/no/such/python')).toBe('/no/such/python does not run, or has no matrix-synapse[postgres]')
    expect(await why(python)).toBeUndefined()
  })
})
