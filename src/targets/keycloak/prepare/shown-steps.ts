import type { PreparedStep, ShownField } from '../../../report/prepared-step.ts'
import { madeOf, shownField } from '../../prepare/field-change.ts'
import type { StepOutcome } from './apply-steps.ts'
import { inverseOf, type PrepareStep, requestsOf, type StepWork } from './step.ts'
import type { JudgedStep } from './undo-steps.ts'

const KINDS: Readonly<Record<StepWork['kind'], PreparedStep['kind']>> = {
  create: 'create',
  change: 'change',
  statistics: 'run',
}

const fieldsOf = (work: StepWork): readonly ShownField[] => {
  if (work.kind === 'create') return madeOf(work.body)
  return work.kind === 'change' ? work.changes.map(shownField) : []
}

/** A step as it is shown, with what became of it. */
export const shownStep = (step: PrepareStep, outcome?: StepOutcome): PreparedStep => ({
  id: step.id,
  kind: KINDS[step.work.kind],
  what: step.what,
  why: step.why,
  fields: fieldsOf(step.work),
  requests: requestsOf(step),
  inverse: step.noWayBack ?? inverseOf(step),
  notes: step.notes,
  ...(outcome === undefined ? {} : { outcome: outcome.outcome }),
  ...(outcome?.note === undefined ? {} : { note: outcome.note }),
})

/**
 * A step as it is taken back.
 * @param undone the ids of those that were; absent: it is only shown
 */
export const shownUndo = ({ step, verdict }: JudgedStep, undone?: readonly string[]): PreparedStep => {
  const outcome = outcomeOf({ step, verdict }, undone)
  const note = noteOf(verdict)
  return {
    id: step.id,
    kind: KINDS[step.work.kind],
    what: `Take back: ${step.what}`,
    fields: verdict.kind === 'restore' ? verdict.changes.map(shownField) : [],
    requests: verdict.kind === 'delete' || verdict.kind === 'restore' ? inverseOf(step) : [],
    inverse: requestsOf(step),
    notes: [],
    ...(outcome === undefined ? {} : { outcome }),
    ...(note === undefined ? {} : { note }),
  }
}

const outcomeOf = ({ step, verdict }: JudgedStep, undone: readonly string[] | undefined): PreparedStep['outcome'] => {
  if (verdict.kind === 'nothing') return 'nothing'
  if (verdict.kind === 'leave') return 'left'
  if (undone === undefined) return undefined
  return undone.includes(step.id) ? 'undone' : 'not attempted'
}

const noteOf = (verdict: JudgedStep['verdict']): string | undefined => {
  if (verdict.kind === 'leave') return verdict.why
  if (verdict.kind === 'restore' && verdict.left.length > 0) {
    return `Changed since, and left as it is: ${verdict.left.join(', ')}`
  }
  return undefined
}
