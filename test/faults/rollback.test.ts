import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RollbackDocument } from '../../src/report/rollback-document.ts'
import type { RunsDocument } from '../../src/report/runs-document.ts'
import type { StatusDocument } from '../../src/report/status.ts'
import { ending, type RunningProgram, runBuiltProgram, runTyped, startBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { inTurn } from '../support/faults/seed.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, readTargetState, type TargetState } from '../support/target-state.ts'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad
let before: TargetState
/** Users at MAS once everybody is there. */
let full: number

/** Some batches. */
const ACCOUNTS = 9000
const NEWCOMER = `INSERT INTO users (user_id, username, created_at)
  VALUES ('01900000-0000-7000-8000-000000000001', 'newcomer', '2026-01-01Z')`

const flags = () => [...road.flags, `--runs-dir=${road.folder}/runs`]
const rollback = (...more: readonly string[]) => startBuiltProgram(['rollback', 'last', '--yes', ...flags(), ...more])
const users = async (): Promise<number> =>
  Number((await postgres.execute(road.mas, 'SELECT count(*) AS n FROM users'))[0]?.['n'])

/** Waits until a batch is committed. */
const untilFewer = async (run: RunningProgram, count: number): Promise<void> => {
  while ((await users()) >= count && !run.hasEnded()) await sleep(20)
}

/** Lets each batch take a while, so that it can be reached in the middle by who looks from outside, on a busy machine too. */
const slowDown = () =>
  postgres.execute(
    road.mas,
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END'`,
    'CREATE TRIGGER slow BEFORE DELETE ON users FOR EACH STATEMENT EXECUTE FUNCTION slow()',
  )
const speedUp = () => postgres.execute(road.mas, 'DROP TRIGGER slow ON users', 'DROP FUNCTION slow')

/** Every account on record is whole, and nothing of those that are gone is left. */
const expectWholeAccounts = async (): Promise<void> => {
  const torn = await postgres.execute(
    road.mas,
    `SELECT count(*)::integer AS n FROM (
       SELECT owner FROM syn2op.written_row GROUP BY owner
       EXCEPT SELECT hashtextextended('@' || username || ':demo.example', 3) FROM users) torn`,
  )
  expect(torn).toEqual([{ n: 0 }])
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'faults_rollback', accounts: ACCOUNTS, damage: 'none' })
})

beforeEach(async () => {
  await road.emptyMas()
  await postgres.execute(road.mas, NEWCOMER)
  before = await readTargetState(postgres, road.mas)
  const migrated = await runBuiltProgram(['migrate', '--yes', ...flags()])
  expect(ending(migrated, 0)).toBe('exit 0')
  full = await users()
})

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

describe('a rollback of accounts that is disturbed', { timeout: 300_000 }, () => {
  it('is killed again and again, from outside, and the same command does the rest', async () => {
    const left: number[] = [full]
    await slowDown()
    for (const delay of [0, 150, 400, 900, 20, 250]) {
      const run = rollback()
      await untilFewer(run, left.at(-1) ?? 0)
      await sleep(delay)
      run.child.kill('SIGKILL')
      await run.ended
      await lastingSessions(postgres, [road.mas, road.synapse])
      await expectWholeAccounts()
      left.push(await users())
      if (left.at(-1) === 1) break
    }
    expect(new Set(left).size, `accounts left after each: ${left.join(', ')}`).toBeGreaterThan(2)
    await speedUp()
    const rest = await rollback().ended
    // The last one may have been killed after its last batch: then the journal alone is left to be written.
    if (rest.code !== 0) expect(rest.stderr).toContain('there is nothing to take back')
    expect(await readTargetState(postgres, road.mas)).toEqual(before)
  })

  it.each(inTurn('signal of a rollback', ['SIGINT', 'SIGTERM'] as const))(
    'ends after the batch under way on %s, says how to go on, and goes on',
    async (signal) => {
      await slowDown()
      const run = rollback()
      await untilFewer(run, full)
      // As who mistakes it for a migration does: it cannot rest, and does not end by that.
      run.child.kill('SIGUSR2')
      run.child.kill(signal)
      const ended = await run.ended
      expect(ending(ended, 130)).toBe('exit 130')
      expect(ended.stderr).toContain('the accounts that are taken back stay so')
      expect(ended.stderr).toContain('There is nothing to pause')
      await expectWholeAccounts()
      expect(await users()).toBeGreaterThan(1)
      const status = await runBuiltProgram(['status', '--json', ...flags()])
      const { next } = JSON.parse(status.stdout) as StatusDocument
      expect(next[0]?.text).toMatch(/^The rollback .* did not end/u)
      const [typed] = next[0]?.commands ?? []
      await speedUp()
      expect(typed).toMatch(/^syn2op rollback \d{8}-\d{6}-\w+ --yes/u)
      expect(ending(await runTyped(typed ?? ''), 0)).toBe('exit 0')
      expect(await readTargetState(postgres, road.mas)).toEqual(before)
      const list = await runBuiltProgram([
        'runs',
        'list',
        '--json',
        ...flags().filter((flag) => !/^--(?:as-of|accept)/u.test(flag)),
      ])
      const states = (JSON.parse(list.stdout) as RunsDocument).runs
        .slice(0, 3)
        .map(({ kind, state }) => `${kind} ${state}`)
      expect(states).toEqual(['rollback done', 'rollback resumed', 'merge taken back'])
    },
  )

  it('shows what it would do, and does nothing without an answer', async () => {
    const asked = await runBuiltProgram(['rollback', 'last', ...flags()])
    expect(asked.code).toBe(64)
    expect(asked.stderr).toContain('--yes')
    expect(asked.stdout).toContain('What taking back run')
    expect(await users()).toBe(full)
    const done = await rollback('--json').ended
    const document = JSON.parse(done.stdout) as RollbackDocument
    expect(document).toMatchObject({
      way: 'accounts',
      used: 0,
      accounts: (await users()) === 1 ? document.accounts : 0,
    })
  })
})
