import type { PhaseTime, RunDocument } from '../report/documents.ts'
import type { EndedEarlyNote, RunProof } from '../report/run-parts.ts'
import type { Target } from '../targets/target.ts'
import { accountPrints } from './account-prints.ts'
import { converge, type PerformedBatch, type ScopedBatch } from './converge.ts'
import { findCandidates } from './find-candidates.ts'
import { lookingAt } from './looking-at.ts'
import type { RunWork } from './migrate.ts'
import { noteEarlier, stillUnproved } from './note-earlier.ts'
import type { TallyResult } from './outcome-tally.ts'
import { endedEarly, resumable } from './pacing/ended-early.ts'
import type { Pace } from './pacing/pace.ts'
import { paced } from './pacing/start-pacing.ts'
import { neverAsked } from './pacing/stop-soon.ts'
import { peakMemory } from './peak-memory.ts'
import { runProver } from './prove-run.ts'
import { proveWhole } from './prove-whole.ts'
import { refusals } from './refusals.ts'
import { silentRecorder } from './run-recorder.ts'
import { beginCohorts, completeCohorts, enterRun, stagesOf } from './stages.ts'

/**
 * Goes on from what is at the target: brings an online copy up to date, ends it, or adds to the people that are there.
 * What is committed stands, whatever happens later.
 */
export const goOn = (work: RunWork): Promise<RunDocument> => {
  const { request, prepared, identity } = work
  const { runId } = identity
  return paced({ ...request, runId, concurrency: prepared.readers.length }, (pace) => goOnAt(work, pace))
}

const goOnAt = async (work: RunWork, pace: Pace): Promise<RunDocument> => {
  const { request, prepared, road, chosen, identity, elapsed } = work
  const { progress, signal, stopSoon = neverAsked } = request
  const { runId } = identity
  const { kind } = chosen
  if (kind === 'load') throw new TypeError('a load fills an empty target')
  const phases: PhaseTime[] = [{ phase: 'prepare', milliseconds: elapsed() }]
  const timed = async <Result>(phase: string, step: () => Promise<Result>): Promise<Result> => {
    const from = elapsed()
    progress.phase(phase)
    try {
      return await step()
    } finally {
      phases.push({ phase, milliseconds: elapsed() - from })
    }
  }
  // Before, there is nothing to go on with.
  let isEntered = chosen.resumes !== undefined
  const prover = runProver(work)
  try {
    await timed('begin', async () => {
      await enterRun(work, { kind, compares: prover.compares })
      isEntered = true
      await beginCohorts(work)
    })
    noteEarlier(work)
    if (prepared.history?.unrecorded !== undefined) await timed('record', () => recordLoad(work))
    const options = await lookingAt(work, { pace, prover })
    const candidates = await timed('find changes', () => findCandidates(prepared, road, options))
    const tally = await timed('write', () =>
      stopSoon.finishing(() =>
        converge({
          prepared,
          candidates,
          progress,
          signal,
          pace,
          perform: async (batch, target) => {
            const performed = await applied(work, batch, { target, pace })
            await prover.batch(batch, performed.outcomes)
            return performed
          },
        }),
      ),
    )
    await completeCohorts(work)
    const result = tally.result()
    const seen = { phases, result, candidates: candidates.count }
    const ended = endedEarly(request, pace)
    // The run stays open, whatever is left: who was asked to stop puts nothing in its place.
    if (ended !== undefined) {
      if (!prover.startsOver && prover.isRight()) await road.markProved(identity)
      return await documentOf(work, { ...seen, refused: [], endedEarly: ended })
    }
    const { unproved } = prepared.history ?? {}
    // A run of a part of the accounts cannot say that the whole copy is right.
    const isWhole = unproved !== undefined && chosen.part === undefined
    const proof = isWhole
      ? await timed('prove', () => proveWhole(work, { without: prover.absent() }))
      : await (kind === 'final' ? timed('prove', prover.result) : prover.result())
    const isRight = isWhole ? proof?.wrongRows === 0 : !prover.compares || prover.isRight()
    const refused = kind === 'final' && proof !== undefined ? refusals(result, proof) : []
    // Who stops it now wants nothing put in its place.
    signal.throwIfAborted()
    if (refused.length === 0) await timed('finish', () => finish(work, { isRight }))
    const left = stillUnproved(work, { isWhole, isRight })
    return await documentOf(work, {
      ...seen,
      refused,
      ...(proof ? { proof } : {}),
      ...(left ? { unproved: left } : {}),
    })
  } catch (error) {
    throw isEntered ? resumable(error, request, runId) : error
  }
}

