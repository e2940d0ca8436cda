import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDocument } from '../../src/report/documents.ts'
import { ending, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { makeToyRoad, type ToyRoad } from '../support/toy-road.ts'

/** `npm run test:full` kills more often. */
const KILLS = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? 4 : 3

/** How often a kill may come too late, on a busy machine. */
const TRIES = 8

let postgres: TestPostgres & { stop(): Promise<void> }
let road: ToyRoad
let undisturbed: unknown
let created: number

const outcome = ({ outcomes = [] }: RunDocument, kind: string): number =>
  outcomes.find((one) => one.outcome === kind)?.count ?? 0

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeToyRoad(postgres, { name: 'slow_kill', accounts: 200 })
  const run = await runBuiltProgram(['migrate', '--yes', '--json', ...road.flags, road.asOf])
  expect(ending(run, 0)).toBe('exit 0')
  undisturbed = await road.people()
  created = outcome(JSON.parse(run.stdout), 'created')
}, 300_000)

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

describe('a run by the slow road', () => {
  it(`killed in the middle is resumed, and ends as if nothing had happened: ${KILLS} kills`, {
    timeout: KILLS * 60_000,
  }, async () => {
    /** How many kills came too late: the more, the longer each account takes. */
    let late = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      await road.empty()
      // Every other one dies between what it wrote and its entry in the journal.
      const slower = 2 ** late
      await road.configure(
        kill % 2 === 0 ? { afterwards: 300 * slower, batchSize: 10 } : { pause: 5 * slower, batchSize: 10 },
      )
      const run = startBuiltProgram(['migrate', '--yes', ...road.flags, road.asOf])
      const enough = (created * kill) / (KILLS + 1)
      while (!run.hasEnded() && Object.keys(await road.people()).length < enough) await sleep(2)
      run.child.kill('SIGKILL')
      const { signal } = await run.ended
      const left = Object.keys(await road.people()).length
      if (signal !== 'SIGKILL' || left >= created) {
        expect(++late, 'kills that came too late').toBeLessThan(TRIES)
        kill--
        continue
      }
      await road.configure({})
      const resumed = await runBuiltProgram(['migrate', '--yes', '--json', '--resume', ...road.flags])
      expect(ending(resumed, 0)).toBe('exit 0')
      expect(await road.people()).toEqual(undisturbed)
      const document = JSON.parse(resumed.stdout) as RunDocument
      // A resumed run keeps its as-of time.
      expect(document.asOf).toBe(road.asOf.slice('--as-of='.length))
      expect(outcome(document, 'unchanged')).toBeGreaterThanOrEqual(kill % 2 === 0 ? 1 : 0)
      // Whoever was written and not yet entered as ended is found as unchanged.
      expect(outcome(document, 'created') + outcome(document, 'unchanged')).toBe(created)
      // Those that the killed run had entered count.
      expect(outcome(document, 'created')).toBeGreaterThan(0)
      console.log(`kill ${kill}: ${left} of ${created} were there, ${outcome(document, 'unchanged')} were found`)
    }
  })

  it('keeps a second run away while it lives, and names it', async () => {
    await road.empty()
    // It stays, once its first batch is written.
    await road.configure({ afterwards: 100_000, batchSize: 10 })
    const first = startBuiltProgram(['migrate', '--yes', ...road.flags, road.asOf])
    while (!first.hasEnded() && Object.keys(await road.people()).length === 0) await sleep(2)
    const second = await runBuiltProgram(['migrate', '--yes', '--json', ...road.flags, road.asOf])
    expect(ending(second, 5)).toBe('exit 5')
    expect(JSON.parse(second.stdout)).toMatchObject({
      error: { code: 'target.locked', message: expect.stringContaining(`process ${first.child.pid} on `) },
    })
    first.child.kill('SIGKILL')
    await first.ended
    await road.configure({})
    const third = await runBuiltProgram(['migrate', '--yes', '--json', ...road.flags, road.asOf])
    expect(ending(third, 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
  })

  it('stopped by Ctrl-C ends soon with 130, and is resumed', async () => {
    await road.empty()
    await road.configure({ pause: 20, batchSize: 10 })
    const run = startBuiltProgram(['migrate', '--yes', ...road.flags, road.asOf])
    while (!run.hasEnded() && Object.keys(await road.people()).length === 0) await sleep(2)
    const asked = performance.now()
    run.child.kill('SIGINT')
    expect(ending(await run.ended, 130)).toBe('exit 130')
    expect(performance.now() - asked).toBeLessThan(30_000)
    await road.configure({})
    const resumed = await runBuiltProgram(['migrate', '--yes', '--json', '--resume', ...road.flags])
    expect(ending(resumed, 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
  })
})
