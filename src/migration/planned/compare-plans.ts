import type { Finding } from '../../findings/finding.ts'
import type { PlanDocument } from '../../report/documents.ts'
import type { FindingChange, PlanComparison } from '../../report/plan-comparison.ts'
import { OUTCOMES } from '../../targets/changes.ts'
import { countChanges } from './count-changes.ts'
import type { PlanFile } from './plan-file.ts'

/**
 * What is new since an older plan.
 * @param accounts about whom something else is decided, where the older plan has all decisions.
 */
export const comparePlans = (
  { file, document: before }: PlanFile,
  now: PlanDocument,
  accounts?: PlanComparison['accounts'],
): PlanComparison => {
  const other = otherEnds(before, now)
  return {
    plan: { file, asOf: before.asOf },
    ...(before.mapping.sha256 === now.mapping.sha256
      ? {}
      : { mapping: { before: before.mapping.sha256, now: now.mapping.sha256 } }),
    ...(other.length === 0 ? {} : { other }),
    ...(accounts === undefined ? {} : { accounts }),
    // Where a source could not be read nothing was counted.
    rows:
      before.relations.length === 0 || now.relations.length === 0 ? [] : countChanges(before.relations, now.relations),
    outcomes: outcomeChanges(before, now),
    findings: findingChanges(before.findings, now.findings),
    ...(before.forecast === undefined || now.forecast === undefined
      ? {}
      : { forecast: { before: timesOf(before.forecast), now: timesOf(now.forecast) } }),
  }
}

const otherEnds = (before: PlanDocument, now: PlanDocument): readonly ('source' | 'target')[] =>
  (['source', 'target'] as const).filter(
    (end) =>
      before.fingerprints !== undefined &&
      now.fingerprints !== undefined &&
      before.fingerprints[end] !== now.fingerprints[end],
  )

const timesOf = ({ seconds, downtimeSeconds }: NonNullable<PlanDocument['forecast']>) => ({ seconds, downtimeSeconds })

/** Nothing where one of them found errors: it did not look how accounts would end. */
const outcomeChanges = (before: PlanDocument, now: PlanDocument): PlanComparison['outcomes'] => {
  if (before.outcomes === undefined && now.outcomes === undefined) return []
  const [was, is] = [outcomesOf(before), outcomesOf(now)]
  if (was === undefined || is === undefined) return []
  return OUTCOMES.flatMap((outcome) => {
    const change = { outcome, before: was.get(outcome) ?? 0, now: is.get(outcome) ?? 0 }
    return change.before === change.now ? [] : [change]
  })
}

/** A plan that does not say it has an empty target, where everybody who migrates would be created. */
const outcomesOf = ({ outcomes, relations, findings }: PlanDocument): ReadonlyMap<string, number> | undefined => {
  if (findings.some(({ severity }) => severity === 'error')) return undefined
  if (outcomes !== undefined) return new Map(outcomes.map(({ outcome, count }) => [outcome, count]))
  const accounts = relations.find(({ relation }) => relation === 'account')
  const carried = accounts?.carried ?? 0
  return new Map([
    ['created', carried],
    ['held back', (accounts?.read ?? 0) - carried],
  ])
}

/** Findings of one code together: several of them can be of one provider each. */
const findingChanges = (before: readonly Finding[], now: readonly Finding[]): readonly FindingChange[] => {
  const [was, is] = [byCode(before), byCode(now)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((code) => {
    const [earlier, later] = [was.get(code), is.get(code)]
    const severity = (later ?? earlier)?.severity ?? 'notice'
    const change = earlier === undefined ? 'new' : later === undefined ? 'gone' : 'changed'
    if (change === 'changed' && earlier?.count === later?.count) return []
    return [
      {
        code,
        severity,
        change,
        ...(earlier?.count === undefined ? {} : { before: earlier.count }),
        ...(later?.count === undefined ? {} : { now: later.count }),
      } as const,
    ]
  })
}

type Summed = Pick<Finding, 'severity' | 'count'>

const byCode = (findings: readonly Finding[]): ReadonlyMap<string, Summed> => {
  const summed = new Map<string, Summed>()
  for (const { code, severity, count } of findings) {
    const known = summed.get(code)?.count
    const sum = count === undefined ? known : (known ?? 0) + count
    summed.set(code, { severity, ...(sum === undefined ? {} : { count: sum }) })
  }
  return summed
}
