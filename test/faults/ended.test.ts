import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/errors/exit-codes.ts'
import { ending, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { watchJournal } from '../support/journal-watch.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, readTargetState, type TargetState } from '../support/target-state.ts'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad
let before: TargetState

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'ended', accounts: 3000, damage: 'none' })
})

beforeEach(async () => {
  await road.emptyMas()
  await postgres.execute(
    road.mas,
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'`,
    'CREATE TRIGGER slow BEFORE INSERT ON users FOR EACH STATEMENT EXECUTE FUNCTION slow()',
  )
  before = await readTargetState(postgres, road.mas)
})

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

/** Ends sessions of a run that is copying, as an administrator or a server that shuts down would. */
const endSessions = async (condition: string) => {
  const journal = await watchJournal(postgres, road.mas)
  const run = startBuiltProgram(['migrate', '--yes', ...road.flags])
  await journal.until(run, /copy: users/)
  await journal.end()
  const end = `WITH ours AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'syn2op%' AND ${condition})
     SELECT pg_terminate_backend(pid) FROM ours`
  // The journal names a copy a moment before the server begins it.
  while ((await postgres.execute('postgres', end)).length === 0) await sleep(20)
  return run.ended
}

describe('a run whose sessions the server ends', () => {
  it('the one that copies: the run takes itself back', async () => {
    const ended = await endSessions(`datname = '${road.mas}' AND wait_event = 'PgSleep'`)
    expect(ending(ended, EXIT.unavailable)).toBe(`exit ${EXIT.unavailable}`)
    expect(ended.stderr).toContain('(database.failed)')
    expect(await readTargetState(postgres, road.mas)).toEqual(before)
    expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
  })

  it('all that read the source: the run takes itself back', async () => {
    const ended = await endSessions(`datname = '${road.synapse}'`)
    expect(ending(ended, EXIT.unavailable)).toBe(`exit ${EXIT.unavailable}`)
    expect(ended.stderr).toContain('(database.failed)')
    expect(await readTargetState(postgres, road.mas)).toEqual(before)
  })

  it('all at the target: the run cannot take itself back and says what does', async () => {
    const ended = await endSessions(`datname = '${road.mas}'`)
    expect(ending(ended, EXIT.unexpected)).toBe(`exit ${EXIT.unexpected}`)
    expect(ended.stderr).toContain('(target.not-restored)')
    expect(ended.stderr).toContain('run `syn2op check`')
    const next = await runBuiltProgram(['check', ...road.flags])
    expect(ending(next, 0)).toBe('exit 0')
    expect(next.stderr).toContain('Took back the unfinished run')
    expect(await readTargetState(postgres, road.mas)).toEqual(before)
    expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
  })
})
