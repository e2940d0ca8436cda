import { writeRecord } from '../../prepare/record-file.ts'
import type { AdminApi } from '../api/admin-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { sendStep } from './send-step.ts'
import { refreshStatistics } from './statistics.ts'
import type { PrepareStep } from './step.ts'
import { type RecordFile, recorded, type UndoRecord, withState } from './undo-record.ts'

export interface StepOutcome {
  readonly id: string
  readonly outcome: 'done' | 'failed' | 'not attempted'
  /** What there is to say of it. */
  readonly note?: string
}

export interface Applied {
  readonly outcomes: readonly StepOutcome[]
  readonly record: UndoRecord
  /** Why it ended before its end. */
  readonly error?: unknown
}

export interface ApplyRequest {
  readonly api: AdminApi
  readonly config: KeycloakConfig
  readonly runs: string
  readonly secrets: ReadonlyMap<string, string>
  readonly signal: AbortSignal
  /** Told when a step begins. */
  readonly note: (message: string) => void
}

/**
 * Does the steps one after the other, and keeps in the file what was begun and what is done, before and after each: whatever
 * ends it, `--undo` knows. The first that fails is the last.
 */
export const applySteps = async (
  steps: readonly PrepareStep[],
  { file, record: before }: RecordFile,
  request: ApplyRequest,
): Promise<Applied> => {
  const { runs, signal } = request
  const outcomes: StepOutcome[] = []
  let record = withSteps(before, steps)
  const keep = async (next: UndoRecord): Promise<void> => {
    record = next
    await writeRecord(file, record, runs)
  }
  await keep(record)
  for (const [index, step] of steps.entries()) {
    try {
      signal.throwIfAborted()
      await keep(withState(record, step.id, 'begun'))
      request.note(step.what)
      const note = await doStep(step, request)
      outcomes.push({ id: step.id, outcome: 'done', ...(note === undefined ? {} : { note }) })
      await keep(withState(record, step.id, 'done'))
    } catch (error) {
      const left = steps.slice(index).filter(({ id }) => !outcomes.some((outcome) => outcome.id === id))
      const rest = left.map(
        ({ id }): StepOutcome => ({ id, outcome: id === step.id && !signal.aborted ? 'failed' : 'not attempted' }),
      )
      return { outcomes: [...outcomes, ...rest], record, error }
    }
  }
  return { outcomes, record }
}

/** The record with these steps in it too, those it has already as they are. */
const withSteps = (record: UndoRecord, steps: readonly PrepareStep[]): UndoRecord => ({
  ...record,
  steps: [...record.steps, ...steps.filter(({ id }) => !record.steps.some((step) => step.id === id)).map(recorded)],
})

const doStep = async (
  step: PrepareStep,
  { api, config, secrets, signal }: ApplyRequest,
): Promise<string | undefined> => {
  if (step.work.kind !== 'statistics') {
    await sendStep(api, step, secrets.get(step.id), signal)
    return undefined
  }
  const counted = await refreshStatistics(config, signal)
  return counted?.after
    .map(({ table, believed = 0 }) => {
      const earlier = counted.before.find((one) => one.table === table)?.believed ?? 0
      return `${table}: ${earlier} → ${believed} rows`
    })
    .join(', ')
}