/** A load that ended in between has left its rows in their place: what was theirs is known as long as nobody changed it. */
const recordLoad = async ({ request, prepared, road }: RunWork): Promise<void> => {
  const { history, source, decisions, readers } = prepared
  if (history?.unrecorded === undefined) return
  const { runId } = history.unrecorded
  request.progress.note(`Run ${runId} filled the target, but ended before that was on record: that is made up for now.`)
  const prints = accountPrints({ ...source, decisions, readers })
  await road.recordUnrecorded?.({ runId, decisions, readers, prints, signal: request.signal })
}

const applied = async (
  { request, identity }: RunWork,
  batch: ScopedBatch,
  { target, pace }: { readonly target: Target; readonly pace: Pace },
): Promise<PerformedBatch> => {
  const { signal, recorder = silentRecorder } = request
  const changes = await target.plan(batch, { signal })
  const outcomes = await target.apply(changes, { ...identity, signal, enough: pace.enough })
  await recorder.batchApplied({ ordinal: batch.ordinal }, outcomes)
  return { outcomes, waited: changes.waited?.() }
}

const finish = (
  { road, identity, chosen, request: { signal } }: RunWork,
  { isRight }: { readonly isRight: boolean },
): Promise<void> =>
  road.finish(
    { ...identity, ends: chosen.kind === 'final' ? 'in place' : 'aside', ...(isRight ? {} : { unproved: true }) },
    { signal },
  )

interface Ended {
  readonly phases: readonly PhaseTime[]
  readonly result: TallyResult
  readonly candidates: number
  readonly refused: readonly string[]
  readonly proof?: RunProof
  readonly unproved?: string
  readonly endedEarly?: EndedEarlyNote
}

const documentOf = async (
  work: RunWork,
  { phases, result, candidates, refused, proof, unproved, endedEarly: early }: Ended,
): Promise<RunDocument> => {
  const { prepared, chosen, identity, plan, elapsed } = work
  const { outcomes, changes, accounts, rejected, conflicts } = result
  const milliseconds = elapsed()
  const isFinal = chosen.kind === 'final' && refused.length === 0 && early === undefined
  return {
    ...plan,
    // It stands in its place now.
    findings: isFinal ? plan.findings.filter(({ code }) => code !== 'MAS_COPY_ASIDE') : plan.findings,
    kind: 'run',
    runId: identity.runId,
    road: chosen.kind,
    // Where everything was counted and looked at the counts say more; a copy is brought up to date without.
    relations: prepared.relations.length > 0 && chosen.part === undefined ? prepared.relations : [accounts],
    tables: [],
    outcomes,
    changes,
    candidates,
    rejected,
    conflicts,
    phases,
    milliseconds,
    peakMemory: peakMemory(),
    ...(await stagesOf(work)),
    ...(chosen.resumes === undefined ? {} : { resumed: true }),
    ...(proof === undefined ? {} : { proof }),
    ...(unproved === undefined ? {} : { unproved }),
    ...(early === undefined ? {} : { endedEarly: early }),
    ...(isFinal ? { downtime: milliseconds } : {}),
    ...(refused.length === 0 ? {} : { refused }),
  }
}
