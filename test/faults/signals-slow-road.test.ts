import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunDocument } from '../../src/report/documents.ts'
import type { RunEvent } from '../../src/report/run-record.ts'
import type { StatusDocument } from '../../src/report/status.ts'
import {
  ending,
  type ProgramEnd,
  type RunningProgram,
  runTyped,
  startBuiltProgram,
  untilTold,
} from '../support/built-program.ts'
import { inTurn } from '../support/faults/seed.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { makeToyRoad, type ToyRoad } from '../support/toy-road.ts'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: ToyRoad
let undisturbed: Readonly<Record<string, unknown>>
let running: RunningProgram | undefined

const start = (...flags: readonly string[]): RunningProgram => {
  running = startBuiltProgram(['migrate', '--yes', ...road.flags, road.asOf, ...flags], { folder: road.folder })
  return running
}

const migrate = (...flags: readonly string[]): Promise<ProgramEnd> => start(...flags).ended

/** What the last line says that is to be typed, word by word. */
const resumeOf = ({ stderr }: ProgramEnd): string => /Go on with it: (syn2op .*)$/m.exec(stderr)?.[1] ?? 'false'

const typed = (line: string): Promise<ProgramEnd> => runTyped(line, { folder: road.folder })

const lastFolder = async (): Promise<string> => {
  const names = (await readdir(road.runs)).filter((name) => /^\d{8}-/.test(name)).toSorted()
  return join(road.runs, names.at(-1) ?? '')
}

const report = async (): Promise<RunDocument> =>
  JSON.parse(await readFile(join(await lastFolder(), 'report.json'), 'utf8')) as RunDocument

