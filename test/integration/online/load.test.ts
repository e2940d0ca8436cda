import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ChangeCounts, startChanging } from '../../support/changing-homeserver.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { expectConverged, migratedAs, onlineRequest, type Place, type Places } from '../../support/migration/online.ts'
import { demoProviders } from '../../support/migration/requests.ts'
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts'

/** `npm run test:full` takes a larger homeserver, and longer. */
const SCALE =
  process.env['SYN2OP_TEST_REQUIRE'] === 'all'
    ? { accounts: 20_000, runs: 5, perSecond: 500 }
    : { accounts: 5_000, runs: 3, perSecond: 400 }
const SEED = process.env['SYN2OP_TEST_SEED'] ?? String(randomInt(1_000_000))

const shown = (counts: ChangeCounts): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')

describe(`${SCALE.accounts} accounts that people change ${SCALE.perSecond} times a second`, () => {
  let postgres: TestPostgres & { stop(): Promise<void> }
  let places: Places

  beforeAll(async () => {
    postgres = await startTestPostgres()
    const at = (database: string): Place => ({ postgres, database })
    places = { source: at('load_synapse'), target: at('load_mas') }
    await createDemoHomeserver(postgres, places.source.database, { accounts: SCALE.accounts })
    await createMasDatabase(postgres, places.target.database, demoProviders)
  }, 300_000)
  afterAll(() => postgres?.stop())

  test(`are the same at MAS after ${SCALE.runs} online runs and a final one`, { timeout: 600_000 }, async () => {
    const people = await startChanging({
      connect: () => postgres.superuser(places.source.database),
      seed: SEED,
      hands: 4,
      perSecond: SCALE.perSecond,
    })
    try {
      for (let run = 1; run <= SCALE.runs; run++) {
        const held = await people.holdOpen()
        await sleep(1000)
        const before = people.changes()
        const { milliseconds } = await migratedAs('online', onlineRequest(places))
        // Nobody knows how fast the machine is; but the longer a run takes, the more people change meanwhile.
        expect(people.changes() - before).toBeGreaterThan(50)
        await held.commit()
        console.log(`online run ${run}: ${milliseconds} ms, ${people.rate().toFixed(0)} changes a second so far`)
      }
    } finally {
      console.log(`seed ${SEED} (SYN2OP_TEST_SEED): ${shown(await people.stop())}`)
    }
    const final = await migratedAs('final', onlineRequest(places))
    console.log(
      `final: ${final.milliseconds} ms (${final.phases.map((one) => `${one.phase} ${one.milliseconds}`).join(', ')})`,
    )
    await expectConverged(places)
  })
})
