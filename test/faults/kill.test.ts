import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ending, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { drawn, KILLS_ASKED, SEED } from '../support/faults/seed.ts'
import { watchJournal } from '../support/journal-watch.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, readJournal, readTargetState, type TargetState } from '../support/target-state.ts'

const PHASES = ['copy', 'keys', 'indexes', 'foreign keys'] as const
type Phase = (typeof PHASES)[number]

/** `npm run test:full` kills more often; the long form of the fault suite as often as it is told. */
const SCALE =
  KILLS_ASKED !== undefined
    ? { accounts: 10_000, kills: Number(KILLS_ASKED), inEachPhase: Math.floor(Number(KILLS_ASKED) / 10) }
    : { accounts: 5_000, kills: 6, inEachPhase: 1 }

interface Span {
  /** Milliseconds after the journal first showed the run. */
  readonly from: number
  readonly to: number
}

const phasesIn = (activity: string): readonly Phase[] => PHASES.filter((phase) => activity.includes(`${phase}: `))

let postgres: TestPostgres & { stop(): Promise<void> }
/** Somebody else on the same server, whom no run may touch. */
let bystander: pg.Client
let road: DemoRoad
let before: TargetState
let undisturbed: TargetState
let spans: Readonly<Record<Phase, Span>>

/** A run that nobody disturbs but by looking: when which phase was under way. */
const calibrate = async (): Promise<Readonly<Record<Phase, Span>>> => {
  const seen = new Map<Phase, { from: number; to: number }>()
  const journal = await watchJournal(postgres, road.mas)
  const run = startBuiltProgram(['migrate', '--yes', '--log-level', 'debug', ...road.flags])
  let begun: number | undefined
  while (!run.hasEnded()) {
    const activity = await journal.activity()
    const now = performance.now()
    if (activity !== undefined) begun ??= now
    for (const phase of phasesIn(activity ?? '')) {
      const at = now - (begun ?? now)
      const span = seen.get(phase) ?? { from: at, to: at }
      seen.set(phase, { from: span.from, to: at })
    }
    await sleep(1)
  }
  await journal.end()
  expect(ending(await run.ended, 0)).toBe('exit 0')
  const spanOf = (phase: Phase): Span => seen.get(phase) ?? { from: 0, to: 50 }
  return {
    'copy': spanOf('copy'),
    'keys': spanOf('keys'),
    'indexes': spanOf('indexes'),
    'foreign keys': spanOf('foreign keys'),
  }
}

interface Aim {
  readonly phase: Phase
  readonly delay: number
}

/** Kills a run a while after its phase began. Returns what the journal says it was doing; undefined: nothing was hit. */
const killOne = async ({ phase, delay }: Aim): Promise<string | undefined> => {
  const journal = await watchJournal(postgres, road.mas)
  const run = startBuiltProgram(['migrate', '--yes', '--log-level', 'debug', ...road.flags])
  while (!run.hasEnded() && !phasesIn((await journal.activity()) ?? '').includes(phase)) await sleep(1)
  await sleep(delay)
  run.child.kill('SIGKILL')
  await run.ended
  await journal.end()
  let entry = await readJournal(postgres, road.mas)
  if (entry?.state === 'loading' && phasesIn(entry.activity).length === 0) {
    // What the server has been told before may be the end.
    await lastingSessions(postgres, [road.mas])
    entry = await readJournal(postgres, road.mas)
  }
  return entry?.state === 'loading' ? entry.activity : undefined
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  bystander = await postgres.superuser('postgres')
  road = await makeDemoRoad(postgres, { name: 'kill', accounts: SCALE.accounts, damage: 'all' })
  before = await readTargetState(postgres, road.mas)
  spans = await calibrate()
  undisturbed = await readTargetState(postgres, road.mas)
  const shown = PHASES.map((phase) => `${phase} ${Math.round(spans[phase].from)}–${Math.round(spans[phase].to)} ms`)
  console.log(`seed ${SEED} (SYN2OP_TEST_SEED), undisturbed: ${shown.join(', ')}`)
}, 300_000)

afterAll(async () => {
  await bystander?.end()
  await road?.remove()
  await postgres?.stop()
})

describe('a run killed at any instant', () => {
  it(`is taken back by the next command, and the run after it ends as if nothing had happened: ${SCALE.kills} kills`, {
    timeout: 300_000 + SCALE.kills * 60_000,
  }, async () => {
    const hits: Record<Phase, number> = { 'copy': 0, 'keys': 0, 'indexes': 0, 'foreign keys': 0 }
    /** How often in a row kills that were aimed at it came too late: the next ones come sooner. */
    const late: Record<Phase, number> = { 'copy': 0, 'keys': 0, 'indexes': 0, 'foreign keys': 0 }
    const least = (): Phase => PHASES.toSorted((a, b) => hits[a] - hits[b])[0] ?? 'copy'
    let counted = 0
    for (let attempt = 0; counted < SCALE.kills || Math.min(...Object.values(hits)) < SCALE.inEachPhase; attempt++) {
      expect(attempt, 'kills that hit nothing').toBeLessThan(SCALE.kills * 4 + 20)
      const phase = least()
      const delay = drawn('load', attempt) * (spans[phase].to - spans[phase].from) * 0.6 ** late[phase]
      await road.emptyMas()
      const hit = await killOne({ phase, delay })
      late[phase] = phasesIn(hit ?? '').includes(phase) ? 0 : late[phase] + 1
      if (hit === undefined) continue
      counted++
      for (const one of phasesIn(hit)) hits[one]++
      // Both ways back are taken in turns: looking first, or migrating at once.
      const next = counted % 2 === 0 ? 'check' : 'migrate'
      console.log(`kill ${counted}, ${phase} + ${delay.toFixed(0)} ms, hit "${hit || 'begin or end'}", then ${next}`)
      if (next === 'check') await expectTakenBackByCheck()
      await expectCompleteAfterMigrate({ takesBack: next === 'migrate' ? 'here' : 'before' })
    }
    await expect(bystander.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 })
    console.log(`hits: ${PHASES.map((phase) => `${phase} ${hits[phase]}`).join(', ')}`)
  })
})

const expectTakenBackByCheck = async (): Promise<void> => {
  const check = await runBuiltProgram(['check', ...road.flags])
  expect(ending(check, 0)).toBe('exit 0')
  expect(check.stderr).toContain('Took back the unfinished run')
  expect(await readTargetState(postgres, road.mas)).toEqual(before)
  expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
  expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'undone' })
}

const expectCompleteAfterMigrate = async ({ takesBack }: { readonly takesBack: 'here' | 'before' }): Promise<void> => {
  const migrate = await runBuiltProgram(['migrate', '--yes', '--log-level', 'debug', ...road.flags])
  expect(ending(migrate, 0)).toBe('exit 0')
  expect(migrate.stderr.includes('Took back the unfinished run')).toBe(takesBack === 'here')
  expect(await readTargetState(postgres, road.mas)).toEqual(undisturbed)
  expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
  expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'done' })
}
