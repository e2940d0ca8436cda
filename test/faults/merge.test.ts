import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Barrier, type BarrierPlace, makeBarrier } from '../support/barrier.ts'
import {
  ending,
  type ProgramEnd,
  type RunningProgram,
  runBuiltProgram,
  startBuiltProgram,
} from '../support/built-program.ts'
import { startChanging } from '../support/changing-homeserver.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { expectConverged } from '../support/migration/online.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, readJournal } from '../support/target-state.ts'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad
let filled: string
let stop: Barrier | undefined

interface Start {
  readonly resumes?: boolean
  /** Flags of the road that are left out. */
  readonly without?: RegExp
}

const start = ({ resumes = false, without }: Start = {}): RunningProgram => {
  const flags = road.flags.filter((flag) => !(resumes && flag.startsWith('--as-of')) && !without?.test(flag))
  const more = resumes ? ['--resume'] : []
  return startBuiltProgram(['migrate', '--yes', ...more, '--accept=SYNAPSE_RUNNING', ...flags], { folder: road.folder })
}

const run = async (how?: Start): Promise<ProgramEnd> => start(how).ended

const peopleChange = async (seed: string): Promise<void> => {
  const people = await startChanging({
    connect: () => postgres.superuser(road.synapse),
    seed,
    hands: 2,
    perSecond: 1000,
  })
  while (people.changes() < 100) await sleep(5)
  await people.stop()
}

const expectMigrated = async (): Promise<void> => {
  await expectConverged({
    source: { postgres, database: road.synapse },
    target: { postgres, database: road.mas },
  })
  expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'merge_faults', accounts: 1000, damage: 'all' })
  filled = `${road.mas}_filled`
  expect(ending(await run(), 0)).toBe('exit 0')
  await postgres.createDatabase(filled, { template: road.mas })
})

afterEach(() => stop?.release())

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

describe('a load that is killed once it has filled MAS,', () => {
  const killedAt = async (table: string): Promise<void> => {
    await road.emptyMas()
    const copying = await makeBarrier(postgres, road.mas, 'copying')
    await copying.at({ table: 'public.compat_sessions', fires: 'BEFORE INSERT' })
    const load = start()
    await copying.reached(load)
    stop = await makeBarrier(postgres, road.mas, 'recording')
    await stop.at({ table, fires: 'BEFORE INSERT' })
    await copying.release()
    await stop.reached(load)
    load.child.kill('SIGKILL')
    await load.ended
    await stop.release()
    expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
    expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'done' })
    const verified = await runBuiltProgram(['verify', ...road.flags], { folder: road.folder })
    expect(ending(verified, 0)).toBe('exit 0')
    await postgres.execute(
      road.synapse,
      `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
       VALUES ('@late:demo.example', '$2b$12$late', 1700000000, 0, 0, 0)`,
    )
  }
  afterEach(() => postgres.execute(road.synapse, `DELETE FROM users WHERE name = '@late:demo.example'`))

  const lateUsers = () => postgres.execute(road.mas, `SELECT username FROM users WHERE username = 'late'`)

  it('before its rows are on record: the next run warns, and when told to go on adds late users and touches nobody else', async () => {
    await killedAt('syn2op.written_row')
    const warned = await run({ without: /all-warnings/ })
    expect(warned.stderr).toContain('MAS_ROWS_NOT_ON_RECORD')
    expect(await lateUsers()).toEqual([])
    const rowsOfOthers = `SELECT md5(string_agg(u::text, '' ORDER BY u::text)) AS hash FROM users u WHERE username <> 'late'`
    const before = await postgres.execute(road.mas, rowsOfOthers)
    expect(ending(await run(), 0)).toBe('exit 0')
    expect(await lateUsers()).toHaveLength(1)
    expect(await postgres.execute(road.mas, rowsOfOthers)).toEqual(before)
  })

  it('when its rows are on record and its accounts are not: the next run looks at everybody and ends as if nothing had happened', async () => {
    await killedAt('syn2op.account')
    const next = await run({ without: /all-warnings/ })
    expect(next.stderr).not.toContain('MAS_ROWS_NOT_ON_RECORD')
    expect(ending(await run(), 0)).toBe('exit 0')
    expect(await lateUsers()).toHaveLength(1)
    await expectMigrated()
  })
})

const PLACES = {
  'has written rows of a batch': { table: 'public.compat_sessions', fires: 'AFTER INSERT OR UPDATE OR DELETE' },
  'commits a batch': { table: 'syn2op.account', fires: 'AFTER INSERT', moment: 'commit' },
  // A row: the statement that enters the run is an UPDATE of none.
  'is about to end': { table: 'syn2op.run', fires: 'AFTER UPDATE', moment: 'row' },
} as const satisfies Record<string, BarrierPlace>

describe('a run that merges into a MAS that is used', () => {
  it.each<[keyof typeof PLACES, 'SIGKILL' | 'SIGINT', 'again' | '--resume']>([
    ['has written rows of a batch', 'SIGKILL', '--resume'],
    ['has written rows of a batch', 'SIGINT', 'again'],
    ['commits a batch', 'SIGKILL', 'again'],
    ['is about to end', 'SIGKILL', '--resume'],
  ])('%s and is sent %s: run %s it ends as if nothing had happened', async (place, signal, next) => {
    await postgres.createDatabase(road.mas, { template: filled })
    await peopleChange(`${place} ${signal}`)
    stop = await makeBarrier(postgres, road.mas, 'merging')
    await stop.at(PLACES[place])
    const merge = start()
    await stop.reached(merge)
    merge.child.kill(signal)
    const ended = await merge.ended
    await stop.release()
    if (signal === 'SIGINT') expect(ending(ended, 130)).toBe('exit 130')
    await peopleChange(`after ${place} ${signal}`)
    expect(ending(await run({ resumes: next === '--resume' }), 0)).toBe('exit 0')
    await expectMigrated()
  })
})
