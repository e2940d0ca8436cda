import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import { ending, type ProgramEnd, runBuiltProgram, runTyped } from '../built-program.ts'
import { lastingSessions } from '../target-state.ts'
import { type FaultRoad, nextCommand } from './fault-road.ts'

/** How a run is gone on with: by the line that it printed, by `--resume`, or by the same command once more. */
export type WayOn = 'printed' | 'resume' | 'again'

/** The line that an error tells to type, where it tells one. */
export const printedCommand = ({ stderr }: Pick<ProgramEnd, 'stderr'>): string | undefined =>
  /Go on with it: (syn2op .*)$/m.exec(stderr)?.[1]

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
  const printed = printedCommand(ended)
  if (way === 'printed' && printed !== undefined) return runTyped(printed, { folder: road.folder, env })
  return runBuiltProgram(nextCommand(road, way === 'resume' ? 'resume' : 'again'), { folder: road.folder, env })
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
  let next = await goOn(road, given)
  if (isNothingToResume(next) && !isDeepStrictEqual(await road.state(), undisturbed)) {
    next = await goOn(road, { ...given, way: 'again' })
  }
  if (!isNothingToResume(next)) expect(ending(next, EXIT.done)).toBe('exit 0')
  expect(await road.state()).toEqual(undisturbed)
  const { target } = road
  if (target !== undefined) expect(await lastingSessions(target.postgres, [target.database])).toEqual([])
  expect(await lastingSessions(road.source.postgres, [road.source.database])).toEqual([])
  return next
}
