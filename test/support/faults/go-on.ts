import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import type { StatusDocument } from '../../../src/report/status.ts'
import { ending, type ProgramEnd, runBuiltProgram, runTyped } from '../built-program.ts'
import { lastingSessions } from '../target-state.ts'
import { type FaultRoad, nextCommand } from './fault-road.ts'

/**
 * How a run is gone on with: by the line that it printed, or told to ask `status` for; by the line of `status`, which must work;
 * by `--resume`; or by the same command once more.
 */
export type WayOn = 'printed' | 'status' | 'resume' | 'again'

/** The line that an error tells to type, where it tells one. */
export const printedCommand = ({ stderr }: Pick<ProgramEnd, 'stderr'>): string | undefined =>
  /Go on with it: (syn2op .*)$/m.exec(stderr)?.[1]

/** Each takes a second or so. */
const STATUS_TRIES = 20

const OF_STATUS = /^--(?:synapse-config|target|target-config|mapping|runs-dir)=/

const askStatus = async ({ command, folder }: FaultRoad): Promise<StatusDocument> => {
  const ended = await runBuiltProgram(['status', '--json', ...command.filter((word) => OF_STATUS.test(word))], {
    folder,
  })
  expect(ending(ended, EXIT.done)).toBe('exit 0')
  return JSON.parse(ended.stdout)
}

const OF_MODE = /^--(?:online|final|cohort|limit)/

/** What is next whatever the last run was told is said without flags: a run is given those of all runs, what looks where. */
const withFlags = (line: string, { command }: FaultRoad): string => {
  if (line.includes('--synapse-config')) return line
  const isRun = line.startsWith(`syn2op ${command[0]}`)
  const flags = command.filter((word) => (isRun ? word.startsWith('--') && !OF_MODE.test(word) : OF_STATUS.test(word)))
  return [line, ...flags].join(' ')
}

/** The first line that `status` tells to type; while a server still works for a run that died, it tells to wait. */
const statusSays = async (road: FaultRoad): Promise<string> => {
  for (let tries = 0; tries < STATUS_TRIES; tries++) {
    const { runs, next } = await askStatus(road)
    const [line] = next[0]?.commands ?? []
    if (line !== undefined) return withFlags(line, road)
    expect(runs[0]?.state).toBe('running')
  }
  throw new Error('`status` told to wait for a run that had died')
}

/** There is nothing to resume: the run had not been entered, or had come to its end. What is to be done instead is said. */
const NOTHING_TO_RESUME = /\((?:run\.missing|run\.not-possible)\)/

interface GoneOn {
  readonly ended: ProgramEnd
  readonly way: WayOn
  /** Of the command that goes on. */
  readonly env?: Readonly<Record<string, string>>
}

/** Goes on with a run that did not end well, and waits for the end. */
const goOn = async (road: FaultRoad, { ended, way, env = {} }: GoneOn): Promise<ProgramEnd> => {
  const asksStatus = way === 'status' || (way === 'printed' && ended.stderr.includes('`syn2op status` says'))
  if (asksStatus || way === 'printed') {
    const printed = asksStatus ? await statusSays(road) : printedCommand(ended)
    if (printed === undefined) throw new Error(`No line says how to go on: ${ended.stderr}`)
    const typed = await runTyped(printed, { folder: road.folder, env })
    if (!printed.startsWith('syn2op verify')) return typed
    // Its rows are in place and on record; what only spares later runs time is made by the next one.
    expect(ending(typed, EXIT.done)).toBe('exit 0')
    return runBuiltProgram(nextCommand(road, 'again'), { folder: road.folder, env })
  }
  return runBuiltProgram(nextCommand(road, way), { folder: road.folder, env })
}

const isNothingToResume = ({ code, stderr }: ProgramEnd): boolean =>
  code === EXIT.usage && NOTHING_TO_RESUME.test(stderr)

/**
 * The run ends as one that nobody disturbed: every row, index, constraint and entry of the journal is the same.
 * @returns what the command that went on said.
 */
export const expectSameEnd = async (
  road: FaultRoad,
  { undisturbed, ...given }: GoneOn & { readonly undisturbed: unknown },
): Promise<ProgramEnd> => {
  const isUnfinished = await road.isUnfinished()
  let next = await goOn(road, given)
  // Who has looked at both sides tells only lines that work.
  if (given.way !== 'status' && isNothingToResume(next)) {
    expect(isUnfinished, `A run did not end, and nothing goes on with it: ${next.stderr}`).toBe(false)
    // It had ended before it could say so; or nobody had entered it, which only `--resume` minds.
    if (given.way === 'resume' && !isDeepStrictEqual(await road.state(), undisturbed)) {
      next = await goOn(road, { ...given, way: 'again' })
      expect(ending(next, EXIT.done)).toBe('exit 0')
    }
  } else expect(ending(next, EXIT.done)).toBe('exit 0')
  expect(await road.state()).toEqual(undisturbed)
  const { target } = road
  if (target !== undefined) expect(await lastingSessions(target.postgres, [target.database])).toEqual([])
  expect(await lastingSessions(road.source.postgres, [road.source.database])).toEqual([])
  return next
}
