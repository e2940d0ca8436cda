import { writeRecord } from '../../prepare/record-file.ts'
import { readConnection, readScim } from '../check/read-connections.ts'
import { sendInverse } from './send-step.ts'
import { judgeUndo, type PresentThing, type UndoVerdict } from './undo-judgement.ts'
import { type RecordedStep, type UndoRecord, withState } from './undo-record.ts'
import { type Looking, whoNeedsIt } from './who-needs-it.ts'

export interface JudgedStep {
  readonly step: RecordedStep
  readonly verdict: UndoVerdict
}

/** Looks at what is there of each step, the last one first. Writes nothing. */
export const judgeSteps = async (steps: readonly RecordedStep[], looking: Looking): Promise<readonly JudgedStep[]> => {
  const judged: JudgedStep[] = []
  for (const step of steps.toReversed()) judged.push({ step, verdict: judgeUndo(step, await lookAt(step, looking)) })
  return judged
}

const lookAt = async ({ connection: name, work }: RecordedStep, looking: Looking): Promise<PresentThing> => {
  const { api, signal } = looking
  const connection = await readConnection({ api, signal }, name)
  if (connection === undefined) return {}
  const scim = work.kind === 'set up SCIM' ? await readScim({ api, signal }, connection.id) : undefined
  // Whoever is in a connection that is deleted is deleted with it, whoever they are.
  const who = work.kind === 'create connection' ? 'everybody' : 'ours'
  const needs = await whoNeedsIt(looking, { id: connection.id, name, who })
  return {
    connection: { ...connection, ...(scim === undefined ? {} : { scim }) },
    ...(needs === undefined ? {} : { needs }),
  }
}

interface Undone {
  /** Those that were taken back, by their ids. */
  readonly undone: readonly string[]
  /** As each was found when its turn came. */
  readonly judged: readonly JudgedStep[]
  readonly error?: unknown
}

interface Undoing extends Looking {
  readonly file: string
  readonly record: UndoRecord
  readonly runs: string
}

/**
 * Takes back what was judged so, as far as a look right before still says so: somebody may have thought about it for long. Keeps in
 * the file what has been taken back. The first that fails is the last.
 */
export const undoSteps = async (
  shown: readonly JudgedStep[],
  { file, record: before, runs, ...looking }: Undoing,
): Promise<Undone> => {
  const undone: string[] = []
  const judged: JudgedStep[] = []
  let record = before
  try {
    for (const { step, verdict: earlier } of shown) {
      looking.signal.throwIfAborted()
      const verdict = earlier.kind === 'undo' ? judgeUndo(step, await lookAt(step, looking)) : earlier
      judged.push({ step, verdict })
      if (verdict.kind === 'leave') continue
      if (verdict.kind === 'undo') {
        await sendInverse(looking.api, step, { changes: verdict.changes, signal: looking.signal })
        undone.push(step.id)
      }
      record = withState(record, step.id, 'undone')
      await writeRecord(file, record, runs)
    }
    return { undone, judged }
  } catch (error) {
    return { undone, judged: [...judged, ...shown.slice(judged.length)], error }
  }
}
