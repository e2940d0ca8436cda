import { writeRecord } from '../../prepare/record-file.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { sendStep } from './send-step.ts'
import type { PrepareStep } from './step.ts'
import { type UndoRecord, withState } from './undo-record.ts'

export interface StepOutcome {
  readonly id: string
  readonly outcome: 'done' | 'failed' | 'not attempted'
}

interface Applied {
  readonly outcomes: readonly StepOutcome[]
  /** Why it ended before its end. */
  readonly error?: unknown
}

interface Applying {
  readonly api: ManagementApi
  /** The file of the record, and the record as it begins. */
  readonly file: string
  readonly record: UndoRecord
  /** The folder where it is kept. */
  readonly runs: string
  /** Told when a step begins. */
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/**
 * Does the steps one after the other, and keeps in the file what was begun and what is done, before and after each: whatever ends
 * it, `--undo` knows. The first that fails is the last.
 * @throws Syn2opError run.unwritable before anything was done; what goes wrong later is returned
 */
export const applySteps = async (
  steps: readonly PrepareStep[],
  { api, file, record, runs, note, signal }: Applying,
): Promise<Applied> => {
  let now = record
  const keep = async (next: UndoRecord): Promise<void> => {
    now = next
    await writeRecord(file, now, runs)
  }
  await keep(record)
  const outcomes: StepOutcome[] = []
  try {
    for (const step of steps) {
      signal.throwIfAborted()
      await keep(withState(now, step.id, 'begun'))
      note(step.what)
      await sendStep(api, step, signal)
      outcomes.push({ id: step.id, outcome: 'done' })
      await keep(withState(now, step.id, 'done'))
    }
    return { outcomes }
  } catch (error) {
    const rest = steps
      .slice(outcomes.length)
      .map(
        ({ id }, index): StepOutcome => ({ id, outcome: index === 0 && !signal.aborted ? 'failed' : 'not attempted' }),
      )
    return { outcomes: [...outcomes, ...rest], error }
  }
}
