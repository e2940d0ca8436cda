import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { ending, startBuiltProgram } from '../built-program.ts'
import { cameTooLate } from './disturb.ts'
import type { FaultRoad } from './fault-road.ts'
import { expectSameEnd, type WayOn } from './go-on.ts'
import { drawn } from './seed.ts'
import { lastPhase, timePhases, untilPhase } from './watch-phases.ts'

interface Target {
  readonly road: FaultRoad
  readonly phase: string
  /** How long the phase takes when nobody disturbs it, milliseconds. */
  readonly lasts: number
  readonly undisturbed: unknown
}

export interface KillScale {
  /** Kills that hit something. */
  readonly kills: number
  /** And so many at least in each phase. */
  readonly inEachPhase: number
}

/** Runs a road to its end, and notes how long its phases take and what it leaves. */
const undisturbedRun = async (road: FaultRoad): Promise<readonly Target[]> => {
  await road.reset()
  const run = startBuiltProgram(road.command, { folder: road.folder })
  const lasting = await timePhases(run, road.phases)
  expect(ending(await run.ended, 0)).toBe('exit 0')
  const undisturbed = await road.state()
  return road.phases.map((phase) => ({ road, phase, lasts: lasting.get(phase) ?? 0, undisturbed }))
}

/** Kills a run a while after one of its phases began. Returns the phase that was hit; undefined: nothing was left to do. */
const killed = async ({ road, phase, undisturbed }: Target, delay: number) => {
  await road.reset()
  const run = startBuiltProgram(road.command, { folder: road.folder })
  await untilPhase(run, road.phases, phase)
  await sleep(delay)
  run.child.kill('SIGKILL')
  const ended = await run.ended
  const isHit = ended.signal === 'SIGKILL' && !(await cameTooLate(road, ended, undisturbed))
  return { ended, hit: isHit ? lastPhase(ended.stderr, road.phases) : undefined }
}

/** In turns. */
const WAYS = ['again', 'status', 'resume'] as const satisfies readonly WayOn[]

/**
 * Kills runs of some roads from outside, after delays that are drawn, each time where the fewest kills have hit so far; and
 * lets each be gone on with, in turns by the same command, by the line of `status` and by `--resume`. Kills that hit nothing
 * do not count.
 * @returns lines of a table: how many kills hit each phase of each road.
 */
export const killRandomly = async (
  group: string,
  roads: readonly FaultRoad[],
  { kills, inEachPhase }: KillScale,
): Promise<readonly string[]> => {
  const targets: Target[] = []
  for (const road of roads) targets.push(...(await undisturbedRun(road)))
  const hits = new Map(targets.map((target) => [target, 0]))
  const sum = (some: readonly Target[]): number => some.reduce((total, one) => total + (hits.get(one) ?? 0), 0)
  const phases = [...new Set(targets.map(({ phase }) => phase))]
  const of = (phase: string): readonly Target[] => targets.filter((target) => target.phase === phase)
  const least = (): Target | undefined => {
    const phase = phases.toSorted((one, other) => sum(of(one)) - sum(of(other)))[0]
    return of(phase ?? '').toSorted((one, other) => sum([one]) - sum([other]))[0]
  }
  /** How often in a row kills that were aimed at it came too late: the next ones come sooner. */
  const late = new Map<Target, number>()
  const enough = (): boolean => sum(targets) >= kills && phases.every((phase) => sum(of(phase)) >= inEachPhase)
  for (let attempt = 0; !enough(); attempt++) {
    expect(attempt, 'kills that hit nothing').toBeLessThan(kills * 4 + 20)
    const aim = least()
    if (aim === undefined) throw new Error('A road has phases')
    const delay = drawn(group, attempt) * aim.lasts * 0.6 ** (late.get(aim) ?? 0)
    const { ended, hit } = await killed(aim, delay)
    late.set(aim, hit === aim.phase ? 0 : (late.get(aim) ?? 0) + 1)
    const target = targets.find(({ road, phase }) => road === aim.road && phase === hit)
    if (target === undefined) continue
    hits.set(target, sum([target]) + 1)
    const way = WAYS[(sum(targets) - 1) % WAYS.length] ?? 'again'
    console.log(
      `kill ${sum(targets)}: ${aim.road.name}, ${aim.phase} + ${delay.toFixed(0)} ms, hit ${hit}, then ${way}`,
    )
    await expectSameEnd(aim.road, { ended, way, undisturbed: aim.undisturbed })
  }
  return targets.map((target) => `${group} | ${target.road.name} | ${target.phase} | ${sum([target])}`)
}
