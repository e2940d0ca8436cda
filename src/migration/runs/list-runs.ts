import type { RunsDocument } from '../../report/runs-document.ts'
import type { Target } from '../../targets/target.ts'
import { syn2opVersion } from '../../version.ts'
import type { MigrationRequest } from '../request.ts'
import { askDatabase, isUnreached, withTarget } from './ask-database.ts'
import { heldByOthers, lookAtWork, runLives, withHeld } from './at-work.ts'
import { listRunIds, readRun } from './read-run.ts'
import { runEntries } from './run-entries.ts'

/**
 * The runs that have a folder, and those of the target's journal where a target is given.
 * @param runs the folder of all runs.
 * @throws Syn2opError run.unreadable
 */
export const listRuns = async (runs: string, target: MigrationRequest | undefined): Promise<RunsDocument> => {
  const stored = await Promise.all((await listRunIds(runs)).map((runId) => readRun(runs, runId)))
  const asked = target === undefined ? undefined : await askDatabase(() => withTarget(target, lookAt))
  const head = { kind: 'runs', format: 1, syn2op: syn2opVersion(), folder: runs } as const
  if (asked === undefined) return { ...head, journal: 'not asked', runs: runEntries(stored, undefined) }
  if (isUnreached(asked)) return { ...head, journal: asked, runs: runEntries(stored, undefined) }
  const { history, atWork } = asked
  const entries = runEntries(stored, history, runLives(atWork))
  return { ...head, journal: 'read', runs: withHeld(entries, heldByOthers(atWork, stored)) }
}

const lookAt = async (target: Target) => {
  const { location } = await target.describe()
  const atWork = await lookAtWork(target.sql, location)
  return { history: (await target.sql?.history()) ?? { runs: [] }, atWork }
}
