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
  sentences: [
    ...whatGoes(document),
    ...standingSentence(document),
    ...usedSentence(document),
    ...refusedSentence(document),
  ],
})

const headline = (document: RollbackDocument): string => {
  const { milliseconds = 0, target } = document
  if (!isDone(document)) return `What taking back ${nameOf(document)} would do`
  const time = formatDuration(milliseconds)
  if (document.way === 'empty') return `${target.product} is empty again, as before the first run, in ${time}`
  return `${remains(document) ? `Taken back but for ${whatRemains(document)}` : `Taken back ${nameOf(document)}`}, in ${time}`
}

const whatRemains = (document: RollbackDocument): string => {
  const [used, refused] = [document.used > 0, refusedBy(document)]
  const those = `${formatCount(refused, 'account', 'accounts')} that ${document.target.product} refused`
  if (refused === 0) return used ? 'what people use' : 'some accounts'
  return used ? `what people use and ${those}` : those
}

/** Accounts that the target did not take back, with an error of its own. */
const refusedBy = ({ outcomes = [] }: RollbackDocument): number =>
  outcomes.find(({ outcome }) => outcome === 'rejected')?.count ?? 0

const refusedSentence = (document: RollbackDocument): readonly string[] => {
  const refused = refusedBy(document)
  if (refused === 0) return []
  return [
    `${document.target.product} refused to take back ${formatCount(refused, 'account', 'accounts')}, or cannot say yet that ${refused === 1 ? 'it is' : 'they are'} gone: accounts.ndjson in the folder of the run has its words for each.`,
  ]
}

const whatGoes = (document: RollbackDocument): readonly string[] => {
  const { way, runs, accounts, tables, target } = document
  const sum = (kind: 'remove' | 'restore' | 'endForGood' | 'stay'): number =>
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
    const all = `${formatCount(accounts, 'account', 'accounts')} ${done ? 'taken back' : 'to be taken back'}.`
    return [...together, all, ...expectedSentence(document)]
  }
  const [restored, ended, stay] = [sum('restore'), sum('endForGood'), sum('stay')]
  return [
    ...together,
    `${formatCount(accounts, 'account', 'accounts')}: ${formatCount(sum('remove'), 'row', 'rows')} ${done ? 'removed' : 'to be removed'}${restored === 0 ? '' : `, ${formatInteger(restored)} as before`}.`,
    ...(ended === 0
      ? []
      : [
          `${formatCount(ended, 'row', 'rows')} that the run changed ${done ? 'ended' : ended === 1 ? 'ends' : 'end'}: Synapse no longer has that session, token, password or identity.`,
        ]),
    ...(stay === 0
      ? []
      : [
          `${formatCount(stay, 'row', 'rows')} that the run changed ${done ? 'stayed' : stay === 1 ? 'stays' : 'stay'} as ${stay === 1 ? 'it is' : 'they are'}: Synapse no longer gives what ${stay === 1 ? 'it was' : 'they were'} before.`,
        ]),
  ]
}

const standingSentence = ({ of, standing = [], target }: RollbackDocument): readonly string[] => {
  const accounts = standing.reduce((sum, run) => sum + run.accounts, 0)
  if (accounts === 0) return []
  return [
    `Of run ${of.name} nobody is at ${target.product}. ${formatCount(accounts, 'account', 'accounts')} ${accounts === 1 ? 'is' : 'are'}, which other runs created.`,
  ]
}

/** Of less nobody need be told. */
const WORTH_TELLING_MS = 10_000

const expectedSentence = ({ runId, expectedMilliseconds: expected }: RollbackDocument): readonly string[] => {
  if (runId !== undefined || expected === undefined || expected.most < WORTH_TELLING_MS) return []
  return [`That takes between ${formatDuration(expected.least)} and ${formatDuration(expected.most)}.`]
}

const usedSentence = (document: RollbackDocument): readonly string[] => {
  const { used, usedAccounts, target } = document
  if (used === 0) return []
  const who = `${formatCount(used, 'account has', 'accounts have')} been used at ${target.product} since`
  if (usedAccounts === 'keep') return [`${who}, and ${isDone(document) ? 'stayed' : 'stay'} as they are.`]
  return [`${who}: ${isDone(document) ? 'what was done there is gone' : 'what was done there goes with them'}.`]
}
