import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { PlanDocument, RunDocument } from '../../report/documents.ts'
import type { EndedEarlyNote } from '../../report/run-parts.ts'
import type { Stoppable } from '../../targets/target.ts'
import type { Asked } from '../choose-road.ts'
import { requireClear } from '../gate.ts'
import { newRunId } from '../new-run-id.ts'
import { endedEarly, resumable } from '../pacing/ended-early.ts'
import { limitLeft } from '../pacing/limit-left.ts'
import type { Pace } from '../pacing/pace.ts'
import { paced } from '../pacing/start-pacing.ts'
import { neverAsked } from '../pacing/stop-soon.ts'
import { peakMemory } from '../peak-memory.ts'
import { toPlan } from '../plan.ts'
import { boundPlan } from '../planned/bound-plan.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { recorded, recordedProgress, silentRecorder } from '../run-recorder.ts'
import { deathOf } from '../runs/death.ts'
import { afterEarlier } from './after-earlier.ts'
import { decideEverybody } from './decide-everybody.ts'
import { driftSlowly } from './drift-slowly.ts'
import { openJournal, type SlowJournal } from './journal.ts'
import type { JournalHead } from './journal-head.ts'
import { type KnownRuns, knownRuns, rollbacksAfter } from './known-runs.ts'
import { takeLease } from './lease.ts'
import { type PartOfRun, partOf, stagesNow } from './part-of-run.ts'
import { endSnapshot } from './plan-batches.ts'
import type { DecidableSource } from './read-batch.ts'
import { type BatchesToRun, runBatches } from './run-batches.ts'
import { journalFile, type SlowRun } from './runs.ts'
import { newTally } from './totals.ts'

export interface SlowMigration extends MigrationRequest {
  readonly confirm: (plan: PlanDocument) => Promise<boolean>
}

/**
 * Migrates into a target that has no road by SQL: everybody is decided about in one snapshot and entered in the run's
 * file; then batch by batch is read, planned, applied, and entered as ended.
 * @param asked.resume only what a run that did not end has left, by its as-of time.
 * @returns undefined when the answer was no.
 * @throws Syn2opError target.locked, run.not-possible, run.missing where there is nothing to resume; what target and source raise.
 */
export const migrateSlowly = async (
  request: SlowMigration,
  prepared: Prepared,
  asked: Asked,
): Promise<RunDocument | undefined> => {
  if (asked.mode !== 'migrate') throw onlyPlain(prepared.target.name, asked.mode)
  const started = performance.now()
  const lease = request.runs === undefined ? undefined : await takeLease(request.runs, prepared.target.name)
  try {
    const known = await knownRuns(request, prepared)
    const resumes = asked.resume ? requireUnfinished(known) : undefined
    const bound = await boundPlan(request, resumes?.head.runId)
    const asOf = resumes?.head.asOf ?? prepared.asOf
    const part = partOf(request, prepared, known, resumes)
    requireClear(prepared.head)
    const drift = bound === undefined ? undefined : await driftSlowly(request, prepared, { bound, resumes })
    const plan: PlanDocument = { ...toPlan(request, prepared, drift), asOf: new Date(asOf).toISOString() }
    if (!(await request.confirm(plan))) return undefined
    const runId = newRunId(new Date())
    const { recorder = silentRecorder } = request
    const start = {
      runId,
      kind: 'merge',
      plan,
      ...(bound === undefined ? {} : { boundTo: bound.document }),
      ...(resumes === undefined ? {} : { resumes: resumes.head.runId }),
      ...(part.cohort === undefined ? {} : { cohort: part.cohort }),
      ...(request.limit === undefined ? {} : { limit: request.limit }),
    } as const
    const death = await deathOf(request.runs, known.unfinished?.head.runId)
    const recordedRequest = { ...request, progress: recordedProgress(recorder, request.progress) }
    return await recorded(request, start, () => {
      if (death !== undefined) recordedRequest.progress.note(death)
      const resumed = resumes === undefined ? {} : { resumes }
      return work(recordedRequest, prepared, { plan, runId, asOf, known, part, started, ...resumed })
    })
  } finally {
    lease?.release()
  }
}

const onlyPlain = (target: string, mode: string): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `--${mode} is for a target whose database is written to; ${target} is asked account by account`,
    {
      next: [
        `Leave out --${mode}: syn2op migrate works while Synapse runs, may be repeated, and brings ${target} up to date each time.`,
      ],
    },
  )

const requireUnfinished = ({ unfinished }: KnownRuns): SlowRun => {
  if (unfinished !== undefined) return unfinished
  throw new Syn2opError('run.missing', 'There is no unfinished run into this target to resume', {
    next: ['Run the same command without --resume: whatever is at the target already is found again.'],
  })
}

