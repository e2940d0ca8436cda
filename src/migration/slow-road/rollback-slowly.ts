import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { cohortNames } from '../../mapping/cohorts.ts'
import { counted } from '../../report/counted.ts'
import type { OutcomeCount } from '../../report/documents.ts'
import type { RollbackDocument } from '../../report/rollback-document.ts'
import type { Outcome } from '../../targets/changes.ts'
import { newRunId } from '../new-run-id.ts'
import type { Prepared } from '../prepare.ts'
import { cannotRollBack } from '../rollback/cannot.ts'
import type { RollbackRequest } from '../rollback/request.ts'
import { recorded, silentRecorder } from '../run-recorder.ts'
import { openJournal } from './journal.ts'
import { knownRuns } from './known-runs.ts'
import { takeLease } from './lease.ts'
import { journalFile, type SlowRun } from './runs.ts'
import { type WrittenByRun, writtenByRun } from './written-by-run.ts'

/**
 * Takes back a run into a target that has no road by SQL: what it created, as its file says, as far as it is still as we wrote
 * it. Such a target keeps nothing of what rows were before, so a run that changed any is refused.
 * @returns undefined when the answer was no.
 * @throws Syn2opError run.not-possible, run.missing, target.locked.
 */
export const rollbackSlowly = async (
  request: RollbackRequest,
  prepared: Prepared,
): Promise<RollbackDocument | undefined> => {
  const { target } = prepared
  const { runs: folder, signal, recorder = silentRecorder } = request
  if (target.rollback === undefined) throw cannotRollBack(target.name)
  if (request.used === 'remove') throw onlyUntouched(target.name)
  const started = performance.now()
  const lease = folder === undefined ? undefined : await takeLease(folder, target.name)
  try {
    const { runs } = await knownRuns(request, prepared)
    requireNoCohort(request, target.name)
    const run = runNamed(request.what, runs)
    const written = writtenByRun(run.file)
    if (written.changed > 0) throw changedOthers(run, target.name, written)
    const plan = documentOf(prepared, { runId: run.head.runId, accounts: written.created })
    if (!(await request.confirm(plan))) return undefined
    const runId = newRunId(new Date())
    return await recorded(recorder, { runId, kind: 'rollback', plan }, async () => {
      request.progress.phase('accounts')
      const outcomes = (await target.rollback?.(run.head.runId, { signal })) ?? []
      await recorder.batchApplied({ ordinal: 0 }, outcomes)
      if (folder !== undefined) await record(journalFile(folder, runId), { ...run.head, runId, outcomes })
      return {
        ...documentOf(prepared, { runId: run.head.runId, accounts: countOf(outcomes, 'removed') }),
        used: countOf(outcomes, 'unchanged'),
        runId,
        outcomes: counts(outcomes),
        milliseconds: Math.round(performance.now() - started),
      }
    })
  } finally {
    lease?.release()
  }
}

/** A target is asked to take back a run: which of its accounts are in a cohort, it does not know. */
const requireNoCohort = ({ what, mapping }: RollbackRequest, target: string): void => {
  if (!cohortNames(mapping).includes(what)) return
  throw new Syn2opError('run.not-possible', `At ${target} runs are taken back, not cohorts`, {
    next: [`Take back the runs of its stage: \`syn2op runs list\` shows which were of the cohort ${what}.`],
  })
}

const runNamed = (what: string, runs: readonly SlowRun[]): SlowRun => {
  const written = runs.filter(({ head }) => head.state !== 'rollback')
  const found = what === 'last' ? written.at(-1) : written.find(({ head }) => head.runId === what)
  if (found !== undefined) return found
  throw new Syn2opError('run.missing', `The folder of the runs has no run ${what} into this target`, {
    next: ['`syn2op runs list` shows the runs; --runs-dir names another folder.'],
  })
}

const onlyUntouched = (target: string): Syn2opError =>
  new Syn2opError('run.not-possible', `At ${target} accounts that people have used since always stay as they are`, {
    next: ['Leave out --used remove.'],
  })

const changedOthers = ({ head }: SlowRun, target: string, { changed, samples }: WrittenByRun): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `Run ${head.runId} changed ${counted(changed, 'account', 'accounts')} that ${changed === 1 ? 'was' : 'were'} there before (${samples.join(', ')}), and ${target} keeps nothing of what they were`,
    { next: ['Such a run cannot be taken back. Put right in Synapse what is wrong, and run `syn2op migrate` again.'] },
  )

const documentOf = (
  { head }: Prepared,
  { runId, accounts }: { readonly runId: string; readonly accounts: number },
): RollbackDocument => ({
  kind: 'rollback',
  ...head,
  // What stands in the way of a migration is no matter here.
  findings: [],
  of: { kind: 'run', name: runId },
  way: 'accounts',
  runs: [runId],
  accounts,
  used: 0,
  usedAccounts: 'keep',
  tables: [],
  lost: [],
})

const countOf = (outcomes: readonly Outcome[], kind: Outcome['outcome']): number =>
  outcomes.filter(({ outcome }) => outcome === kind).length

const counts = (outcomes: readonly Outcome[]): readonly OutcomeCount[] =>
  [...new Set(outcomes.map(({ outcome }) => outcome))].map((outcome) => ({
    outcome,
    count: countOf(outcomes, outcome),
  }))

/** Later runs know by this file who is no longer at the target. */
const record = async (
  file: string,
  { outcomes, ...head }: SlowRun['head'] & { readonly outcomes: readonly Outcome[] },
): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const journal = openJournal(file)
  try {
    journal.write({ ...head, state: 'rollback' })
    journal.enterGone(outcomes.map(({ mxid }) => mxid))
    journal.report(outcomes)
  } finally {
    journal.close()
  }
}
