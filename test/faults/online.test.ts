import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/errors/exit-codes.ts'
import { type Barrier, type BarrierPlace, makeBarrier } from '../support/barrier.ts'
import { ending, type ProgramEnd, type RunningProgram, startBuiltProgram } from '../support/built-program.ts'
import { startChanging } from '../support/changing-homeserver.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { inTurn } from '../support/faults/seed.ts'
import { expectConverged } from '../support/migration/online.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, readJournal } from '../support/target-state.ts'

type Mode = '--online' | '--final'
type Next = Mode | '--resume'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad
let copied: string
let barriers: Pick<Barrier, 'release'>[] = []
let changes = 0

const start = (mode: Next, ...more: readonly string[]): RunningProgram => {
  // A resumed run keeps the time by which it began.
  const flags = road.flags.filter((flag) => mode !== '--resume' || !flag.startsWith('--as-of'))
  const args = ['migrate', mode, '--yes', '--accept=SYNAPSE_RUNNING', ...flags, ...more]
  return startBuiltProgram(args, { folder: road.folder })
}

const run = async (mode: Next): Promise<ProgramEnd> => start(mode).ended

/** People use the homeserver for a moment. */
const peopleChange = async (): Promise<void> => {
  const people = await startChanging({
    connect: () => postgres.superuser(road.synapse),
    seed: `faults-${changes++}`,
    hands: 2,
    perSecond: 1000,
  })
  while (people.changes() < 100) await sleep(5)
  await people.stop()
}

const barrier = async (name: string): Promise<Barrier> => {
  const made = await makeBarrier(postgres, road.mas, name)
  barriers.push(made)
  return made
}

/** Somebody reads MAS's tables, as pg_dump does, and so keeps them where they are until `release`. */
const somebodyReads = async (table: string): Promise<Pick<Barrier, 'reached'>> => {
  const reader = await postgres.superuser(road.mas)
  await reader.query(`SET application_name = 'pg_dump'`)
  await reader.query('BEGIN')
  await reader.query(`LOCK TABLE ${table} IN ACCESS SHARE MODE`)
  let isThere = true
  barriers.push({
    release: async () => {
      if (isThere) await reader.end()
      isThere = false
    },
  })
  const waits = `SELECT FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass`
  return {
    reached: async (waiting) => {
      while ((await reader.query(waits)).rowCount === 0) {
        if (waiting.hasEnded()) throw new Error(`It did not wait for ${table}: ${(await waiting.ended).stderr}`)
        await sleep(5)
      }
    },
  }
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'online_faults', accounts: 1000, damage: 'all' })
  copied = `${road.mas}_copied`
  expect(ending(await run('--online'), 0)).toBe('exit 0')
  await postgres.createDatabase(copied, { template: road.mas })
}, 120_000)

afterEach(async () => {
  await Promise.all(barriers.map((one) => one.release()))
  barriers = []
})

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

/** Where a first copy stops: it makes its journal itself, so the later places are made while it waits at the first. */
const FIRST_COPY = {
  'copies rows': undefined,
  'puts the accounts on record': { table: 'syn2op.account', fires: 'BEFORE INSERT' },
  'commits its end': { table: 'syn2op.run', fires: 'AFTER UPDATE OF state', moment: 'commit' },
} as const satisfies Record<string, BarrierPlace | undefined>

const stoppedFirstCopy = async (place: keyof typeof FIRST_COPY): Promise<RunningProgram> => {
  await road.emptyMas()
  const copying = await barrier('copying')
  await copying.at({ table: 'public.compat_sessions', fires: 'BEFORE INSERT' })
  const first = start('--online')
  await copying.reached(first)
  const later = FIRST_COPY[place]
  if (later === undefined) return first
  const second = await barrier('second')
  await second.at(later)
  await copying.release()
  await second.reached(first)
  return first
}

/** Where a run stops that brings a copy up to date. */
const LATER_RUN = {
  'enters itself': { table: 'syn2op.run', fires: 'AFTER INSERT' },
  'has written rows of a batch': {
    table: 'syn2op_loading.compat_sessions',
    fires: 'AFTER INSERT OR UPDATE OR DELETE',
  },
  'puts a batch on record': { table: 'syn2op.account', fires: 'BEFORE INSERT' },
  'commits a batch': { table: 'syn2op.account', fires: 'AFTER INSERT', moment: 'commit' },
  'is about to end': { table: 'syn2op.run', fires: 'AFTER UPDATE OF state', moment: 'row' },
  'commits its end': { table: 'syn2op.run', fires: 'AFTER UPDATE', moment: 'commit' },
} as const satisfies Record<string, BarrierPlace>

const stoppedLaterRun = async (mode: Mode, place: keyof typeof LATER_RUN): Promise<RunningProgram> => {
  await postgres.createDatabase(road.mas, { template: copied })
  await peopleChange()
  const stop = await barrier('later')
  await stop.at(LATER_RUN[place])
  const later = start(mode)
  await stop.reached(later)
  return later
}

