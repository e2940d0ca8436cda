import { expect } from 'vitest'
import { ERRORS, type ErrorCode } from '../../../src/errors/catalogue.ts'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import { ending, type ProgramEnd, type RunningProgram, startBuiltProgram } from '../built-program.ts'
import type { FaultRoad } from './fault-road.ts'
import { expectSameEnd, type WayOn } from './go-on.ts'
import { untilPhase } from './watch-phases.ts'

/** A run that is disturbed: what a fault may do to it and around it. */
export interface Disturbed {
  readonly road: FaultRoad
  readonly run: RunningProgram
}

export interface Fault {
  readonly name: string
  /** Before the run is started; what it leaves is taken away by `heal`. */
  readonly prepare?: (road: FaultRoad) => Promise<void>
  /** Of the run's process. */
  readonly env?: Readonly<Record<string, string>>
  /** Of the command that goes on with it. */
  readonly envAfter?: Readonly<Record<string, string>>
  /** Once the run has come to the point. */
  readonly strike?: (disturbed: Disturbed) => Promise<void>
  /** Takes the fault away, when the run has ended. */
  readonly heal?: (road: FaultRoad) => Promise<void>
  /**
   * How the run ends: as if nothing had happened; with an error that says what to do; by the moment, either; or since it was
   * asked to stop.
   */
  readonly ends: 'well' | 'told' | 'either' | 'stopped'
  /** What the error names. */
  readonly says?: RegExp
}

/** The error that a run told: its code, and what to do next. */
interface ToldError {
  readonly code: ErrorCode
  readonly next: readonly string[]
}

const isCode = (code: string): code is ErrorCode => code in ERRORS

/** An error of the catalogue with words, a next step and its exit code; never one that only a programmer understands. */
export const expectTold = (ended: ProgramEnd): ToldError => {
  const { stderr } = ended
  const code = [...stderr.matchAll(/^Error: .{10,} \(([a-z]+(?:\.[a-z-]+)?)\)$/gm)].at(-1)?.[1] ?? 'none'
  expect(code, stderr).not.toBe('internal')
  if (!isCode(code)) throw new Error(`${code} is no code of the catalogue: ${stderr}`)
  expect(ending(ended, ERRORS[code].exit)).toBe(`exit ${ERRORS[code].exit}`)
  expect(stderr).not.toMatch(/^\s+at /m)
  const next = (/\nNext:\n((?: {2}.*\n)+)/.exec(stderr)?.[1] ?? '').trim().split('\n')
  expect(next[0]).toMatch(/\w{3}/)
  return { code, next }
}

/** It ends as asked, and says what is left, be it that it had to be asked until it waited for nothing any more. */
const expectStopped = (ended: ProgramEnd): string => {
  expect(ending(ended, EXIT.interrupted)).toBe(`exit ${EXIT.interrupted}`)
  if (ended.stderr.includes('Ended at once')) return 'ended at once'
  return expectTold(ended).code
}

export interface DisturbedCase {
  readonly road: FaultRoad
  readonly fault: Fault
  /** A phase of the road, at whose begin the fault strikes. */
  readonly point: string
  readonly way: WayOn
  readonly undisturbed: unknown
}

/** Lets a fault strike a run, and takes the fault away when the run has ended. */
const struck = async ({ road, fault, point }: DisturbedCase): Promise<ProgramEnd> => {
  await road.reset()
  await fault.prepare?.(road)
  const run = startBuiltProgram(road.command, { folder: road.folder, ...(fault.env ? { env: fault.env } : {}) })
  try {
    await untilPhase(run, road.phases, point)
    if (run.hasEnded()) throw new Error(`The run ended before ${point}: ${run.told()}`)
    await fault.strike?.({ road, run })
    return await run.ended
  } finally {
    if (!run.hasEnded()) run.child.kill('SIGKILL')
    await run.ended
    await fault.heal?.(road)
  }
}

/**
 * Lets a fault strike a run, expects how it ends, and that it comes to the same end as an undisturbed one.
 * @returns how it ended, in a word.
 */
export const expectSurvived = async (one: DisturbedCase): Promise<string> => {
  const { road, fault, way, undisturbed } = one
  const ended = await struck(one)
  if (fault.ends === 'well' || (fault.ends === 'either' && ended.code === 0)) {
    expect(ending(ended, 0)).toBe('exit 0')
    expect(await road.state()).toEqual(undisturbed)
    return 'went on'
  }
  const how =
    ended.signal === 'SIGKILL' ? 'killed' : fault.ends === 'stopped' ? expectStopped(ended) : expectTold(ended).code
  if (fault.says !== undefined) expect(ended.stderr).toMatch(fault.says)
  await expectSameEnd(road, { ended, way, undisturbed, ...(fault.envAfter ? { env: fault.envAfter } : {}) })
  return `${how}, then ${way}`
}
