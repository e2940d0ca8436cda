import type { RunsDocument } from '../../report/runs-document.ts'
import { syn2opVersion } from '../../version.ts'
import type { MigrationRequest } from '../request.ts'
import { askDatabase, isUnreached, withTarget } from './ask-database.ts'
import { listRunIds, readRun } from './read-run.ts'
import { runEntries } from './run-entries.ts'

/**
 * The runs that have a folder, and those of the target's journal where a target is given.
 * @param runs the folder of all runs.
 * @throws Syn2opError run.unreadable
 */
export const listRuns = async (runs: string, target: MigrationRequest | undefined): Promise<RunsDocument> => {
  const stored = await Promise.all((await listRunIds(runs)).map((runId) => readRun(runs, runId)))
  const history =
    target === undefined
      ? undefined
      : await askDatabase(() => withTarget(target, async ({ sql }) => (await sql?.history()) ?? { runs: [] }))
  const head = { kind: 'runs', format: 1, syn2op: syn2opVersion(), folder: runs } as const
  if (history === undefined) return { ...head, journal: 'not asked', runs: runEntries(stored, undefined) }
  if (isUnreached(history)) return { ...head, journal: history, runs: runEntries(stored, undefined) }
  return { ...head, journal: 'read', runs: runEntries(stored, history) }
}