const FAULTS = {
  /** What the server still does for it goes on at once. */
  'is killed': async (stopped: RunningProgram): Promise<ProgramEnd> => {
    stopped.child.kill('SIGKILL')
    const ended = await stopped.ended
    await Promise.all(barriers.map((one) => one.release()))
    return ended
  },
  /** Asked once; and again where it would finish a batch first, which waits for us. */
  'is stopped': async (stopped: RunningProgram): Promise<ProgramEnd> => {
    stopped.child.kill('SIGINT')
    while (!stopped.hasEnded() && !/Finishing what is under way|Stopping cleanly/.test(stopped.told())) await sleep(2)
    if (stopped.told().includes('Finishing what is under way')) {
      // Two signals close together are one keystroke that arrives twice.
      await sleep(600)
      stopped.child.kill('SIGINT')
    }
    await Promise.race([stopped.ended, sleep(60_000)])
    if (!stopped.hasEnded()) throw new Error(`It does not stop: ${stopped.told()}`)
    const ended = await stopped.ended
    expect(ending(ended, 130)).toBe('exit 130')
    return ended
  },
  'loses its connections to MAS': async (stopped: RunningProgram): Promise<ProgramEnd> => {
    await postgres.execute(
      'postgres',
      `WITH ours AS MATERIALIZED (
         SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'syn2op%' AND datname = '${road.mas}'
       ) SELECT pg_terminate_backend(pid) FROM ours`,
    )
    const ended = await stopped.ended
    expect(ended.stderr).toMatch(/\((database\.failed|target\.not-restored)\)/)
    return ended
  },
} as const
type Fault = keyof typeof FAULTS

const afterFault = async (stopped: RunningProgram, fault: Fault): Promise<ProgramEnd> => {
  const ended = await FAULTS[fault](stopped)
  await Promise.all(barriers.map((one) => one.release()))
  expect(ended.stderr).not.toContain('(internal)')
  expect(ended.stderr).not.toMatch(/^\s+at /m)
  return ended
}

/** The way to the end, and the end: what one offline migration of the final state gives. */
const expectEnd = async (next: Next, of: Mode): Promise<void> => {
  await peopleChange()
  expect(ending(await run(next), 0)).toBe('exit 0')
  if (next === '--online' || (next === '--resume' && of === '--online')) {
    await peopleChange()
    expect(ending(await run('--final'), 0)).toBe('exit 0')
  }
  await expectFinal()
}

const expectFinal = async (): Promise<void> => {
  await expectConverged({
    source: { postgres, database: road.synapse },
    target: { postgres, database: road.mas },
  })
  const [left] = await postgres.execute(
    road.mas,
    `SELECT count(*)::integer AS n FROM pg_namespace WHERE nspname = 'syn2op_loading'`,
  )
  expect(left).toEqual({ n: 0 })
  expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
}

