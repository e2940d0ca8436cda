import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ending, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { type JournalWatch, watchJournal } from '../support/journal-watch.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, readJournal, readTargetState, type TargetState } from '../support/target-state.ts'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad
let journal: JournalWatch
let before: TargetState

/** Makes a COPY into the table take its time, so that a test can reach the run in the middle of it. */
const SLOW_COPY = `
  CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
  CREATE TRIGGER slow BEFORE INSERT ON compat_access_tokens FOR EACH STATEMENT EXECUTE FUNCTION slow()`

const migrate = () => startBuiltProgram(['migrate', '--yes', ...road.flags])

/** Waits until a session of ours in that database waits for a lock. */
const untilOneWaits = async (database: string): Promise<void> => {
  const waiting = `SELECT FROM pg_stat_activity
    WHERE datname = '${database}' AND application_name LIKE 'syn2op%' AND wait_event_type = 'Lock'`
  while ((await postgres.execute('postgres', waiting)).length === 0) await sleep(10)
}

const expectAsBefore = async (): Promise<void> => {
  expect(await readTargetState(postgres, road.mas)).toEqual(before)
  expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'stop', accounts: 3000, damage: 'none' })
  before = await readTargetState(postgres, road.mas)
})

beforeEach(async () => {
  await road.emptyMas()
  await postgres.execute(road.mas, SLOW_COPY)
  journal = await watchJournal(postgres, road.mas)
})

afterEach(() => journal.end())

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

describe('SIGHUP', () => {
  it('once, with a terminal that takes no word any more: the run takes itself back', async () => {
    const run = migrate()
    await journal.until(run, /copy: compat_access_tokens/)
    run.child.stdout?.destroy()
    run.child.stderr?.destroy()
    run.child.kill('SIGHUP')
    expect(ending(await run.ended, 130)).toBe('exit 130')
    expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'undone' })
    await expectAsBefore()
  })
})

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('once: the run stops at once, takes itself back and says so', async () => {
    const run = migrate()
    await journal.until(run, /copy: compat_access_tokens/)
    const asked = performance.now()
    run.child.kill(signal)
    const ended = await run.ended
    expect(ending(ended, 130)).toBe('exit 130')
    expect(performance.now() - asked).toBeLessThan(30_000)
    expect(ended.stderr).toContain('Stopping cleanly; press Ctrl-C again to end at once.')
    expect(ended.stderr).toContain('Taking the run back: the tables of MAS return to the state before it.')
    expect(ended.stderr).toContain('Stopped, as asked: nothing was written, the MAS database is as it was before')
    expect(ended.stdout).toBe('')
    expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'undone' })
    await expectAsBefore()
  })

  it('twice: the run ends at once, and the next command takes it back', async () => {
    const run = migrate()
    await journal.until(run, /copy: compat_access_tokens/)
    // Somebody reads a table that is filled already: emptying it has to wait for that.
    const reader = await postgres.superuser(road.mas)
    await reader.query(`SET application_name = 'psql'`)
    await reader.query('BEGIN')
    await reader.query('LOCK TABLE syn2op_loading.users IN ACCESS SHARE MODE')
    run.child.kill(signal)
    await untilOneWaits(road.mas)
    // Two signals close together are one keystroke that arrives twice.
    await sleep(600)
    expect(run.hasEnded()).toBe(false)
    const asked = performance.now()
    run.child.kill(signal)
    expect(ending(await run.ended, 130)).toBe('exit 130')
    // Else it waits for the reader, who stays.
    expect(performance.now() - asked).toBeLessThan(20_000)
    expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'loading' })
    await reader.end()
    const next = await runBuiltProgram(['check', ...road.flags])
    expect(ending(next, 0)).toBe('exit 0')
    expect(next.stderr).toContain('Took back the unfinished run')
    await expectAsBefore()
  })

  it.each(['check', 'plan'])('while %s reads the source: it ends', async (command) => {
    const writer = await postgres.superuser(road.synapse)
    await writer.query('BEGIN')
    await writer.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE')
    const run = startBuiltProgram([command, ...road.flags])
    await untilOneWaits(road.synapse)
    run.child.kill(signal)
    const ended = await run.ended
    await writer.end()
    expect(ending(ended, 130)).toBe('exit 130')
    expect(ended.stderr).toContain('(run.interrupted)')
    expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
  })

  it('while the run waits for somebody who holds a table: nothing was done, and it ends', async () => {
    const reader = await postgres.superuser(road.mas)
    await reader.query(`SET application_name = 'psql'`)
    await reader.query('BEGIN')
    await reader.query('LOCK TABLE users IN ACCESS SHARE MODE')
    const run = migrate()
    await untilOneWaits(road.mas)
    run.child.kill(signal)
    const ended = await run.ended
    await reader.end()
    expect(ending(ended, 130)).toBe('exit 130')
    await expectAsBefore()
  })
})
