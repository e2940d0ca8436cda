import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PhaseTime, RunDocument } from '../report/documents.ts'
import type { RunProof } from '../report/run-parts.ts'
import type { Outcome } from '../targets/changes.ts'
import type { SqlRoad } from '../targets/sql-road.ts'
import type { RunIdentity } from '../targets/target.ts'
import { type ConvergeOptions, converge, type ScopedBatch } from './converge.ts'
import { findCandidates } from './find-candidates.ts'
import type { RunWork } from './migrate.ts'
import type { TallyResult } from './outcome-tally.ts'
import { peakMemory } from './peak-memory.ts'
import { proveWhole } from './prove-whole.ts'
import { refusals } from './refusals.ts'
import { silentRecorder } from './run-recorder.ts'
import { wrongRows } from './wrong-rows.ts'

/**
 * Goes on from what is at the target: brings an online copy up to date, ends it, or adds to the people that are there.
 * What is committed stands, whatever happens later.
 */
export const goOn = async (work: RunWork): Promise<RunDocument> => {
  const { request, prepared, road, chosen, identity, elapsed } = work
  const { progress, signal } = request
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
  try {
    await road.begin({ ...identity, kind })
    noteUnfinished(work)
    const candidates = await timed('find changes', () => findCandidates(prepared, road, { signal }))
    const proved = { rows: 0, wrongRows: 0 }
    const tally = await timed('write', () =>
      converge({
        prepared,
        candidates,
        progress,
        signal,
        perform: async (batch, target) => {
          const outcomes = await applied(work, batch, target)
          if (kind === 'final') await proveBatch(road, batch, proved)
          return outcomes
        },
      }),
    )
    const result = tally.result()
    const { unproved } = prepared.history ?? {}
    const proof =
      unproved === undefined
        ? await (kind === 'final' ? timed('prove', () => proveKeys(road, proved, signal)) : undefined)
        : await timed('prove', () => proveWhole(work, unproved.runId))
    const refused = kind === 'final' && proof !== undefined ? refusals(result, proof) : []
    if (refused.length === 0) await timed('finish', () => finish(road, identity, kind))
    return documentOf(work, { phases, result, candidates: candidates.count, refused, ...(proof ? { proof } : {}) })
  } catch (error) {
    throw resumable(error, identity.runId)
  }
}

const noteUnfinished = ({ request, prepared, chosen }: RunWork): void => {
  const unfinished = prepared.history?.unfinished
  if (unfinished?.left !== 'open' || chosen.resumes !== undefined) return
  request.progress.note(`Run ${unfinished.runId} did not end; what it wrote stands, and this run goes on from there.`)
}

const applied = async (
  { request, identity }: RunWork,
  batch: ScopedBatch,
  target: Parameters<ConvergeOptions['perform']>[1],
): Promise<readonly Outcome[]> => {
  const { signal, recorder = silentRecorder } = request
  const changes = await target.plan(batch, { signal })
  const outcomes = await target.apply(changes, { ...identity, signal })
  await recorder.batchApplied({ ordinal: batch.ordinal }, outcomes)
  return outcomes
}

const proveBatch = async (
  road: SqlRoad,
  { accounts, source }: ScopedBatch,
  proved: { rows: number; wrongRows: number },
): Promise<void> => {
  const { tables } = await road.verify({ ...source, accounts: accounts.map(({ mxid }) => mxid) })
  proved.rows += tables.reduce((sum, { wanted }) => sum + wanted, 0)
  proved.wrongRows += wrongRows(tables)
}

const proveKeys = async (
  road: SqlRoad,
  proved: Pick<RunProof, 'rows' | 'wrongRows'>,
  signal: AbortSignal,
): Promise<RunProof> => {
  const { tables } = await road.proveKeys({ signal })
  return {
    ...proved,
    keys: tables.reduce((sum, { wanted }) => sum + wanted, 0),
    differingBuckets: tables.reduce((sum, one) => sum + one.differingBuckets, 0),
  }
}

const finish = (road: SqlRoad, identity: RunIdentity, kind: 'online' | 'final' | 'merge'): Promise<void> =>
  road.finish({ ...identity, ends: kind === 'final' ? 'in place' : 'aside' })

interface Ended {
  readonly phases: readonly PhaseTime[]
  readonly result: TallyResult
  readonly candidates: number
  readonly refused: readonly string[]
  readonly proof?: RunProof
}

const documentOf = (
  { prepared, chosen, identity, plan, elapsed }: RunWork,
  { phases, result, candidates, refused, proof }: Ended,
): RunDocument => {
  const { outcomes, changes, accounts, rejected, conflicts } = result
  const milliseconds = elapsed()
  const isFinal = chosen.kind === 'final' && refused.length === 0
  return {
    ...plan,
    // It stands in its place now.
    findings: isFinal ? plan.findings.filter(({ code }) => code !== 'MAS_COPY_ASIDE') : plan.findings,
    kind: 'run',
    runId: identity.runId,
    road: chosen.kind,
    // Where everything was counted the counts say more; a copy is brought up to date without.
    relations: prepared.relations.length > 0 ? prepared.relations : [accounts],
    tables: [],
    outcomes,
    changes,
    candidates,
    rejected,
    conflicts,
    phases,
    milliseconds,
    peakMemory: peakMemory(),
    ...(chosen.resumes === undefined ? {} : { resumed: true }),
    ...(proof === undefined ? {} : { proof }),
    ...(isFinal ? { downtime: milliseconds } : {}),
    ...(refused.length === 0 ? {} : { refused }),
  }
}

/** A run that went on from what was there can be gone on with in its turn. */
const resumable = (error: unknown, runId: string): unknown => {
  if (!(error instanceof Syn2opError) || error.code === 'run.other-seed' || error.code === 'run.other-server')
    return error
  return new Syn2opError(error.code, error.message, {
    problems: error.problems,
    next: [...error.next, `What run ${runId} has written stands. Go on with it: syn2op migrate --resume`],
    cause: error.cause,
  })
}