describe('a first online copy that ends while it', () => {
  it.each<[keyof typeof FIRST_COPY, Fault, Next]>([
    ['copies rows', 'is killed', '--online'],
    ['copies rows', 'is stopped', '--resume'],
    ['puts the accounts on record', 'is killed', '--resume'],
    ['puts the accounts on record', 'is stopped', '--online'],
    ['puts the accounts on record', 'loses its connections to MAS', '--online'],
  ])('%s, since it %s, is taken back; %s copies anew', async (place, fault, next) => {
    await afterFault(await stoppedFirstCopy(place), fault)
    await expectEnd(next, '--online')
  })

  it('compares itself, since it is stopped, stands, whatever MAS’s server waits for; --online compares it', async () => {
    const first = await stoppedFirstCopy('commits its end')
    const other = await postgres.superuser(road.mas)
    await other.query(`SET application_name = 'psql'`)
    await other.query('BEGIN')
    const locked = other.query('LOCK TABLE syn2op_loading.compat_sessions IN ACCESS EXCLUSIVE MODE')
    await Promise.all(barriers.map((one) => one.release()))
    await locked
    // Nothing is left to do at the source, where a stop ends what is under way.
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = '${road.mas}' AND application_name = 'syn2op verify' AND wait_event_type = 'Lock'
        AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'syn2op source' AND state = 'active')`
    while (!first.hasEnded() && (await postgres.execute('postgres', waiting)).length === 0) await sleep(5)
    const ended = await afterFault(first, 'is stopped')
    await other.end()
    expect(ended.stderr).toContain('the copy stands')
    expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'done', activity: 'proving what was written' })
    await expectEnd('--online', '--online')
  })

  it('commits its end, since it is killed, is there as a whole or not at all, and --online goes on', async () => {
    await afterFault(await stoppedFirstCopy('commits its end'), 'is killed')
    await expectEnd('--online', '--online')
  })
})

describe('a first stage', () => {
  it('cannot set MAS’s tables aside, for somebody reads them, and is stopped: nothing was written', async () => {
    await road.emptyMas()
    const reader = await somebodyReads('public.users')
    const first = start('--online', '--limit=20')
    await reader.reached(first)
    const ended = await afterFault(first, 'is stopped')
    expect(ended.stderr).toContain('nothing was written')
    expect(await readJournal(postgres, road.mas)).toBeUndefined()
    await expectEnd('--online', '--online')
  })
})

describe('a run that brings a copy up to date', () => {
  it.each(
    inTurn<[keyof typeof LATER_RUN, Mode, Fault, Next]>('later run', [
      ['enters itself', '--final', 'is stopped', '--final'],
      ['has written rows of a batch', '--online', 'is killed', '--resume'],
      ['has written rows of a batch', '--online', 'is stopped', '--online'],
      ['has written rows of a batch', '--online', 'loses its connections to MAS', '--final'],
      ['has written rows of a batch', '--final', 'is killed', '--online'],
      ['has written rows of a batch', '--final', 'is stopped', '--resume'],
      ['puts a batch on record', '--final', 'is killed', '--resume'],
      ['commits a batch', '--online', 'is killed', '--final'],
      ['commits a batch', '--final', 'loses its connections to MAS', '--resume'],
      ['is about to end', '--online', 'is killed', '--resume'],
      ['is about to end', '--final', 'is killed', '--resume'],
      ['is about to end', '--final', 'is stopped', '--resume'],
      ['is about to end', '--final', 'loses its connections to MAS', '--final'],
      ['commits its end', '--online', 'is killed', '--final'],
    ]),
  )('%s (%s) and %s: %s goes on from there', async (place, mode, fault, next) => {
    await afterFault(await stoppedLaterRun(mode, place), fault)
    await expectEnd(next, mode)
  })

  it('commits the end of --final and is killed: all is in its place, or --final goes on', async () => {
    await afterFault(await stoppedLaterRun('--final', 'commits its end'), 'is killed')
    await lastingSessions(postgres, [road.mas])
    const isDone = (await readJournal(postgres, road.mas))?.state === 'done'
    const next = await run('--final')
    const exit = isDone ? EXIT.usage : EXIT.done
    expect(ending(next, exit)).toBe(`exit ${exit}`)
    if (isDone) expect(next.stderr).toContain('The migration is final')
    await expectFinal()
  })

  it('cannot put the copy in its place, for somebody reads it, and is stopped: it stays aside', async () => {
    await postgres.createDatabase(road.mas, { template: copied })
    const reader = await somebodyReads('syn2op_loading.users')
    const final = start('--final')
    await reader.reached(final)
    const ended = await afterFault(final, 'is stopped')
    expect(ended.stderr).toMatch(/What run \S+ has written stands\. Go on with it: syn2op migrate --final .*--resume$/m)
    expect((await readJournal(postgres, road.mas))?.state).toBe('open')
    await expectEnd('--resume', '--final')
  })

  it('keeps others out while it works, and is not harmed', async () => {
    const later = await stoppedLaterRun('--online', 'has written rows of a batch')
    const second = await run('--final')
    expect(ending(second, EXIT.unavailable)).toBe(`exit ${EXIT.unavailable}`)
    expect(second.stderr).toContain('(target.locked)')
    await Promise.all(barriers.map((one) => one.release()))
    expect(ending(await later.ended, 0)).toBe('exit 0')
    await expectEnd('--final', '--online')
  })

  it('loses the session that holds the lock, and nothing of it comes after the run that takes its place', async () => {
    const later = await stoppedLaterRun('--online', 'has written rows of a batch')
    await postgres.execute(
      'postgres',
      `WITH holder AS MATERIALIZED (
         SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND granted AND application_name LIKE 'syn2op %@%' AND datname = '${road.mas}'
       ) SELECT pg_terminate_backend(pid) FROM holder`,
    )
    await peopleChange()
    const final = start('--final')
    const ended = await later.ended
    expect(final.hasEnded()).toBe(false)
    expect(ended.stderr).toContain('(database.failed)')
    await Promise.all(barriers.map((one) => one.release()))
    expect(ending(await final.ended, 0)).toBe('exit 0')
    await expectFinal()
  })

  it('meets a full disk, and goes on when there is room', async () => {
    await postgres.createDatabase(road.mas, { template: copied })
    await peopleChange()
    await postgres.execute(
      road.mas,
      `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
      'CREATE TRIGGER no_room BEFORE INSERT ON syn2op_loading.compat_access_tokens FOR EACH STATEMENT EXECUTE FUNCTION no_room()',
    )
    const full = await run('--online')
    expect(full.stderr).toContain('(database.failed)')
    expect(full.stderr).toMatch(/Go on with it: syn2op migrate .*--resume$/m)
    await postgres.execute(road.mas, 'DROP TRIGGER no_room ON syn2op_loading.compat_access_tokens')
    await expectEnd('--resume', '--online')
  })
})
