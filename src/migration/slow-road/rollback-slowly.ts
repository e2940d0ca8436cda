import { Syn2opError } from '../../errors/syn2op-error.ts'
import { cohortNames } from '../../mapping/cohorts.ts'
import { counted } from '../../report/counted.ts'
import type { RollbackDocument } from '../../report/rollback-document.ts'
import type { Outcome } from '../../targets/changes.ts'
import type { RunToTakeBack, Target } from '../../targets/target.ts'
import { newRunId } from '../new-run-id.ts'
import { neverAsked } from '../pacing/stop-soon.ts'
import type { Prepared } from '../prepare.ts'
import { cannotRollBack } from '../rollback/cannot.ts'
import { howToGoOn } from '../rollback/how-to-go-on.ts'
import type { RollbackRequest } from '../rollback/request.ts'
import { recorded, recordedProgress, silentRecorder } from '../run-recorder.ts'
import { afterEarlier } from './after-earlier.ts'
import { attempt } from './attempt.ts'
import { chainOf } from './chain-of-run.ts'
import { knownRuns } from './known-runs.ts'
import { takeLease } from './lease.ts'
import { namedRun } from './named-run.ts'
import { markRuns, type RollbackAtWork, takingBack } from './rollback-journal.ts'
import { journalFile } from './runs.ts'
import { type WrittenByRuns, writtenByRuns } from './written-by-run.ts'

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
  const lease = folder === undefined ? undefined : await takeLease(folder, target.name)
  try {
    const { runs } = await knownRuns(request, prepared)
    requireNoCohort(request, target.name)
    const run = namedRun(request.what, runs)
    const ids = chainOf(run, runs)
    const chain = runs.filter(({ head }) => ids.includes(head.runId))
    const written = writtenByRuns(runs, ids)
    if (written.changed.length > 0) throw changedOthers(run.head.runId, target.name, written.changed)
    const accounts = [...written.created, ...written.added].toSorted()
    const about = { of: run.head.runId, runs: ids, ...standingBeside(accounts.length, written) }
    const expected = expectedTime(accounts.length, target.rollbackPace)
    const plan = { ...documentOf(prepared, { ...about, accounts: accounts.length }), ...expected }
    if (!(await request.confirm(plan))) return undefined
    const confirmed = performance.now()
    const runId = newRunId(new Date())
    return await recorded(request, { runId, kind: 'rollback', plan }, async () => {
      const progress = recordedProgress(recorder, request.progress)
      progress.phase('accounts')
      const ended = new Map<Outcome['outcome'], number>()
      const takeBack = async (work: RollbackAtWork): Promise<void> => {
        markRuns(chain, 'taking back')
        let done = 0
        for (const [ordinal, batch] of inBatches(accounts, rollbackBatch(target)).entries()) {
          if (stopSoon.asked.aborted) throw stoppedSoon(done, accounts.length)
          const told: Outcome[] = []
          for (const [place, id] of ids.entries()) {
            // Each run of the chain goes over all of the batch.
            const goesOn = (attempted: number): void =>
              progress.advance('accounts', done + wholePart(place * batch.length + attempted, ids), accounts.length)
            told.push(...(await attempt(() => rollBack({ runId: id, accounts: batch }, goesOn), attempting)))
          }
          const outcomes = oncePerAccount(told)
          const left = new Set(outcomes.flatMap(({ mxid, outcome }) => (outcome === 'not attempted' ? [mxid] : [])))
          const attempted = batch.filter((mxid) => !left.has(mxid))
          const reported = work.report(
            attempted,
            outcomes.filter(({ mxid }) => !left.has(mxid)),
          )
          for (const { outcome } of reported) ended.set(outcome, (ended.get(outcome) ?? 0) + 1)
          await recorder.batchApplied({ ordinal }, reported)
          done += attempted.length
          progress.advance('accounts', done, accounts.length)
          if (left.size > 0) throw stoppedSoon(done, accounts.length)
        }
      }
      const attempting = { signal, enough: () => stopSoon.asked.aborted, note: progress.note }
      const rollBack = async (batch: RunToTakeBack, goesOn: (attempted: number) => void): Promise<readonly Outcome[]> =>
        (await target.rollback?.(batch, {
          signal,
          enough: ({ attempted }) => {
            goesOn(attempted)
            return stopSoon.asked.aborted
          },
        })) ?? []
      const { resumes: _, ...head } = run.head
      const file = journalFile(folder ?? '', runId)
      await afterEarlier({ target, location: head.location, runs: folder, progress, signal }, () =>
        stopSoon.finishing(() => takingBack(file, { ...head, runId, state: 'rollback' }, written, takeBack)),
      ).catch((error: unknown) => {
        throw howToGoOn(error, request, { kind: 'run', runId: run.head.runId })
      })
      const outcomes = [...ended].map(([outcome, count]) => ({ outcome, count }))
      if (outcomes.every(({ outcome }) => outcome === 'removed')) markRuns(chain, 'taken back')
      return {
        ...documentOf(prepared, { ...about, accounts: ended.get('removed') ?? 0 }),
        used: ended.get('unchanged') ?? 0,
        runId,
        outcomes,
        milliseconds: Math.round(performance.now() - confirmed),
      }
    })
  } finally {
    lease?.release()
  }
}

