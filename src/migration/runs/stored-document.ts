import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { PlanDocument, RunDocument } from '../../report/documents.ts'
import type { RollbackDocument } from '../../report/rollback-document.ts'
import { readLastRun, readRun } from './read-run.ts'

/**
 * The report of a run; the plan of one that did not come to its end.
 * @param run its id, or `last`.
 * @throws Syn2opError run.missing, run.unreadable
 */
export const storedDocument = async (
  runs: string,
  run: string,
): Promise<RunDocument | PlanDocument | RollbackDocument> => {
  const stored = run === 'last' ? await readLastRun(runs) : await readRun(runs, run)
  const document = stored.report ?? stored.plan ?? stored.rollback
  if (document !== undefined) return document
  if (stored.link !== undefined) {
    throw new Syn2opError('run.unreadable', `Run ${stored.runId} is one of links, of which there is no report`, {
      next: ['`syn2op runs list` shows it, and report.json in its folder has what it did.'],
    })
  }
  throw new Syn2opError('run.unreadable', `The folder of run ${stored.runId} holds neither report nor plan`)
}
