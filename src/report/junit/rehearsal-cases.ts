import type { RehearsalDocument, RehearsalStep } from '../rehearsal-document.ts'
import { judgedSteps, UNPROVED_NAMES } from '../rehearsal-words.ts'
import type { TestCase } from './test-cases.ts'

/** A rehearsal's own tests: its steps, what could not be proved, and whether the target is as it was. */
export const rehearsalCases = (document: RehearsalDocument): readonly TestCase[] => [
  ...judgedSteps(document).map((step) => stepCase(document, step)),
  ...document.unproved.map(
    ({ what, why }): TestCase => ({ suite: 'Not proved', name: UNPROVED_NAMES[what], skipped: why }),
  ),
  ...againCases(document),
]

const stepCase = (
  { failure }: RehearsalDocument,
  { step, milliseconds, outcome, why = '' }: RehearsalStep,
): TestCase => {
  const test = { suite: 'Steps', name: step, milliseconds }
  if (outcome === 'skipped') return { ...test, skipped: why }
  if (outcome === 'ok') return { ...test, ...(why === '' ? {} : { output: why }) }
  const message = why === '' ? `${step} failed` : why
  if (failure?.step !== step) return { ...test, failure: { type: 'step', message, detail: message } }
  const detail = [failure.message, ...(failure.problems ?? []), ...(failure.next ?? [])].join('\n')
  return { ...test, failure: { type: failure.code, message, detail } }
}

const againCases = ({ again }: RehearsalDocument): readonly TestCase[] => {
  if (again === undefined) return []
  const test = { suite: 'Taken back', name: 'the target is as it was' }
  if (again.same) return [test]
  const message = 'A plan made after the rollback is not the first one'
  return [{ ...test, failure: { type: 'rollback', message, detail: again.differences.join('\n') } }]
}
