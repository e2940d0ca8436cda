import { formatCount, formatDuration, formatInteger } from '../terminal/numbers.ts'
import type { RollbackDocument } from './rollback-document.ts'
import type { Verdict } from './verdict.ts'

const isDone = ({ runId }: RollbackDocument): boolean => runId !== undefined

const nameOf = ({ of }: RollbackDocument): string => (of.kind === 'run' ? `run ${of.name}` : `the cohort ${of.name}`)

const remains = ({ used, usedAccounts, outcomes = [] }: RollbackDocument): boolean =>
  (used > 0 && usedAccounts === 'keep') || outcomes.some(({ outcome }) => outcome !== 'removed')

/** What a rollback comes to, or came to. */
export const rollbackVerdict = (document: RollbackDocument): Verdict => ({
  tone: remains(document) ? 'attention' : 'good',
  headline: headline(document),
  sentences: [...whatGoes(document), ...usedSentence(document)],
})

const headline = (document: RollbackDocument): string => {
  const { milliseconds = 0, target } = document
  if (!isDone(document)) return `What taking back ${nameOf(document)} would do`
  const time = formatDuration(milliseconds)
  if (document.way === 'empty') return `${target.product} is empty again, as before the first run, in ${time}`
  return remains(document)
    ? `Taken back but for what people use, in ${time}`
    : `Taken back ${nameOf(document)}, in ${time}`
}

const whatGoes = (document: RollbackDocument): readonly string[] => {
  const { way, runs, accounts, tables, target } = document
  const sum = (kind: 'remove' | 'restore' | 'endForGood' | 'theirs'): number =>
    tables.reduce((total, one) => total + one[kind], 0)
  const done = isDone(document)
  // A target that does not tell its rows keeps no copy either.
  const kin = tables.length === 0 ? 'that went on with each other' : 'of the same copy'
  const together = runs.length > 1 ? [`With it ${done ? 'went' : 'go'} the runs ${kin}: ${runs.join(', ')}.`] : []
  if (way === 'empty') {
    return [
      ...together,
      `Of ${formatCount(accounts, 'account', 'accounts')} ${formatCount(sum('remove'), 'row', 'rows')} ${done ? 'are gone' : 'go'}: ${target.product} ${done ? 'has' : 'gets'} its tables empty and in their place, with all indexes and constraints.`,
    ]
  }
  if (tables.length === 0) {
    return [...together, `${formatCount(accounts, 'account', 'accounts')} ${done ? 'taken back' : 'to be taken back'}.`]
  }
  const [restored, ended] = [sum('restore'), sum('endForGood')]
  return [
    ...together,
    `${formatCount(accounts, 'account', 'accounts')}: ${formatCount(sum('remove'), 'row', 'rows')} ${done ? 'removed' : 'to be removed'}${restored === 0 ? '' : `, ${formatInteger(restored)} as before`}.`,
    ...(ended === 0
      ? []
      : [
          `${formatCount(ended, 'row does', 'rows do')} not return to what ${ended === 1 ? 'it was' : 'they were'}: Synapse no longer has that session, token, password or right.`,
        ]),
  ]
}

const usedSentence = (document: RollbackDocument): readonly string[] => {
  const { used, usedAccounts, target } = document
  if (used === 0) return []
  const who = `${formatCount(used, 'account has', 'accounts have')} been used at ${target.product} since`
  if (usedAccounts === 'keep') return [`${who}, and ${isDone(document) ? 'stayed' : 'stay'} as they are.`]
  return [`${who}: ${isDone(document) ? 'what was done there is gone' : 'what was done there goes with them'}.`]
}
