import type { PreparedStep, ShownField } from '../../../report/prepared-step.ts'
import { madeOf, shownField } from '../../prepare/field-change.ts'
import type { StepOutcome } from './apply-steps.ts'
import { inverseOf, type PrepareStep, requestOf, type StepWork } from './step.ts'
import type { JudgedStep } from './undo-steps.ts'

const KINDS: Readonly<Record<StepWork['kind'], PreparedStep['kind']>> = {
  'create connection': 'create',
  'change options': 'change',
  'enable application': 'change',
  'set up SCIM': 'create',
}

const fieldsOf = (work: StepWork): readonly ShownField[] => {
  if (work.kind === 'create connection') return madeOf(work.options)
  return work.kind === 'change options' ? work.changes.map(shownField) : []
}

/** Ids of connections, by their names, as far as they are there. */
export type Ids = ReadonlyMap<string, string>

/** A step as it is shown, with what became of it. */
export const shownStep = (step: PrepareStep, ids: Ids, outcome?: StepOutcome): PreparedStep => {
  const id = ids.get(step.connection)
  return {
    id: step.id,
    kind: KINDS[step.work.kind],
    what: step.what,
    why: step.why,
    fields: fieldsOf(step.work),
    requests: [requestOf(step, id)],
    inverse: [inverseOf(step, id)],
    notes: step.notes,
    ...(outcome === undefined ? {} : { outcome: outcome.outcome }),
  }
}

/**
 * A step as it is taken back.
 * @param undone the ids of those that were; absent: it is only shown
 */
export const shownUndo = ({ step, verdict }: JudgedStep, undone?: readonly string[]): PreparedStep => {
  const outcome = outcomeOf({ step, verdict }, undone)
  return {
    id: step.id,
    kind: KINDS[step.work.kind],
    what: `Take back: ${step.what}`,
    fields: verdict.kind === 'undo' ? verdict.changes.map(shownField) : [],
    requests: verdict.kind === 'undo' ? [inverseOf(step)] : [],
    inverse: [requestOf(step)],
    notes: [],
    ...(outcome === undefined ? {} : { outcome }),
    ...(verdict.kind === 'leave' ? { note: verdict.why } : {}),
  }
}

const outcomeOf = ({ step, verdict }: JudgedStep, undone: readonly string[] | undefined): PreparedStep['outcome'] => {
  if (verdict.kind === 'nothing') return 'nothing'
  if (verdict.kind === 'leave') return 'left'
  if (undone === undefined) return undefined
  return undone.includes(step.id) ? 'undone' : 'not attempted'
}
