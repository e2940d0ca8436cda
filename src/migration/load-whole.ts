import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PhaseTime, RunDocument } from '../report/documents.ts'
import type { RunProof } from '../report/run-parts.ts'
import { accountPrints } from './account-prints.ts'
import type { RunWork } from './migrate.ts'
import { peakMemory } from './peak-memory.ts'
import { proveWhole } from './prove-whole.ts'
import { silentRecorder } from './run-recorder.ts'
import { heldBackAccounts } from './runs/held-back.ts'
import { freezeCohorts, stagesOf } from './stages.ts'

/** Fills an empty target: in its place, or, for later runs to bring it up to date, aside. */
export const loadWhole = async (work: RunWork): Promise<RunDocument> => {
  const { request, prepared, road, chosen, identity, plan, elapsed } = work
  const { readers, decisions, source, relations, scout } = prepared
  const { progress, signal, recorder = silentRecorder } = request
  const ends = chosen.kind === 'online' ? 'aside' : 'in place'
  const before = elapsed()
  const loaded = await road.load({
    ...identity,
    ends,
    prints: accountPrints({ ...source, decisions, readers }),
    decisions,
    readers,
    expectedRows: relations.reduce((sum, { carried }) => sum + carried, 0),
    progress,
    signal,
  })
  if (loaded.unrecorded === undefined) await (ends === 'aside' ? freezeCohorts(work) : freezeWherePossible(work))
  await recorder.heldBack(heldBackAccounts(decisions, scout))
  const proving = elapsed()
  if (ends === 'aside') progress.phase('prove')
  const proof = ends === 'aside' ? await proveCopy(work) : undefined
  const phases: readonly PhaseTime[] = [
    { phase: 'prepare', milliseconds: before },
    ...loaded.phases,
    ...(proof === undefined ? [] : [{ phase: 'prove', milliseconds: elapsed() - proving }]),
  ]
  return {
    ...plan,
    kind: 'run',
    runId: identity.runId,
    road: chosen.kind,
    tables: loaded.tables,
    phases,
    milliseconds: elapsed(),
    peakMemory: peakMemory(),
    ...(await (ends === 'aside' ? stagesOf(work) : stagesWherePossible(work))),
    ...(chosen.resumes === undefined ? {} : { resumed: true }),
    ...(loaded.usableAfter === undefined ? {} : { downtime: before + loaded.usableAfter }),
    ...(loaded.unrecorded === undefined ? {} : { unrecorded: true }),
    ...(proof === undefined ? {} : { proof }),
  }
}

/** The copy stands, whatever ends this: the next online run compares all of it. */
const proveCopy = async (work: RunWork): Promise<RunProof> => {
  try {
    return await proveWhole(work)
  } catch (error) {
    throw work.request.signal.aborted ? stoppedWhileProving(error) : error
  }
}

const stoppedWhileProving = (cause: unknown): Syn2opError =>
  new Syn2opError('run.interrupted', 'Stopped, as asked: the copy stands, and not all of it was compared', {
    next: ['Bring it up to date, which compares all of it: syn2op migrate --online'],
    cause,
  })

/** The target is filled and may be in use: whatever happens now takes nothing of it back. */
const freezeWherePossible = async (work: RunWork): Promise<void> => {
  try {
    await freezeCohorts(work)
  } catch (error) {
    work.request.progress.note(
      `Who is in which cohort could not be put on record: ${inWords(error)}. The next run does so; all of them are migrated.`,
    )
  }
}

/** Nor does it make a failure of what has ended well. */
const stagesWherePossible = async (work: RunWork): ReturnType<typeof stagesOf> => {
  try {
    return await stagesOf(work)
  } catch (error) {
    // Where there are no cohorts, nobody misses what the target would say of them.
    if (work.request.mapping.cohorts.length > 0) {
      work.request.progress.note(
        `How far the cohorts are cannot be told now: ${inWords(error)}. All of them are migrated.`,
      )
    }
    return {}
  }
}

const inWords = (error: unknown): string => (error instanceof Syn2opError ? error.message : 'an unforeseen error')