interface Work {
  readonly plan: PlanDocument
  readonly runId: string
  readonly asOf: number
  readonly known: KnownRuns
  readonly part: PartOfRun
  readonly started: number
  readonly resumes?: SlowRun
}

const work = async (
  request: SlowMigration,
  prepared: Prepared,
  { plan, runId, asOf, known, part, started, resumes }: Work,
): Promise<RunDocument> => {
  const { target, readers, head } = prepared
  const { progress, signal, recorder = silentRecorder, stopSoon = neverAsked, limit } = request
  const source: DecidableSource = { ...prepared.source, rules: { ...prepared.source.rules, asOf } }
  const file = request.runs === undefined ? ':memory:' : journalFile(request.runs, runId)
  if (request.runs !== undefined) await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const journal = openJournal(file)
  let isOpen = false
  try {
    const entry: JournalHead = {
      runId,
      target: target.name,
      location: head.target.location,
      serverName: head.serverName,
      asOf,
      mappingSha256: request.mapping.sha256,
      ...(part.cohort === undefined ? {} : { cohort: part.cohort }),
      ...(resumes === undefined ? {} : { resumes: resumes.head.runId }),
      ...(limit === undefined ? {} : { limit }),
      state: 'deciding',
    }
    journal.write(entry)
    progress.phase('decide')
    await decide(journal, prepared, source, { ...part, signal })
    journal.enterGone(known.left, part.only)
    if (resumes !== undefined) journal.adopt(resumes.file, rollbacksAfter(known, resumes))
    // Whom nothing has to be done about does not count, and whom an earlier run could not bring across comes last.
    if (limit !== undefined) journal.settle(known.runs.map((one) => one.file))
    await endSnapshot(readers)
    journal.write({ ...entry, state: 'open' })
    isOpen = true
    const decided = performance.now()
    progress.phase('apply')
    const left = await limitLeft(request, resumes?.head.runId)
    const total = Math.min(journal.countLeft(), left ?? Number.POSITIVE_INFINITY)
    let done = 0
    const bringAll = async (pace: Pace): Promise<EndedEarlyNote | undefined> => {
      const batches: BatchesToRun = {
        target,
        source,
        readers,
        journal,
        signal,
        pace,
        ...(left === undefined ? {} : { limit: left }),
        run: { runId, asOf, serverName: head.serverName, mappingSha256: request.mapping.sha256 },
        note: progress.note,
        applied: async (ordinal, outcomes) => {
          done += outcomes.length
          progress.advance('accounts', done, total)
          await recorder.batchApplied({ ordinal }, outcomes)
        },
      }
      await stopSoon.finishing(() => runBatches(batches))
      return endedEarly(request, pace)
    }
    // Whoever asks to stop while that is waited for has nothing under way.
    const asked = await afterEarlier({ ...request, target, location: entry.location }, () =>
      paced({ ...request, runId, concurrency: readers.length }, bringAll),
    )
    // Whoever asked while the last batches were at work has asked for what was about to come.
    const early = asked?.why === 'stopped' && journal.countLeft() === 0 ? undefined : asked
    if (early === undefined) journal.write({ ...entry, state: 'done' })
    const tally = newTally()
    for (const one of journal.outcomes()) tally.add(one)
    const { outcomes, changes } = tally.totals()
    const ended = performance.now()
    return {
      ...plan,
      kind: 'run',
      runId,
      tables: [],
      outcomes,
      changes,
      phases: [
        { phase: 'decide', milliseconds: Math.round(decided - started) },
        { phase: 'apply', milliseconds: Math.round(ended - decided) },
      ],
      milliseconds: Math.round(ended - started),
      peakMemory: peakMemory(),
      ...stagesNow(request, known, { file, head: entry }),
      ...(resumes === undefined ? {} : { resumed: true }),
      ...(early === undefined ? {} : { endedEarly: early }),
      ...(limit === undefined ? {} : { limit }),
    }
  } catch (error) {
    throw isOpen && (file === ':memory:' || existsSync(file)) ? resumable(error, request, runId) : error
  } finally {
    journal.close()
  }
}

const decide = async (
  journal: SlowJournal,
  { readers: [reader] }: Prepared,
  source: DecidableSource,
  { membership, frozen, only, signal }: PartOfRun & Stoppable,
): Promise<void> => {
  if (reader === undefined) throw new TypeError('a snapshot needs at least one reader')
  if (membership !== undefined) journal.freeze(membership.names, frozen)
  for await (const page of decideEverybody(reader, source, membership?.members)) {
    // The statement that the stop cancels may have come to its end before.
    signal.throwIfAborted()
    journal.decide(page, only)
  }
}