const events = async (): Promise<readonly RunEvent[]> =>
  (await readFile(join(await lastFolder(), 'events.ndjson'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)

const status = async (): Promise<StatusDocument> =>
  JSON.parse((await typed(`syn2op status --json --runs-dir ${road.runs}`)).stdout) as StatusDocument

const count = ({ outcomes = [] }: RunDocument, wanted: string): number =>
  outcomes.find(({ outcome }) => outcome === wanted)?.count ?? 0

const arrived = async (): Promise<number> => Object.keys(await road.people()).length

const untilSome = async (run: RunningProgram): Promise<void> => {
  while (!run.hasEnded() && (await arrived()) < 20) await sleep(2)
}

/** Waits until the toy is at work: what a run says of a phase comes before that, and on a busy machine long before. */
const untilBegun = async (run: RunningProgram): Promise<void> => {
  while (!run.hasEnded() && !road.hasBegun()) await sleep(2)
}

/** Waits until a run says that it rests, and nobody has arrived for a second; expects that it has more to do. */
const expectAtRest = async (run: RunningProgram): Promise<void> => {
  await untilTold(run, 'Paused')
  for (let before = -1, now = await arrived(); now !== before; now = await arrived()) {
    before = now
    await sleep(1000)
  }
  expect(run.hasEnded()).toBe(false)
  expect(await arrived()).toBeLessThan(Object.keys(undisturbed).length)
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeToyRoad(postgres, { name: 'slow_signals', accounts: 200 })
  expect(ending(await migrate(), 0)).toBe('exit 0')
  undisturbed = await road.people()
})

beforeEach(async () => {
  await road.empty()
  await road.configure({ pause: 20, batchSize: 10 })
})

afterEach(() => {
  if (running?.hasEnded() === false) running.child.kill('SIGKILL')
})

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

describe.each(inTurn('signal of the slow road', ['SIGINT', 'SIGTERM'] as const))('%s', (signal) => {
  it('once: the batches under way end, the rest is counted, and the line to type goes on with it', async () => {
    const run = start('--max-rate', '5000')
    await untilSome(run)
    run.child.kill(signal)
    const ended = await run.ended
    expect(ending(ended, 130)).toBe('exit 130')
    expect(ended.stderr).toContain('Finishing what is under way')
    expect(ended.stderr).toContain('(run.interrupted)')
    expect(ended.stdout).toContain('Stopped, as asked; it can be gone on with')

    const document = await report()
    expect(document.endedEarly).toEqual({ why: 'stopped', resume: resumeOf(ended) })
    expect(count(document, 'not attempted')).toBeGreaterThan(0)
    expect(count(document, 'created')).toBe(await arrived())
    const happened = await events()
    expect(happened.at(-1)).toMatchObject({ event: 'finished', endedEarly: 'stopped' })
    expect(happened).toContainEqual(
      expect.objectContaining({ event: 'note', message: 'Asked to stop: what is under way is finished.' }),
    )

    const seen = await status()
    expect(seen.runs[0]).toMatchObject({ state: 'unfinished', endedEarly: 'stopped' })
    expect(seen.next.flatMap(({ commands }) => commands)).toContain(resumeOf(ended))

    expect(resumeOf(ended)).toContain('--max-rate 5000')
    expect(resumeOf(ended)).not.toContain('--as-of')
    await road.configure({})
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
    expect((await status()).runs.map(({ state }) => state)).toEqual(['done', 'resumed'])
  })

  it('twice: what is under way ends at once, and the line to type goes on with it', async () => {
    await road.configure({ pause: 1000, batchSize: 20, tells: true })
    const run = start()
    await untilBegun(run)
    run.child.kill(signal)
    await untilTold(run, 'Finishing what is under way')
    // Two signals close together are one keystroke that arrives twice.
    await sleep(600)
    expect(run.hasEnded()).toBe(false)
    const asked = performance.now()
    run.child.kill(signal)
    const ended = await run.ended
    expect(ending(ended, 130)).toBe('exit 130')
    // The batch under way alone takes twenty seconds.
    expect(performance.now() - asked).toBeLessThan(10_000)
    expect(ended.stderr).toContain('Stopping at once')
    await road.configure({})
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
  })
})

describe('Ctrl-C while a run decides', () => {
  const CROWD = `name LIKE '@crowd%'`

  beforeEach(async () => {
    await postgres.execute(
      road.synapse,
      `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated)
       SELECT '@crowd' || n || ':demo.example', 1700000000, 0, 0, 0 FROM generate_series(1, 50000) n`,
    )
  })

  afterEach(() => postgres.execute(road.synapse, `DELETE FROM users WHERE ${CROWD}`))

  it('ends it as stopped, before anybody is written, and the line of status begins anew', async () => {
    const run = start()
    while (!run.hasEnded() && !run.told().includes('decide')) await sleep(1)
    run.child.kill('SIGINT')
    const ended = await run.ended
    expect(ending(ended, 130)).toBe('exit 130')
    expect(ended.stderr).toContain('(run.interrupted)')
    expect(ended.stderr).not.toContain('Finishing what is under way')
    expect((await events()).at(-1)).toMatchObject({ event: 'failed', code: 'run.interrupted' })
    expect(await arrived()).toBe(0)
    await postgres.execute(road.synapse, `DELETE FROM users WHERE ${CROWD}`)
    await road.configure({})
    const [line = 'false'] = (await status()).next[0]?.commands ?? []
    expect(ending(await typed(line), 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
  })
})

describe('Ctrl-C while the last batch is at work', () => {
  it('finds nothing left: the run ends as one that nobody stopped', async () => {
    await road.configure({ pause: 15, batchSize: 1000, tells: true })
    const run = start()
    await untilBegun(run)
    run.child.kill('SIGINT')
    const ended = await run.ended
    expect(ended.stderr).toContain('Finishing what is under way')
    expect(ending(ended, 0)).toBe('exit 0')
    expect(ended.stderr).not.toContain('--resume')
    expect(await road.people()).toEqual(undisturbed)
    const { runs } = await status()
    expect(runs[0]).toMatchObject({ state: 'done' })
    expect(runs[0]).not.toHaveProperty('endedEarly')
  })
})

describe('Ctrl-C while a run is taken back', () => {
  it('ends it after the account under way, however many its batch has, and the same command does the rest', async () => {
    await road.configure({})
    expect(ending(await migrate(), 0)).toBe('exit 0')
    await road.configure({ pause: 100, batchSize: 1000, tells: true })
    const { folder } = road
    running = startBuiltProgram(['rollback', 'last', '--yes', ...road.flags, road.asOf], { folder })
    await untilBegun(running)
    const asked = performance.now()
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(performance.now() - asked).toBeLessThan(5000)
    expect(ending(ended, 130)).toBe('exit 130')
    const everybody = Object.keys(undisturbed).length
    const left = await arrived()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(everybody)
    expect(ended.stderr).toContain(`Stopped, as asked, after ${everybody - left} of ${everybody} accounts`)
    expect(ended.stderr).toMatch(new RegExp(`accounts done in .*, ${everybody - left} accounts`, 'u'))
    await road.configure({})
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    expect(await arrived()).toBe(0)
  })
})

describe('SIGKILL', () => {
  it('leaves a lock that frees itself: the next run says who died, and when it was last heard of', async () => {
    const run = start()
    await untilSome(run)
    run.child.kill('SIGKILL')
    await run.ended
    const [dead] = (await status()).runs
    expect(dead).toMatchObject({ state: 'unfinished' })
    await road.configure({})
    const resumed = await typed(`syn2op migrate --yes ${road.flags.join(' ')} --resume`)
    expect(ending(resumed, 0)).toBe('exit 0')
    expect(resumed.stderr).toMatch(
      new RegExp(`The process of run ${dead?.runId} \\(${run.child.pid} on .+\\) died; it was last heard of at 20`),
    )
    expect(await road.people()).toEqual(undisturbed)
  })
})

describe('a pause', () => {
  it('by the file: nothing more begins while it is there, status says so, and then the run goes on', async () => {
    const run = start()
    await untilSome(run)
    const file = join(await lastFolder(), 'pause')
    await writeFile(file, '')
    await expectAtRest(run)
    expect(run.told()).toContain(`rm ${file}`)
    const paused = await status()
    expect(paused.runs[0]).toMatchObject({ state: 'running', paused: file })
    expect(paused.next[0]?.commands).toEqual([`rm ${file}`])
    await rm(file)
    expect(ending(await run.ended, 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
    const notes = (await events()).flatMap((event) => (event.event === 'note' ? [event.message] : []))
    expect(notes.filter((note) => !note.startsWith('To let this run rest'))).toEqual([
      expect.stringContaining('Paused'),
      'Going on.',
    ])
  })

  it('by SIGUSR2, which makes the file and removes it', async () => {
    const run = start()
    await untilSome(run)
    const file = join(await lastFolder(), 'pause')
    run.child.kill('SIGUSR2')
    await expectAtRest(run)
    expect(existsSync(file)).toBe(true)
    run.child.kill('SIGUSR2')
    expect(ending(await run.ended, 0)).toBe('exit 0')
    expect(existsSync(file)).toBe(false)
    expect(await road.people()).toEqual(undisturbed)
  })

  it('can be ended by Ctrl-C', async () => {
    const run = start()
    await untilSome(run)
    run.child.kill('SIGUSR2')
    await expectAtRest(run)
    run.child.kill('SIGINT')
    const ended = await run.ended
    expect(ending(ended, 130)).toBe('exit 130')
    expect(existsSync(join(await lastFolder(), 'pause'))).toBe(false)
    await road.configure({})
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
  })
})

describe('limits', () => {
  it.each([
    ['--max-rejected', '2'],
    ['--max-rejected', '4%'],
  ])('%s %s: the run ends early, says how many, and goes on once they are mended', async (flag, value) => {
    const refuse = Object.keys(undisturbed).filter((_, place) => place % 3 === 0)
    await road.configure({ refuse, batchSize: 10 })
    const ended = await migrate(flag, value)
    expect(ending(ended, 3)).toBe('exit 3')
    const document = await report()
    const rejected = count(document, 'rejected')
    expect(rejected).toBeGreaterThan(2)
    expect(rejected).toBeLessThan(refuse.length)
    expect(count(document, 'not attempted')).toBeGreaterThan(0)
    expect(document.endedEarly?.why).toBe('too many rejected')
    expect(ended.stderr).toContain(`The target rejected ${rejected} accounts`)
    expect(ended.stderr).toContain('(run.too-many-rejected)')
    await road.configure({})
    expect(ending(await typed(resumeOf(ended)), 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
  })

  it('--max-rejected that is not passed: all others are migrated', async () => {
    const refuse = Object.keys(undisturbed).slice(0, 2)
    await road.configure({ refuse, batchSize: 10 })
    expect(ending(await migrate('--max-rejected', '2'), 3)).toBe('exit 3')
    expect((await report()).endedEarly).toBeUndefined()
    expect(await arrived()).toBe(Object.keys(undisturbed).length - refuse.length)
  })

  it('--limit: so many are done, and the next run does others', async () => {
    await road.configure({ batchSize: 30 })
    for (const done of [70, 140]) {
      expect(ending(await migrate('--limit', '70'), 0)).toBe('exit 0')
      const document = await report()
      expect(document.limit).toBe(70)
      expect(await arrived()).toBeGreaterThan(done - 70)
      expect(await arrived()).toBeLessThanOrEqual(done)
      expect((document.outcomes ?? []).reduce((sum, one) => sum + one.count, 0)).toBe(
        document.relations.find(({ relation }) => relation === 'account')?.read,
      )
      expect(count(document, 'not attempted')).toBeGreaterThan(0)
    }
    expect(ending(await migrate(), 0)).toBe('exit 0')
    expect(await road.people()).toEqual(undisturbed)
    expect(ending(await migrate('--limit', '70'), 0)).toBe('exit 0')
    expect((await report()).outcomes?.map(({ outcome }) => outcome)).toEqual(['unchanged', 'held back'])
  })

  it('--max-rate holds', async () => {
    await road.configure({})
    const ended = await migrate('--max-rate', '40')
    expect(ending(ended, 0)).toBe('exit 0')
    const applied = (await report()).phases.find(({ phase }) => phase === 'apply')?.milliseconds ?? 0
    const accounts = Object.keys(undisturbed).length
    // The last batch, of a second at most, begins when all others have had their time.
    expect((accounts - 40) / (applied / 1000)).toBeLessThan(41)
    expect(await road.people()).toEqual(undisturbed)
  })
})
