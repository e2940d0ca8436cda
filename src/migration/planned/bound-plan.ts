import { existsSync } from 'node:fs'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { shellWord } from '../../report/resume-command.ts'
import type { MigrationRequest } from '../request.ts'
import { runFiles } from '../runs/run-folder.ts'
import { type BindingPlan, bindingPlan, readPlanFile } from './plan-file.ts'

/**
 * The plan that a run is bound to: the one that is given; of a run that is gone on with, the one that it began with.
 * @param resumes the run that is gone on with.
 * @throws Syn2opError plan.unreadable, also where it began with one that is lost; plan.other where a resumed run was bound to another plan.
 */
export const boundPlan = async (
  { plan, runs, progress }: Pick<MigrationRequest, 'plan' | 'runs' | 'progress'>,
  resumes: string | undefined,
): Promise<BindingPlan | undefined> => {
  const given = plan === undefined ? undefined : bindingPlan(plan)
  const kept = runs === undefined || resumes === undefined ? undefined : await keptPlan(runFiles(runs, resumes).bound)
  if (kept === undefined) {
    if (given === undefined && runs !== undefined && resumes !== undefined) {
      const note = await requireNeverBound(runs, resumes)
      if (note !== undefined) progress.note(note)
    }
    return given
  }
  if (given === undefined || isSame(given, kept)) return kept
  throw new Syn2opError(
    'plan.other',
    `Nothing was written: run ${resumes} was bound to another plan than ${given.file}`,
    {
      next: ['Go on with it by its own plan: leave out --plan.', 'Or begin another run: leave out --resume.'],
    },
  )
}

/**
 * Whether a run that has no plan now never had one: what it showed before it began tells.
 * @returns a warning where nothing of its record is left.
 */
const requireNeverBound = async (runs: string, runId: string): Promise<string | undefined> => {
  const { folder, plan: shown } = runFiles(runs, runId)
  const document = await readPlanFile(shown).then(
    (read) => read.document,
    () => undefined,
  )
  if (document === undefined)
    return `The record of run ${runId} is not in ${folder}: if the run was bound to a plan, give it again (--plan FILE), or say where the record is (--runs-dir FOLDER). It goes on bound to none.`
  const { drift } = document
  if (drift === undefined) return undefined
  throw new Syn2opError(
    'plan.unreadable',
    `Nothing was written: run ${runId} was bound to ${drift.plan.file}, and its copy of that plan is lost`,
    { next: [`Go on with it by that plan: --resume --plan ${shellWord(drift.plan.file)}`] },
  )
}

const keptPlan = async (file: string): Promise<BindingPlan | undefined> =>
  existsSync(file) ? bindingPlan(await readPlanFile(file)) : undefined

const isSame = ({ document: a }: BindingPlan, { document: b }: BindingPlan): boolean =>
  a.asOf === b.asOf && JSON.stringify([a.fingerprints, a.decided]) === JSON.stringify([b.fingerprints, b.decided])
