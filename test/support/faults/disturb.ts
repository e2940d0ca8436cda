import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { ERRORS, type ErrorCode } from '../../../src/errors/catalogue.ts'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import { ending, type ProgramEnd, type RunningProgram, startBuiltProgram } from '../built-program.ts'
import { lastingSessions } from '../target-state.ts'
import type { FaultRoad } from './fault-road.ts'
import { expectSameEnd, type WayOn } from './go-on.ts'
import { untilPhase } from './watch-phases.ts'

/** A run that is disturbed: what a fault may do to it and around it. */
export interface Disturbed {
  readonly road: FaultRoad
  readonly run: RunningProgram
}

/** missed: the run did not meet the fault, so that its end says nothing. */
export type Strike = 'hit' | 'missed'

export interface Fault {
  readonly name: string
  /** Before the run is started; what it leaves is taken away by `heal`. */
  readonly prepare?: (road: FaultRoad) => Promise<void>
  /** Of the run's process. */
  readonly env?: Readonly<Record<string, string>>
  /** Of the command that goes on with it. */
  readonly envAfter?: Readonly<Record<string, string>>
  /** Once the run has come to the point. Absent: it is there from the begin. */
  readonly strike?: (disturbed: Disturbed) => Promise<Strike>
  /** Takes the fault away, when the run has ended. */
  readonly heal?: (road: FaultRoad) => Promise<void>
  /** How the run ends: as if nothing had happened; with an error that says what to do; or since it was asked to stop. */
  readonly ends: 'well' | 'told' | 'stopped'
  /** What the error names, or the note of a run that goes on. */
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

/** A load that has come to its end but for its record says so, and how that is made up for; it has not failed. */
const isLeftUnrecorded = ({ code, stdout }: ProgramEnd): boolean =>
  code === 0 && /could not be put on record yet[\s\S]*\n {6}syn2op migrate --resume\b.*\n/.test(stdout)

/** How often a fault is tried that comes too late. */
const TRIES = 8

/** Lets a fault strike a run, and takes the fault away when the run has ended. Undefined: it missed. */
const struck = async ({ road, fault, point, undisturbed }: DisturbedCase): Promise<ProgramEnd | undefined> => {
  await road.reset()
  await fault.prepare?.(road)
  const run = startBuiltProgram(road.command, { folder: road.folder, ...(fault.env ? { env: fault.env } : {}) })
  let strike: Strike = 'missed'
  try {
    await untilPhase(run, road.phases, point)
    // What is there from the begin was met, be it that the run has ended since.
    if (fault.strike === undefined) strike = 'hit'
    else if (!run.hasEnded()) strike = await fault.strike({ road, run })
    await run.ended
  } finally {
    if (!run.hasEnded()) run.child.kill('SIGKILL')
    await run.ended
    await fault.heal?.(road)
  }
  const ended = await run.ended
  const isUnheard =
    ended.code === 0 &&
    (fault.ends === 'told'
      ? !isLeftUnrecorded(ended)
      : fault.ends === 'well' && !(fault.says?.test(ended.stderr) ?? true))
  const isMissed = strike === 'missed' || isUnheard
  if (!isMissed) return (await cameTooLate(road, ended, undisturbed)) ? undefined : ended
  if (ended.signal !== 'SIGKILL') {
    expect(ending(ended, 0)).toBe('exit 0')
    expect(await road.state()).toEqual(undisturbed)
  }
  return undefined
}

/** Whether a kill met a run that had nothing left to do, but to say so. */
export const cameTooLate = async (road: FaultRoad, ended: ProgramEnd, undisturbed: unknown): Promise<boolean> => {
  if (ended.signal !== 'SIGKILL') return false
  // What a server has been told before it may still be done.
  if (road.target !== undefined) await lastingSessions(road.target.postgres, [road.target.database])
  return isDeepStrictEqual(await road.state(), undisturbed)
}

const hit = async (one: DisturbedCase): Promise<ProgramEnd> => {
  for (let tries = 0; tries < TRIES; tries++) {
    const ended = await struck(one)
    if (ended !== undefined) return ended
  }
  throw new Error(`${one.fault.name}: ${TRIES} runs ended without meeting it`)
}

const howItEnded = (ended: ProgramEnd, { ends }: Fault): string => {
  if (ended.signal === 'SIGKILL') return 'killed'
  if (isLeftUnrecorded(ended)) return 'not on record'
  return ends === 'stopped' ? expectStopped(ended) : expectTold(ended).code
}

/**
 * Lets a fault strike a run, expects how it ends, and that it comes to the same end as an undisturbed one.
 * @returns how it ended, in a word.
 */
export const expectSurvived = async (one: DisturbedCase): Promise<string> => {
  const { road, fault, way, undisturbed } = one
  const ended = await hit(one)
  if (fault.says !== undefined) expect(ended.stderr).toMatch(fault.says)
  if (fault.ends === 'well') {
    expect(ending(ended, 0)).toBe('exit 0')
    expect(await road.state()).toEqual(undisturbed)
    return 'went on'
  }
  const how = howItEnded(ended, fault)
  await expectSameEnd(road, { ended, way, undisturbed, ...(fault.envAfter ? { env: fault.envAfter } : {}) })
  return `${how}, then ${way}`
}
