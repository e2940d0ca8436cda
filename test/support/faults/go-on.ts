import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import type { StatusDocument } from '../../../src/report/status.ts'
import { ending, type ProgramEnd, runBuiltProgram, runTyped } from '../built-program.ts'
import { lastingSessions } from '../target-state.ts'
import { type FaultRoad, nextCommand } from './fault-road.ts'

/** How a run is gone on with: by the line that it, or `status`, printed, by `--resume`, or by the same command once more. */
export type WayOn = 'printed' | 'resume' | 'again'

/** The line that an error tells to type, where it tells one. */
export const printedCommand = ({ stderr }: Pick<ProgramEnd, 'stderr'>): string | undefined =>
  /Go on with it: (syn2op .*)$/m.exec(stderr)?.[1]

const OF_STATUS = /^--(?:synapse-config|target|target-config|mapping|runs-dir)=/

/** The first line that `status` tells to type. */
const statusSays = async ({ command, folder }: FaultRoad): Promise<string | undefined> => {
  const ended = await runBuiltProgram(['status', '--json', ...command.filter((word) => OF_STATUS.test(word))], {
    folder,
  })
  expect(ending(ended, EXIT.done)).toBe('exit 0')
  const { next }: StatusDocument = JSON.parse(ended.stdout)
  return next[0]?.commands?.[0]
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
  if (way === 'printed') {
    const printed = ended.stderr.includes('`syn2op status` says') ? await statusSays(road) : printedCommand(ended)
    if (printed === undefined) throw new Error(`No line says how to go on: ${ended.stderr}`)
    return runTyped(printed, { folder: road.folder, env })
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
  if (isNothingToResume(next)) {
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
