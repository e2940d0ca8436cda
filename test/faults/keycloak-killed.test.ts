import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunDocument } from '../../src/report/documents.ts'
import { ending, type ProgramEnd, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { type KeycloakRoad, makeKeycloakRoad } from '../support/keycloak/demo-road.ts'
import { whyNoKeycloak } from '../support/keycloak/distribution.ts'
import { type KeycloakServer, PEPPER, startKeycloak } from '../support/keycloak/server.ts'
import { type OwnPostgres, startTestPostgres, testPostgres } from '../support/postgres.ts'

const missing = await whyNoKeycloak()
const LONG = process.env['SYN2OP_TEST_LONG'] === '1'
const ACCOUNTS = LONG ? 1000 : 120
const KILLS = LONG ? 8 : 1

const UNAVAILABLE = 5

const outcome = ({ outcomes = [] }: RunDocument, kind: string): number =>
  outcomes.find((one) => one.outcome === kind)?.count ?? 0

describe.skipIf(missing !== undefined)(
  `a run into a Keycloak that ${missing === undefined ? 'dies' : `is not here (${missing})`}`,
  () => {
    let ofKeycloak: OwnPostgres
    let server: KeycloakServer
    let road: KeycloakRoad
    let undisturbed: readonly object[]
    let created: number

    const documentOf = (run: ProgramEnd): RunDocument => {
      expect(ending(run, 0)).toBe('exit 0')
      return JSON.parse(run.stdout)
    }
    const migrate = async (...more: readonly string[]): Promise<RunDocument> =>
      documentOf(await runBuiltProgram(['migrate', '--yes', '--json', ...road.flags, ...more]))

    beforeAll(async () => {
      ofKeycloak = await startTestPostgres()
      server = await startKeycloak({ postgres: ofKeycloak, pepper: PEPPER })
      road = await makeKeycloakRoad(server, testPostgres(), { name: 'keycloak_killed', accounts: ACCOUNTS })
      created = outcome(await migrate(road.asOf), 'created')
      undisturbed = await road.people()
    }, 300_000)

    beforeEach(async () => {
      road.proxy.onImports()
      await road.empty()
    }, 60_000)

    afterAll(async () => {
      await road?.remove()
      await server?.stop()
      await ofKeycloak?.stop()
    })

    it(`in the middle of a batch is waited for, or gone on with later, and all ends as if nothing had happened: ${KILLS} kills`, {
      timeout: KILLS * 240_000,
    }, async () => {
      for (let kill = 1; kill <= KILLS; kill++) {
        await road.empty()
        let killed: Promise<void> | undefined
        road.proxy.onImports((count) => {
          if (count === 1 + kill) killed = server.kill()
          return 'pass'
        })
        const run = startBuiltProgram(['migrate', '--yes', ...road.flags, road.asOf])
        while (!run.hasEnded() && killed === undefined) await sleep(20)
        await killed
        const isWaitedFor = kill % 2 === 0
        if (!isWaitedFor) {
          run.child.kill('SIGINT')
          expect((await run.ended).code).toBe(UNAVAILABLE)
        }
        await server.restart()
        road.proxy.onImports()
        if (isWaitedFor) expect((await run.ended).code).toBe(0)
        else {
          expect((await road.people()).length).toBeLessThan(created)
          const document = await migrate('--resume')
          expect(outcome(document, 'created') + outcome(document, 'unchanged')).toBe(created)
        }
        expect(await road.people()).toEqual(undisturbed)
      }
    })

    it('and is back while the run still tries goes on by itself', async () => {
      let restarted: Promise<void> | undefined
      road.proxy.onImports((count) => {
        if (count === 3) restarted = ofKeycloak.restart('immediate')
        return 'pass'
      })
      const document = await migrate(road.asOf)
      await restarted
      expect(outcome(document, 'created')).toBe(created)
      expect(outcome(document, 'rejected')).toBe(0)
      expect(await road.people()).toEqual(undisturbed)
    })
  },
)
