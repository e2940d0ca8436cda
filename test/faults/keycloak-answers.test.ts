import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RunDocument } from '../../src/report/documents.ts'
import { ending, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { type KeycloakRoad, makeKeycloakRoad } from '../support/keycloak/demo-road.ts'
import { whyNoKeycloak } from '../support/keycloak/distribution.ts'
import type { Fate } from '../support/keycloak/proxy.ts'
import { sharedKeycloak } from '../support/keycloak/shared-server.ts'
import { testPostgres } from '../support/postgres.ts'

const missing = await whyNoKeycloak()
const ACCOUNTS = process.env['SYN2OP_TEST_LONG'] === '1' ? 2000 : 120

const outcome = ({ outcomes = [] }: RunDocument, kind: string): number =>
  outcomes.find((one) => one.outcome === kind)?.count ?? 0

describe.skipIf(missing !== undefined)(
  `a run into a Keycloak that ${missing === undefined ? 'answers badly' : `is not here (${missing})`}`,
  () => {
    let road: KeycloakRoad
    let undisturbed: readonly object[]
    let created: number

    const migrate = async (...more: readonly string[]): Promise<RunDocument> => {
      const run = await runBuiltProgram(['migrate', '--yes', '--json', ...road.flags, ...more])
      expect(ending(run, 0)).toBe('exit 0')
      return JSON.parse(run.stdout)
    }

    beforeAll(async () => {
      const postgres = testPostgres()
      const name = `keycloak_answers_${randomBytes(3).toString('hex')}`
      road = await makeKeycloakRoad(await sharedKeycloak(), postgres, { name, accounts: ACCOUNTS })
      created = outcome(await migrate(road.asOf), 'created')
      undisturbed = await road.people()
    }, 300_000)

    beforeEach(async () => {
      await road.empty()
      road.proxy.onImports()
    }, 60_000)

    afterAll(() => road?.remove())

    it('that does what it is asked and loses its answer, or says 500 or 503, counts everybody as created, once', async () => {
      const fates: readonly Fate[] = ['lose', { answer: 500 }, 'pass', { answer: 503 }, { delayMs: 1000 }]
      road.proxy.onImports((count) => fates[count % fates.length] ?? 'pass')
      expect(outcome(await migrate(road.asOf), 'created')).toBe(created)
      expect(road.proxy.disturbed()).toBeGreaterThan(4)
      expect(await road.people()).toEqual(undisturbed)
    })

    it('that is away for some seconds, and then asks for patience, is waited for', async () => {
      let until = Number.POSITIVE_INFINITY
      let away = 0
      road.proxy.onImports((count) => {
        if (count < 2) return 'pass'
        if (count === 2) until = Date.now() + 6000
        // However slowly it is asked, it is asked in vain so often.
        if (Date.now() >= until && away > 3) return 'pass'
        away++
        return { answer: away % 2 === 0 ? 429 : 503 }
      })
      const began = Date.now()
      expect(outcome(await migrate(road.asOf), 'created')).toBe(created)
      expect(Date.now() - began).toBeGreaterThan(6000)
      expect(away).toBeGreaterThan(3)
      expect(await road.people()).toEqual(undisturbed)
    })

    it('at which somebody takes a name in the middle holds back that one account, and says who has it', async () => {
      const taken = z.object({ username: z.string() }).parse(undisturbed.at(-2)).username
      road.proxy.onImports(async (count): Promise<Fate> => {
        if (count === 0) await road.realm.admin.post('users', { username: taken, enabled: true })
        return 'pass'
      })
      const document = await migrate(road.asOf)
      expect(outcome(document, 'created')).toBe(created - 1)
      const others = (await road.people()).filter(
        (one) => z.object({ username: z.string() }).parse(one).username !== taken,
      )
      expect(others).toEqual(
        undisturbed.filter((one) => z.object({ username: z.string() }).parse(one).username !== taken),
      )
    })

    it('that no longer takes its token or its secret ends with 4, and is resumed with the new secret', async () => {
      const client = z.array(z.object({ id: z.string() }))
      const [{ id } = { id: '' }] = await road.realm.admin.get('clients?clientId=syn2op', client)
      const secret = randomBytes(16).toString('hex')
      road.proxy.onImports(async (count): Promise<Fate> => {
        if (count === 3) {
          await road.realm.admin.put(`clients/${id}`, { secret, notBefore: Math.floor(Date.now() / 1000) + 1 })
        }
        return 'pass'
      })
      const run = await runBuiltProgram(['migrate', '--yes', ...road.flags, road.asOf])
      expect(ending(run, 4)).toBe('exit 4')
      expect(run.stderr).toContain('--resume')
      expect((await road.people()).length).toBeLessThan(created)
      await road.realm.admin.put(`clients/${id}`, { notBefore: 0 })
      await road.configure({ client: { id: 'syn2op', secret } })
      await migrate('--resume')
      expect(await road.people()).toEqual(undisturbed)
      await road.realm.admin.put(`clients/${id}`, { secret: road.realm.client.secret })
      await road.configure({})
    })

    it('of two runs at once from one folder sends the second away, and lets the first finish', async () => {
      let isHeld = false
      const sentAway = Promise.withResolvers<void>()
      road.proxy.onImports(async (): Promise<Fate> => {
        isHeld = true
        await sentAway.promise
        return 'pass'
      })
      const first = startBuiltProgram(['migrate', '--yes', ...road.flags, road.asOf])
      while (!first.hasEnded() && !isHeld) await sleep(20)
      const second = await runBuiltProgram(['migrate', '--yes', '--json', ...road.flags, road.asOf])
      sentAway.resolve()
      expect(ending(second, 5)).toBe('exit 5')
      expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'target.locked' } })
      expect(ending(await first.ended, 0)).toBe('exit 0')
      expect(await road.people()).toEqual(undisturbed)
    })

    it('of two runs at once from two folders loses nobody and makes nobody twice', async () => {
      const runs = await Promise.all(
        [road.flags, road.elsewhere].map((flags) =>
          runBuiltProgram(['migrate', '--yes', '--json', ...flags, road.asOf]),
        ),
      )
      expect(runs.map((run) => ending(run, 0))).toEqual(['exit 0', 'exit 0'])
      expect(await road.people()).toEqual(undisturbed)
    })
  },
)
