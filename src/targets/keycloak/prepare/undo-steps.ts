import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { sendChanges, sendDelete } from './send-step.ts'
import { judgeUndo, type PresentThing, type UndoVerdict } from './undo-judgement.ts'
import { type RecordedStep, type RecordFile, type UndoRecord, withState, writeRecord } from './undo-record.ts'

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
    judged.push({ step, verdict: judgeUndo(step, await lookAt(api, step, signal)) })
  }
  return judged
}

const NOTHING: PresentThing = { kept: 0 }

const lookAt = async (
  api: AdminApi,
  { work, state, keeper }: RecordedStep,
  signal: AbortSignal,
): Promise<PresentThing> => {
  if (work.kind === 'statistics' || state === 'planned' || state === 'undone') return NOTHING
  const document = await present(api, work.path, signal)
  if (document === undefined) return NOTHING
  const kept = keeper === undefined ? 0 : await count(api, keeper.query, signal)
  return { document, kept }
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

const count = async (api: AdminApi, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> => {
  const { body } = await api.send({ method: 'GET', path: 'users/count', query, signal })
  const counted = z.number().safeParse(body)
  if (counted.success) return counted.data
  throw new Syn2opError('run.not-possible', 'Keycloak does not say how many people would lose something', {
    next: ['Give the client the role view-users, then try again.'],
  })
}

export interface Undone {
  /** Those that were taken back, by their ids. */
  readonly undone: readonly string[]
  readonly error?: unknown
}

/** Takes back what was judged so, and keeps in the file what has been. The first that fails is the last. */
export const undoSteps = async (
  judged: readonly JudgedStep[],
  { file, record: before }: RecordFile,
  { api, runs, signal }: { readonly api: AdminApi; readonly runs: string; readonly signal: AbortSignal },
): Promise<Undone> => {
  const undone: string[] = []
  let record: UndoRecord = before
  try {
    for (const { step, verdict } of judged) {
      if (verdict.kind === 'leave') continue
      signal.throwIfAborted()
      await takeBack(api, step, verdict, signal)
      if (verdict.kind !== 'nothing') undone.push(step.id)
      record = withState(record, step.id, verdict.kind === 'restore' && verdict.left.length > 0 ? 'left' : 'undone')
      await writeRecord(file, record, runs)
    }
    return { undone }
  } catch (error) {
    return { undone, error }
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
