import type { MigrateMode } from '../choose-road.ts'
import type { MigrationRequest } from '../request.ts'
import { withTarget } from '../runs/ask-database.ts'
import { startOf } from '../runs/attempt.ts'
import { readRun } from '../runs/read-run.ts'
import { knownRuns, standingRuns } from '../slow-road/known-runs.ts'
import type { SlowRun } from '../slow-road/runs.ts'
import { type AskedOfBoth, goOnWith, type ModeAsked, type RunBegun, type RunsBegun } from './go-on-with.ts'
import type { BothRequest } from './request.ts'

/**
 * What is asked of both, of which a resumed run knows more than was typed.
 * @throws Syn2opError usage, as `goOnWith` does; those of the ends.
 */
export const whatWasBegun = async (
  { logins, accounts }: Pick<BothRequest, 'logins' | 'accounts'>,
  asked: ModeAsked,
): Promise<AskedOfBoth> => {
  const { mode, resume } = asked
  if (!resume || logins.cohort !== undefined) return { mode, resume, ...cohortOf(logins) }
  const last = await lastInto(logins)
  const second = await unfinishedInto(accounts)
  return goOnWith(asked, {
    ...(last === undefined ? {} : { last }),
    ...(second === undefined ? {} : { second }),
  })
}

const cohortOf = ({ cohort }: Pick<RunBegun, 'cohort'>): Pick<RunBegun, 'cohort'> =>
  cohort === undefined ? {} : { cohort }

const lastInto = (request: MigrationRequest): Promise<RunsBegun['last']> =>
  withTarget(request, async (target) => {
    const { product, location } = await target.describe()
    const head = { serverName: request.homeserver.serverName, target: { location } }
    const runs = standingRuns(await knownRuns(request, { target, head }))
    const last = runs.at(-1)?.head
    if (last === undefined) return undefined
    return {
      runId: last.runId,
      into: product,
      ...cohortOf(last),
      ended: last.state === 'done',
      mode: await modeOf(request, runs),
    }
  })

/** As it was typed. One that goes on with another says it by the word --resume only. */
const modeOf = async (
  { runs: folder }: Pick<MigrationRequest, 'runs'>,
  runs: readonly SlowRun[],
): Promise<MigrateMode> => {
  for (const { head } of runs.toReversed()) {
    // The record is a courtesy: where it is gone, what is typed now counts.
    const stored = folder === undefined ? undefined : await readRun(folder, head.runId).catch(() => undefined)
    const words = (stored === undefined ? undefined : startOf(stored)?.command) ?? []
    if (words.includes('--online')) return 'online'
    if (words.includes('--final')) return 'final'
    if (!words.includes('--resume')) break
  }
  return 'migrate'
}

const unfinishedInto = (request: MigrationRequest): Promise<RunBegun | undefined> =>
  withTarget(request, async (target) => {
    const { unfinished } = (await target.sql?.history()) ?? {}
    if (unfinished === undefined) return undefined
    const { product } = await target.describe()
    return { runId: unfinished.runId, into: product, ...cohortOf(unfinished) }
  })