/** Who takes back a run that created nobody most likely means those whom an earlier one did. */
const standingBeside = (accounts: number, { createdByOthers }: WrittenByRuns): Pick<RollbackDocument, 'standing'> =>
  accounts > 0 || createdByOthers.size === 0
    ? {}
    : { standing: [...createdByOthers].map(([runId, count]) => ({ runId, accounts: count })) }

/** So long may pass until the record of a rollback says anew how far it came. */
const BATCH_SECONDS = 30

const rollbackBatch = ({ batchSize, rollbackPace: pace }: Pick<Target, 'batchSize' | 'rollbackPace'>): number =>
  pace === undefined ? batchSize : Math.max(1, Math.min(batchSize, Math.floor(pace.least * BATCH_SECONDS)))

const wholePart = (count: number, of: readonly unknown[]): number => Math.floor(count / of.length)

const inBatches = (accounts: readonly string[], size: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(accounts.length / size) }, (_, ordinal) =>
    accounts.slice(ordinal * size, (ordinal + 1) * size),
  )

/** Milliseconds that taking back so many accounts takes, as far as anybody knows. */
const expectedTime = (
  accounts: number,
  pace: Target['rollbackPace'],
): Pick<RollbackDocument, 'expectedMilliseconds'> => {
  if (pace === undefined) return {}
  const milliseconds = (rate: number): number => Math.round((1000 * accounts) / rate)
  return { expectedMilliseconds: { least: milliseconds(pace.most), most: milliseconds(pace.least) } }
}

/** Of an account that several runs wrote to, all is gone or it is told what is not; until all had their turn, nothing is. */
const oncePerAccount = (told: readonly Outcome[]): readonly Outcome[] => {
  const accounts = new Map<string, Outcome>()
  for (const one of told) {
    const other = accounts.get(one.mxid)
    const kept = other === undefined || other.outcome === 'removed' || one.outcome === 'not attempted' ? one : other
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
  new Syn2opError(
    'run.not-possible',
    `At ${target} accounts that people are seen to have used since always stay as they are`,
    {
      next: ['Leave out --used remove.'],
    },
  )

const stoppedSoon = (done: number, all: number): Syn2opError =>
  new Syn2opError('run.interrupted', `Stopped, as asked, after ${done} of ${all} accounts`, { next: [] })

const SAMPLES = 3

const changedOthers = (runId: string, target: string, changed: readonly string[]): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `Run ${runId} changed ${counted(changed.length, 'account', 'accounts')} that ${changed.length === 1 ? 'was' : 'were'} there before, or died while it was about to (${changed.slice(0, SAMPLES).join(', ')}), and ${target} keeps nothing of what they were`,
    { next: ['Such a run cannot be taken back. Put right in Synapse what is wrong, and run `syn2op migrate` again.'] },
  )

const documentOf = (
  { head }: Prepared,
  { of, ...about }: { readonly of: string } & Pick<RollbackDocument, 'runs' | 'accounts' | 'standing'>,
): RollbackDocument => ({
  kind: 'rollback',
  ...head,
  // What stands in the way of a migration is no matter here.
  findings: [],
  of: { kind: 'run', name: of },
  way: 'accounts',
  ...about,
  used: 0,
  usedAccounts: 'keep',
  tables: [],
  lost: [],
})
