import { formatCount, formatInteger } from '../terminal/numbers.ts'
import type { RehearsalDocument } from './rehearsal-document.ts'
import { failureReasons } from './rehearsal-reasons.ts'
import { judgedSteps, nightSentence, unprovedNames } from './rehearsal-words.ts'
import { rollbackVerdict } from './rollback-verdict.ts'
import type { Verdict } from './verdict.ts'
import { rowsSentence } from './verify-verdict.ts'
import { proofsSentence } from './verify-words.ts'

/**
 * What a rehearsal came to, as somebody reads it at night: whether it passed, or else why not; what was not proved; how long the
 * night will be; what it will ask. Then the numbers.
 * @param counted sentences about what was moved.
 */
export const rehearsalVerdict = (document: RehearsalDocument, counted: readonly string[]): Verdict => {
  const unproved = unprovedNames(document)
  const { tone, headline } = head(document, unproved)
  const passed = tone !== 'bad'
  return {
    tone,
    headline,
    sentences: [
      ...failureReasons(document).map(({ words }) => words),
      // Of one that passed the headline says it.
      ...(unproved === '' || passed ? [] : [`Not proved: ${unproved}.`]),
      ...(document.night === undefined ? [] : [`The real night: ${uncapitalised(nightSentence(document.night))}`]),
      ...acceptSentence(document),
      ...stepsSentence(document),
      ...counted,
      ...(document.verify === undefined ? [] : [rowsSentence(document.verify)]),
      ...(document.proofs === undefined ? [] : [proofsSentence(document.proofs)]),
      ...takenBackSentences(document),
    ],
  }
}

const uncapitalised = (sentence: string): string => sentence.slice(0, 1).toLowerCase() + sentence.slice(1)

const head = (document: RehearsalDocument, unproved: string): Pick<Verdict, 'tone' | 'headline'> => {
  const at = [...new Set(failureReasons(document).map(({ step }) => step))].join(', ')
  if (document.verdict === 'failed' || at !== '') {
    return { tone: 'bad', headline: at === '' ? 'Rehearsal failed' : `Rehearsal failed: ${at}` }
  }
  if (unproved === '') return { tone: 'good', headline: 'Rehearsal passed' }
  return { tone: 'attention', headline: `Rehearsal passed; not proved: ${unproved}` }
}

const acceptSentence = ({ toAccept }: RehearsalDocument): readonly string[] =>
  toAccept.length === 0
    ? ['The night will ask to accept no warning.']
    : [`The night will ask to accept ${formatCount(toAccept.length, 'warning', 'warnings')}: ${toAccept.join(', ')}.`]

const stepsSentence = (document: RehearsalDocument): readonly string[] => {
  const steps = judgedSteps(document)
  const [passed, skipped] = (['ok', 'skipped'] as const).map(
    (wanted) => steps.filter(({ outcome }) => outcome === wanted).length,
  )
  const left = skipped === 0 ? '' : `, ${formatInteger(skipped ?? 0)} skipped`
  return [`${formatInteger(passed ?? 0)} of ${formatCount(steps.length, 'step', 'steps')} passed${left}.`]
}

const takenBackSentences = ({ rollback, again }: RehearsalDocument): readonly string[] => [
  ...(rollback === undefined ? [] : [`${rollbackVerdict(rollback).headline}.`]),
  ...(again?.same === true ? ['A plan made then is the first one again.'] : []),
]
