import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunDocument } from '../../src/report/documents.ts'
import type { StatusDocument } from '../../src/report/status.ts'
import { type Barrier, makeBarrier } from '../support/barrier.ts'
import {
  ending,
  type ProgramEnd,
  type RunningProgram,
  runTyped,
  startBuiltProgram,
  untilTold,
} from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { inTurn } from '../support/faults/seed.ts'
import { expectConverged } from '../support/migration/online.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions } from '../support/target-state.ts'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad
let copied: string
let runs: string
let barrier: Barrier | undefined
let running: RunningProgram | undefined

const start = (...flags: readonly string[]): RunningProgram => {
  running = startBuiltProgram(['migrate', '--yes', '--accept=SYNAPSE_RUNNING', ...road.flags, ...flags], {
    folder: road.folder,
  })
  return running
}

const typed = (line: string): Promise<ProgramEnd> => runTyped(line, { folder: road.folder })

const resumeOf = ({ stderr }: ProgramEnd): string => /Go on with it: (syn2op .*)$/m.exec(stderr)?.[1] ?? 'false'

const status = async (): Promise<StatusDocument> => {
  const flags = road.flags.filter((flag) => /config/.test(flag)).join(' ')
  return JSON.parse((await typed(`syn2op status --json ${flags}`)).stdout) as StatusDocument
}

const report = async ({ runs: [last] }: StatusDocument): Promise<RunDocument> =>
  JSON.parse(await readFile(join(runs, last?.runId ?? '', 'report.json'), 'utf8')) as RunDocument

const count = ({ outcomes = [] }: RunDocument, wanted: string): number =>
  outcomes.find(({ outcome }) => outcome === wanted)?.count ?? 0

/** Every account has a new name for one of its devices, so that an online run has something to do for everybody. */
const everybodyChanges = (name: string): Promise<unknown> =>
  postgres.execute(road.synapse, `UPDATE devices SET display_name = '${name}' WHERE NOT hidden`)

const renamed = async (name: string): Promise<number> => {
  const [row] = await postgres.execute(
    road.mas,
    `SELECT count(*)::integer AS n FROM syn2op_loading.compat_sessions WHERE human_name = '${name}'`,
  )
  return Number(row?.['n'])
}

/** Waits until a run that nobody hears has noted something. */
const untilOnRecord = async (run: RunningProgram, words: string): Promise<void> => {
  const events = async (): Promise<string> => {
    const [last = ''] = (await readdir(runs)).toSorted().toReversed()
    return readFile(join(runs, last, 'events.ndjson'), 'utf8')
  }
  while (!run.hasEnded() && !(await events()).includes(words)) await sleep(20)
}

const expectFinal = async (): Promise<void> => {
  expect(ending(await start('--final').ended, 0)).toBe('exit 0')
  await expectConverged({
    source: { postgres, database: road.synapse },
    target: { postgres, database: road.mas },
  })
  expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'mas_signals', accounts: 1000, damage: 'none' })
  runs = join(road.folder, 'syn2op-runs')
  copied = `${road.mas}_copied`
  expect(ending(await start('--online').ended, 0)).toBe('exit 0')
  await postgres.createDatabase(copied, { template: road.mas })
}, 120_000)

beforeEach(async () => {
  await postgres.createDatabase(road.mas, { template: copied })
  await rm(runs, { recursive: true, force: true })
})

afterEach(async () => {
  if (running?.hasEnded() === false) running.child.kill('SIGKILL')
  await barrier?.release()
  barrier = undefined
})

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

