import { formatCount, formatDuration, formatInteger } from '../terminal/numbers.ts'
import type { OutcomeCount, RunDocument } from './documents.ts'
import { forecastSentence } from './forecast-words.ts'
import { isDisproved } from './is-proved.ts'
import type { EndedEarlyNote } from './run-parts.ts'
import { stagesSentence, unprovedSentence } from './stage-words.ts'
import type { Verdict } from './verdict.ts'

const isOneRejected = ({ outcomes = [] }: RunDocument): boolean =>
  outcomes.some(({ outcome }) => outcome === 'rejected')

const EARLY: Readonly<Record<EndedEarlyNote['why'], string>> = {
  'stopped': 'Stopped, as asked; it can be gone on with',
  'too many rejected': 'Ended early, since too many accounts were rejected',
}

/** What a run came to, in few words. */
export const runVerdict = (run: RunDocument): Pick<Verdict, 'tone' | 'headline'> => {
  const { road, milliseconds, target } = run
  const time = formatDuration(milliseconds)
  if (run.refused !== undefined) return { tone: 'bad', headline: 'Not final: the migration goes on' }
  if (run.endedEarly !== undefined) return { tone: 'attention', headline: EARLY[run.endedEarly.why] }
  if (isDisproved(run)) return { tone: 'bad', headline: 'The copy is not what it should be' }
  const tone = isOneRejected(run) || run.unrecorded === true ? 'attention' : 'good'
  if (road === 'online') return { tone, headline: copyHeadline(run, time) }
  if (road === 'final') {
    return {
      tone,
      headline: `Final: ${target.product} may start. Downtime ${formatDuration(run.downtime ?? milliseconds)}`,
    }
  }
  const cohort = run.cohort === undefined ? '' : ` (cohort ${run.cohort})`
  const what = run.limit === undefined ? cohort : `${cohort} as far as asked`
  return { tone, headline: `${road === 'merge' ? `Brought up to date${what}` : 'Migrated'} in ${time}` }
}

const copyHeadline = ({ cohort, limit, candidates }: RunDocument, time: string): string => {
  if (limit !== undefined) return `${formatCount(candidates ?? 0, 'account', 'accounts')} copied, as asked, in ${time}`
  if (cohort !== undefined) return `The cohort ${cohort} is copied and up to date, in ${time}`
  return candidates === undefined ? `Copied in ${time}` : `The copy is up to date, in ${time}`
}

const WORDS: Readonly<Record<OutcomeCount['outcome'], string>> = {
  'created': 'created',
  'updated': 'updated',
  'unchanged': 'unchanged',
  'removed': 'removed',
  'held back': 'held back',
  'rejected': 'rejected',
  'not attempted': 'not attempted',
}

/** `3 created, 12 updated, 47,902 unchanged, 18 held back.` */
export const outcomeSentence = (outcomes: readonly OutcomeCount[]): string =>
  `${outcomes.map(({ outcome, count }) => `${formatInteger(count)} ${WORDS[outcome]}`).join(', ')}.`

/** The numbers behind it, a sentence each; of a run that filled an empty target nothing is added to its counts. */
export const runSentences = (run: RunDocument): readonly string[] => {
  const { outcomes = [], candidates, proof, road, downtime, unrecorded, target } = run
  return [
    ...(run.refused ?? []),
    ...(outcomes.length === 0 ? [] : [`Accounts: ${outcomeSentence(outcomes)}`]),
    ...(candidates === undefined
      ? []
      : [`${formatCount(candidates, 'account was', 'accounts were')} looked at again.`]),
    ...(run.stages === undefined ? [] : [stagesSentence(run.stages)]),
    ...theirsSentence(run),
    ...(proof === undefined || isDisproved(run) ? [] : [proofSentence(run)]),
    ...(run.unproved === undefined || isDisproved(run) ? [] : [unprovedSentence(run.unproved)]),
    ...(road === 'load' && downtime !== undefined
      ? [`${target.product} could be used after ${formatDuration(downtime)}; the rest recorded what was written.`]
      : []),
    ...(run.forecast === undefined ? [] : [`The plan foretold: ${lowered(forecastSentence(run.forecast))}`]),
    ...(unrecorded === undefined
      ? []
      : [`What was written could not be put on record yet. It stands, and ${target.product} may start.`]),
  ]
}

const lowered = (sentence: string): string => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`

const theirsSentence = ({ changes = [], target }: RunDocument): readonly string[] => {
  const theirs = changes.reduce((sum, one) => sum + one.theirs, 0)
  if (theirs === 0) return []
  return [`${formatCount(theirs, 'row', 'rows')} changed at ${target.product} since: left as people there want them.`]
}

const proofSentence = ({ proof, road }: RunDocument): string => {
  if (proof === undefined) return ''
  const rows = formatCount(proof.rows, 'row', 'rows')
  if (road !== 'final') return `Proved: ${rows} equal in every column.`
  return proof.whole === true
    ? `Proved: all ${rows} equal in every column.`
    : `Proved: ${rows} of the accounts that changed equal in every column, and ${formatCount(proof.keys, 'key', 'keys')} of all rows as on record.`
}
