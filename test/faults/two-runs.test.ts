import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Barrier, makeBarrier } from '../support/barrier.ts'
import { ending, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { watchJournal } from '../support/journal-watch.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, ourSessions, readTargetState, type TargetState } from '../support/target-state.ts'

/** For what takes longer on a busy machine. */
const PATIENT = { timeout: 30_000 }

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad
let before: TargetState
let undisturbed: TargetState
let barrier: Barrier | undefined

const migrate = () => startBuiltProgram(['migrate', '--yes', ...road.flags])

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'two_runs', accounts: 3000, damage: 'none' })
  before = await readTargetState(postgres, road.mas)
  expect(ending(await migrate().ended, 0)).toBe('exit 0')
  undisturbed = await readTargetState(postgres, road.mas)
})

beforeEach(() => road.emptyMas())

afterEach(() => barrier?.release())

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

describe('two runs at once', () => {
  it.each(['migrate', 'check'])('%s is told who holds the target, and the run goes on undisturbed', async (command) => {
    barrier = await makeBarrier(postgres, road.mas, 'copying')
    await barrier.at({ table: 'public.users', fires: 'BEFORE INSERT' })
    const first = migrate()
    await barrier.reached(first)
    const second = await runBuiltProgram([command, ...(command === 'migrate' ? ['--yes'] : []), ...road.flags])
    expect(first.hasEnded()).toBe(false)
    await barrier.release()
    expect(ending(second, 5)).toBe('exit 5')
    expect(second.stderr).toMatch(
      new RegExp(
        `Another syn2op run holds this MAS database: process ${first.child.pid} on .+, since .+ UTC, connected from 127`,
      ),
    )
    expect(second.stderr).toContain('(target.locked)')
    expect(ending(await first.ended, 0)).toBe('exit 0')
    await postgres.execute(road.mas, 'DROP SCHEMA barrier CASCADE')
    expect(await readTargetState(postgres, road.mas)).toEqual(undisturbed)
  })
})

describe('a killed client whose server still works for it', () => {
  const building = async (): Promise<readonly string[]> =>
    (await ourSessions(postgres, [road.mas])).filter(
      (session) => session.includes('active') && /index|VALIDATE/i.test(session),
    )

  it('building an index: the next command ends that session, and no other', async () => {
    await postgres.execute(
      road.mas,
      `CREATE FUNCTION slowly(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.1); RETURN $1; END'`,
      'CREATE INDEX slow_index ON users (slowly(username))',
    )
    const prepared = await readTargetState(postgres, road.mas)
    const bystander = await postgres.superuser(road.mas)
    await bystander.query(`SET application_name = 'psql'`)
    const journal = await watchJournal(postgres, road.mas)
    const run = migrate()
    await journal.until(run, /indexes: users slow_index/)
    // The journal names an index a moment before the server begins it.
    await expect.poll(building, PATIENT).toContainEqual(expect.stringContaining('slow_index'))
    run.child.kill('SIGKILL')
    await run.ended
    await sleep(500)
    await expect.poll(building, PATIENT).toEqual([expect.stringContaining('slow_index')])
    const next = await runBuiltProgram(['check', ...road.flags])
    expect(ending(next, 0)).toBe('exit 0')
    expect(next.stderr).toContain('Took back the unfinished run')
    expect(await readTargetState(postgres, road.mas)).toEqual(prepared)
    await journal.end()
    await expect(bystander.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 })
    await bystander.end()
    expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
  })

  it('holding the lock, since its last statement still runs: the next command waits for its end', async () => {
    const journal = await watchJournal(postgres, road.mas)
    const reader = await postgres.superuser(road.mas)
    await reader.query(`SET application_name = 'psql'`)
    await reader.query('BEGIN')
    await reader.query('LOCK TABLE users IN ACCESS SHARE MODE')
    const run = migrate()
    const waits = `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND application_name LIKE 'syn2op%'`
    // Asked from beside: the check takes any other session in MAS's database for a MAS that runs.
    while ((await postgres.execute('postgres', waits)).length === 0) {
      if (run.hasEnded()) throw new Error(`The run ended before it waited: ${(await run.ended).stderr}`)
      await sleep(10)
    }
    run.child.kill('SIGKILL')
    await run.ended
    const next = await runBuiltProgram(['check', ...road.flags])
    await reader.end()
    await journal.end()
    expect(ending(next, 0)).toBe('exit 0')
    expect(await readTargetState(postgres, road.mas)).toEqual(before)
  })
})