describe.each(inTurn('signal of MAS', ['SIGINT', 'SIGTERM'] as const))('%s while batches are written', (signal) => {
  it('once: they end, the run stays open, status says so, and the line to type goes on with it', async () => {
    await everybodyChanges(`once ${signal}`)
    barrier = await makeBarrier(postgres, road.mas, 'batch')
    await barrier.at({ table: 'syn2op_loading.compat_sessions', fires: 'AFTER UPDATE' })
    const run = start('--online', '--max-rate', '150')
    await barrier.reached(run)
    run.child.kill(signal)
    await untilTold(run, 'Finishing what is under way')
    expect(run.hasEnded()).toBe(false)
    await barrier.release()
    const ended = await run.ended
    expect(ending(ended, 130)).toBe('exit 130')
    expect(await renamed(`once ${signal}`)).toBeGreaterThan(0)

    const seen = await status()
    expect(seen.runs[0]).toMatchObject({ state: 'unfinished', kind: 'online', endedEarly: 'stopped' })
    expect(seen.next.flatMap(({ commands }) => commands)).toContain(resumeOf(ended))
    const document = await report(seen)
    expect(document.endedEarly).toEqual({ why: 'stopped', resume: resumeOf(ended) })
    expect(count(document, 'updated')).toBeGreaterThan(0)
    expect(count(document, 'not attempted')).toBeGreaterThan(0)
    const accounts = document.relations.find(({ relation }) => relation === 'account')
    expect((document.outcomes ?? []).reduce((sum, one) => sum + one.count, 0)).toBe(accounts?.read)

    const resumed = await typed(resumeOf(ended))
    expect(ending(resumed, 0)).toBe('exit 0')
    expect(resumed.stdout).not.toContain('Stopped')
    expect((await status()).runs[0]).toMatchObject({ state: 'done' })
    await expectFinal()
  })

  it('twice: they are taken back at once, and the line to type goes on with it', async () => {
    await everybodyChanges(`twice ${signal}`)
    barrier = await makeBarrier(postgres, road.mas, 'batch')
    await barrier.at({ table: 'syn2op_loading.compat_sessions', fires: 'AFTER UPDATE' })
    const run = start('--online')
    await barrier.reached(run)
    run.child.kill(signal)
    await untilTold(run, 'Finishing what is under way')
    // Two signals close together are one keystroke that arrives twice.
    await sleep(600)
    const asked = performance.now()
    run.child.kill(signal)
    const ended = await run.ended
    // Else it waits for what holds its batch.
    expect(performance.now() - asked).toBeLessThan(30_000)
    expect(ending(ended, 130)).toBe('exit 130')
    await barrier.release()
    expect(await renamed(`twice ${signal}`)).toBe(0)
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    await expectFinal()
  })
})

describe('Ctrl-C that ends the reader of what it says too, as in `2>&1 | tee`', () => {
  it('stops the run all the same: its batches end, and its report and the line to type are on record', async () => {
    await everybodyChanges('unheard')
    barrier = await makeBarrier(postgres, road.mas, 'batch')
    await barrier.at({ table: 'syn2op_loading.compat_sessions', fires: 'AFTER UPDATE' })
    const run = start('--online', '--max-rate', '300')
    await barrier.reached(run)
    run.child.stdout?.destroy()
    run.child.stderr?.destroy()
    run.child.kill('SIGINT')
    await untilOnRecord(run, 'Asked to stop')
    expect(run.hasEnded()).toBe(false)
    await barrier.release()
    expect(ending(await run.ended, 130)).toBe('exit 130')
    expect(await renamed('unheard')).toBeGreaterThan(0)
    const seen = await status()
    expect(seen.runs[0]).toMatchObject({ state: 'unfinished', endedEarly: 'stopped' })
    const { endedEarly } = await report(seen)
    expect(ending(await typed(endedEarly?.resume ?? 'false'), 0)).toBe('exit 0')
    await expectFinal()
  })
})

describe('SIGKILL', () => {
  it('leaves a lock that frees itself: the next run says who died, and when it was last heard of', async () => {
    await everybodyChanges('killed')
    barrier = await makeBarrier(postgres, road.mas, 'batch')
    await barrier.at({ table: 'syn2op_loading.compat_sessions', fires: 'AFTER UPDATE' })
    const run = start('--online')
    await barrier.reached(run)
    run.child.kill('SIGKILL')
    await run.ended
    await barrier.release()
    const [dead] = (await status()).runs
    expect(dead).toMatchObject({ state: 'unfinished', kind: 'online' })
    const next = await start('--online').ended
    expect(ending(next, 0)).toBe('exit 0')
    expect(next.stderr).toMatch(
      new RegExp(`The process of run ${dead?.runId} \\(${run.child.pid} on .+\\) died; it was last heard of at 20`),
    )
    await expectFinal()
  })
})

