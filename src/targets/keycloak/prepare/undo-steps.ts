import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { writeRecord } from '../../prepare/record-file.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { sendChanges, sendDelete } from './send-step.ts'
import { asShown, judgeUndo, type PresentThing, type UndoVerdict } from './undo-judgement.ts'
import { type RecordedStep, type RecordFile, type UndoRecord, withState } from './undo-record.ts'
import { whoNeeds } from './who-needs.ts'

export interface JudgedStep {
  readonly step: RecordedStep
  readonly verdict: UndoVerdict
}

/** Looks at what is there of each step, the last one first. Writes nothing. */
export const judgeSteps = async (
  api: AdminApi,
  steps: readonly RecordedStep[],
  signal: AbortSignal,
): Promise<readonly JudgedStep[]> => {
  const judged: JudgedStep[] = []
  for (const step of steps.toReversed()) {
    judged.push({ step, verdict: judgeUndo(step, await lookAt(api, step, judged, signal)) })
  }
  return judged
}

const NOTHING: PresentThing = { needs: [] }

/** @param before what is taken back before it */
const lookAt = async (
  api: AdminApi,
  { work, state, keepers }: RecordedStep,
  before: readonly JudgedStep[],
  signal: AbortSignal,
): Promise<PresentThing> => {
  if (work.kind === 'statistics' || state === 'planned' || state === 'undone') return NOTHING
  const document = await present(api, work.path, signal)
  if (document === undefined) return NOTHING
  const going = before.flatMap(({ step, verdict }) =>
    verdict.kind === 'delete' && step.work.kind === 'create' ? [step.work.path] : [],
  )
  return { document, needs: await whoNeeds(api, keepers, new Set(going), signal) }
}

const present = async (api: AdminApi, path: string, signal: AbortSignal): Promise<unknown> => {
  try {
    const { status, body } = await api.send({ method: 'GET', path, signal })
    return status === 200 ? body : undefined
  } catch (error) {
    // The realm itself is gone.
    if (error instanceof Syn2opError && error.code === 'config.invalid') return undefined
    throw error
  }
}

export interface Undone {
  /** Those that were taken back, by their ids. */
  readonly undone: readonly string[]
  /** As each was found when its turn came. */
  readonly judged: readonly JudgedStep[]
  readonly error?: unknown
}

/**
 * Takes back what was judged so, as far as a look right before still says so: somebody may have thought about it for long. Keeps
 * in the file what has been taken back. The first that fails is the last.
 */
export const undoSteps = async (
  shown: readonly JudgedStep[],
  { file, record: before }: RecordFile,
  { api, runs, signal }: { readonly api: AdminApi; readonly runs: string; readonly signal: AbortSignal },
): Promise<Undone> => {
  const undone: string[] = []
  const judged: JudgedStep[] = []
  let record: UndoRecord = before
  try {
    for (const { step, verdict: earlier } of shown) {
      signal.throwIfAborted()
      const verdict =
        earlier.kind === 'delete' || earlier.kind === 'restore'
          ? asShown(judgeUndo(step, await lookAt(api, step, judged, signal)), earlier)
          : earlier
      judged.push({ step, verdict })
      if (verdict.kind === 'leave') continue
      await takeBack(api, step, verdict, signal)
      if (verdict.kind !== 'nothing') undone.push(step.id)
      record = withState(record, step.id, verdict.kind === 'restore' && verdict.left.length > 0 ? 'left' : 'undone')
      await writeRecord(file, record, runs)
    }
    return { undone, judged }
  } catch (error) {
    return { undone, judged: [...judged, ...shown.slice(judged.length)], error }
  }
}

const takeBack = async (
  api: AdminApi,
  { work, what }: RecordedStep,
  verdict: UndoVerdict,
  signal: AbortSignal,
): Promise<void> => {
  if (work.kind === 'create' && verdict.kind === 'delete') await sendDelete(api, work.path, what, signal)
  if (work.kind === 'change' && verdict.kind === 'restore') {
    await sendChanges(api, { ...work, changes: verdict.changes }, what, signal)
  }
}
