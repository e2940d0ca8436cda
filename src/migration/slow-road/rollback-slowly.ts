import { Syn2opError } from '../../errors/syn2op-error.ts'
import { cohortNames } from '../../mapping/cohorts.ts'
import { counted } from '../../report/counted.ts'
import type { OutcomeCount } from '../../report/documents.ts'
import type { RollbackDocument } from '../../report/rollback-document.ts'
import type { Outcome } from '../../targets/changes.ts'
import { newRunId } from '../new-run-id.ts'
import { neverAsked } from '../pacing/stop-soon.ts'
import type { Prepared } from '../prepare.ts'
import { cannotRollBack } from '../rollback/cannot.ts'
import { howToGoOn } from '../rollback/how-to-go-on.ts'
import type { RollbackRequest } from '../rollback/request.ts'
import { recorded, silentRecorder } from '../run-recorder.ts'
import { chainOf } from './chain-of-run.ts'
import { knownRuns } from './known-runs.ts'
import { takeLease } from './lease.ts'
import { namedRun } from './named-run.ts'
import { markRuns, takingBack } from './rollback-journal.ts'
import { journalFile } from './runs.ts'
import { writtenByRuns } from './written-by-run.ts'

/**
 * Takes back a run into a target that has no road by SQL, with those that it went on with: what they created, as their files
 * say, as far as it is still as we wrote it. Such a target keeps nothing of what rows were before, so a run that changed any is
 * refused.
 * @returns undefined when the answer was no.
 * @throws Syn2opError run.not-possible, run.missing, target.locked.
 */
export const rollbackSlowly = async (
  request: RollbackRequest,
  prepared: Prepared,
): Promise<RollbackDocument | undefined> => {
  const { target } = prepared
  const { runs: folder, signal, stopSoon = neverAsked, recorder = silentRecorder } = request
  if (target.rollback === undefined) throw cannotRollBack(target.name)
  if (request.used === 'remove') throw onlyUntouched(target.name)
  const started = performance.now()
  const lease = folder === undefined ? undefined : await takeLease(folder, target.name)
  try {
    const { runs } = await knownRuns(request, prepared)
    requireNoCohort(request, target.name)
    const run = namedRun(request.what, runs)
    const ids = chainOf(run, runs)
    const chain = runs.filter(({ head }) => ids.includes(head.runId))
    const written = writtenByRuns(runs, ids)
    if (written.changed.length > 0) throw changedOthers(run.head.runId, target.name, written.changed)
    const about = { of: run.head.runId, runs: ids }
    const plan = documentOf(prepared, { ...about, accounts: written.created.length + written.added.length })
    if (!(await request.confirm(plan))) return undefined
    const runId = newRunId(new Date())
    return await recorded(request, { runId, kind: 'rollback', plan }, async () => {
      request.progress.phase('accounts')
      const takeBack = async (): Promise<readonly Outcome[]> => {
        markRuns(chain, 'taking back')
        const told: Outcome[] = []
        for (const id of ids) {
          if (stopSoon.asked.aborted) throw stoppedSoon(id)
          told.push(...((await target.rollback?.(id, { signal })) ?? []))
        }
        return oncePerAccount(told)
      }
      const { resumes: _, ...head } = run.head
      const file = journalFile(folder ?? '', runId)
      const outcomes = await stopSoon
        .finishing(() => takingBack(file, { ...head, runId, state: 'rollback' }, written, takeBack))
        .catch((error: unknown) => {
          throw howToGoOn(error, request, { kind: 'run', runId: run.head.runId })
        })
      if (outcomes.every(({ outcome }) => outcome === 'removed')) markRuns(chain, 'taken back')
      await recorder.batchApplied({ ordinal: 0 }, outcomes)
      return {
        ...documentOf(prepared, { ...about, accounts: countOf(outcomes, 'removed') }),
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

/** Of an account that several runs wrote to, all is gone or it is told what is not. */
const oncePerAccount = (told: readonly Outcome[]): readonly Outcome[] => {
  const accounts = new Map<string, Outcome>()
  for (const one of told) {
    const other = accounts.get(one.mxid)
    const kept = other === undefined || other.outcome === 'removed' ? one : other
    accounts.set(one.mxid, { ...kept, rows: [...(other?.rows ?? []), ...one.rows] })
  }
  return [...accounts.values()]
}

/** A target is asked to take back a run: which of its accounts are in a cohort, it does not know. */
const requireNoCohort = ({ what, mapping }: RollbackRequest, target: string): void => {
  if (!cohortNames(mapping).includes(what)) return
  throw new Syn2opError('run.not-possible', `At ${target} runs are taken back, not cohorts`, {
    next: [`Take back the runs of its stage: \`syn2op runs list\` shows which were of the cohort ${what}.`],
  })
}

const onlyUntouched = (target: string): Syn2opError =>
  new Syn2opError('run.not-possible', `At ${target} accounts that people have used since always stay as they are`, {
    next: ['Leave out --used remove.'],
  })

const stoppedSoon = (next: string): Syn2opError =>
  new Syn2opError('run.interrupted', `Stopped, as asked, before run ${next} was taken back`, { next: [] })

const SAMPLES = 3

const changedOthers = (runId: string, target: string, changed: readonly string[]): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `Run ${runId} changed ${counted(changed.length, 'account', 'accounts')} that ${changed.length === 1 ? 'was' : 'were'} there before (${changed.slice(0, SAMPLES).join(', ')}), and ${target} keeps nothing of what they were`,
    { next: ['Such a run cannot be taken back. Put right in Synapse what is wrong, and run `syn2op migrate` again.'] },
  )

const documentOf = (
  { head }: Prepared,
  { of, runs, accounts }: { readonly of: string; readonly runs: readonly string[]; readonly accounts: number },
): RollbackDocument => ({
  kind: 'rollback',
  ...head,
  // What stands in the way of a migration is no matter here.
  findings: [],
  of: { kind: 'run', name: of },
  way: 'accounts',
  runs,
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