describe('a final run that is asked to stop', () => {
  it('puts nothing in its place, though its last batch is written', async () => {
    await everybodyChanges('final')
    barrier = await makeBarrier(postgres, road.mas, 'batch')
    await barrier.at({ table: 'syn2op_loading.compat_sessions', fires: 'AFTER UPDATE' })
    const run = start('--final')
    await barrier.reached(run)
    run.child.kill('SIGINT')
    await untilTold(run, 'Finishing what is under way')
    await barrier.release()
    const ended = await run.ended
    expect(ending(ended, 130)).toBe('exit 130')
    const seen = await status()
    expect(seen.target).toMatchObject({ state: 'online', final: false })
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    expect((await status()).target).toMatchObject({ state: 'migrated', final: true })
    await expectConverged({
      source: { postgres, database: road.synapse },
      target: { postgres, database: road.mas },
    })
  })
})

describe('a pause', () => {
  it('by the file and by SIGUSR2: nothing is written while it lasts', async () => {
    await everybodyChanges('paused')
    const run = start('--online', '--max-rate', '125')
    // Who looks into MAS's database before it was checked would be somebody who uses it.
    await untilTold(run, 'prepare done')
    while (!run.hasEnded() && (await renamed('paused')) === 0) await sleep(20)
    if (run.hasEnded()) expect(ending(await run.ended, 0)).toBe('still at work')
    const [last] = (await readdir(runs)).toSorted().toReversed()
    const file = join(runs, last ?? '', 'pause')
    await writeFile(file, '')
    await untilTold(run, 'Paused')
    // What was under way ends first.
    for (let before = -1, now = await renamed('paused'); now !== before; now = await renamed('paused')) {
      before = now
      await sleep(1500)
    }
    expect(run.hasEnded()).toBe(false)
    expect((await status()).runs[0]).toMatchObject({ state: 'running', paused: file })
    run.child.kill('SIGUSR2')
    expect(ending(await run.ended, 0)).toBe('exit 0')
    expect(run.told()).toMatch(/Paused: .*\n(.*\n)*Going on\./)
    await expectFinal()
  })
})

describe('--max-rejected', () => {
  it('ends a run whose rows MAS refuses; once that is mended, the line to type goes on with it', async () => {
    await everybodyChanges('refused')
    await postgres.execute(
      road.mas,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = '23514'; END $$`,
      `CREATE TRIGGER refuse BEFORE UPDATE ON syn2op_loading.compat_sessions
         FOR EACH ROW WHEN (NEW.human_name = 'refused') EXECUTE FUNCTION refuse()`,
    )
    const ended = await start('--online', '--max-rate', '200', '--max-rejected', '5').ended
    expect(ending(ended, 3)).toBe('exit 3')
    expect(ended.stderr).toContain('(run.too-many-rejected)')
    const seen = await status()
    expect(seen.runs[0]).toMatchObject({ state: 'unfinished', endedEarly: 'too many rejected' })
    const document = await report(seen)
    expect(ended.stderr).toContain(`The target rejected ${count(document, 'rejected')} accounts`)
    expect(count(document, 'not attempted')).toBeGreaterThan(0)
    await postgres.execute(road.mas, 'DROP TRIGGER refuse ON syn2op_loading.compat_sessions', 'DROP FUNCTION refuse()')
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    await expectFinal()
  })
})

describe('--max-rate', () => {
  it('holds, in batches that are no larger than a second allows', async () => {
    await everybodyChanges('rate')
    const ended = await start('--online', '--max-rate', '250').ended
    expect(ending(ended, 0)).toBe('exit 0')
    const document = await report(await status())
    const written = document.phases.find(({ phase }) => phase === 'write')?.milliseconds ?? 0
    expect(document.candidates ?? 0).toBeGreaterThan(500)
    expect(((document.candidates ?? 0) - 250) / (written / 1000)).toBeLessThan(260)
  })
})
