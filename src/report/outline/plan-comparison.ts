import { RELATION_NAMES } from '../../accounts/relations.ts'
import { formatDuration } from '../../terminal/numbers.ts'
import { newAndGone } from '../drift-words.ts'
import type { CountChange, DecisionChange, PlanComparison, PlanDrift } from '../plan-comparison.ts'
import { formatMoment, reasonText } from '../words.ts'
import type { OutlineSection, OutlineTable } from './outline.ts'

/** What is new since the plan that a run is bound to. */
export const driftOutline = (drift: PlanDrift | undefined): readonly OutlineSection[] => {
  if (drift === undefined) return []
  const { plan, newAccounts, goneAccounts, rows } = drift
  return [
    {
      title: 'Since the plan',
      sentences: [
        `Bound to ${plan.file}, as of ${formatMoment(plan.asOf)}: ${newAndGone(newAccounts, goneAccounts)}. All of it is decided by the same rules.`,
      ],
      table: rowsTable(rows),
    },
  ]
}

/** What is new since an older plan. */
export const comparisonOutline = (comparison: PlanComparison | undefined): readonly OutlineSection[] => {
  if (comparison === undefined) return []
  const { accounts, rows, outcomes, findings } = comparison
  return [
    { title: 'Since the older plan', sentences: sentencesOf(comparison) },
    {
      title: 'Accounts about whom something else is decided',
      table: {
        columns: ['Before', 'Now', 'Accounts', 'Who'],
        names: 2,
        rows: (accounts?.changed ?? []).map((one) => [decision(one.before), decision(one.now), one.count, whoOf(one)]),
      },
    },
    {
      title: 'Rows that are more or fewer',
      table: rowsTable(rows),
    },
    {
      title: 'How the accounts would end',
      table: {
        columns: ['Outcome', 'Before', 'Now'],
        names: 1,
        rows: outcomes.map(({ outcome, before, now }) => [outcome, before, now]),
      },
    },
    {
      title: 'Findings that are new, gone, or of others',
      table: {
        columns: ['Finding', 'Severity', 'Change', 'Before', 'Now'],
        names: 1,
        rows: findings.map(({ code, severity, change, before, now }) => [
          code,
          severity,
          change,
          before ?? '',
          now ?? '',
        ]),
      },
    },
  ]
}

const rowsTable = (rows: readonly CountChange[]): OutlineTable => ({
  columns: ['What', 'What becomes of them', 'Before', 'Now'],
  names: 2,
  rows: rows.map(({ relation, reason, before, now }) => [
    RELATION_NAMES[relation].many,
    becomes({ relation, reason }),
    before,
    now,
  ]),
})

const sentencesOf = ({
  plan,
  accounts,
  mapping,
  other,
  rows,
  findings,
  forecast,
}: PlanComparison): readonly string[] => {
  const since = `Held against ${plan.file}, as of ${formatMoment(plan.asOf)}`
  const isSame = rows.length === 0 && findings.length === 0 && (accounts?.changed ?? []).length === 0
  return [
    accounts === undefined
      ? `${since}, which does not have the decision about every account: only counts are compared.`
      : `${since}: ${newAndGone(accounts.new, accounts.gone)}.`,
    ...(isSame ? ['No decision, no count and no finding has changed.'] : []),
    ...(mapping === undefined ? [] : ['The mapping is another one: its rules may be why.']),
    ...(other ?? []).map((end) => `It is of another ${end}.`),
    ...(forecast === undefined
      ? []
      : [
          `A run would take ${formatDuration(forecast.now.seconds * 1000)} (before: ${formatDuration(forecast.before.seconds * 1000)}), of which nobody can log in for ${formatDuration(forecast.now.downtimeSeconds * 1000)} (before: ${formatDuration(forecast.before.downtimeSeconds * 1000)}).`,
        ]),
  ]
}

const decision = (reason: string | null): string => (reason === null ? 'migrate' : `hold back: ${reasonText(reason)}`)

const becomes = ({ relation, reason }: Pick<CountChange, 'relation' | 'reason'>): string => {
  if (reason !== null) return reasonText(reason)
  return relation === 'account' ? 'migrated' : 'carried'
}

/** As many names as a table has room for; the document has more of them. */
const NAMED = 5

const whoOf = ({ samples, count }: DecisionChange): string => {
  const some = samples.slice(0, NAMED)
  return count > some.length ? `${some.join(', ')} …` : some.join(', ')
}
