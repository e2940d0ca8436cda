import type { RehearsalDocument } from '../documents.ts'
import { judgedSteps, nightSentence, rehearsedSentence, STEP_RESULTS, UNPROVED_NAMES } from '../rehearsal-words.ts'
import { rollbackVerdict } from '../rollback-verdict.ts'
import { proofsSentence, proofsTitle, proofWords } from '../verify-words.ts'
import type { OutlineSection } from './outline.ts'

/** What is to be known of a rehearsal before its steps: why it ended, what it could not show, what the night will be like. */
export const beforeStepsOutline = (document: RehearsalDocument): readonly OutlineSection[] => [
  failureOutline(document),
  {
    title: 'Not proved',
    table: {
      columns: ['What', 'Why'],
      names: 1,
      rows: document.unproved.map(({ what, why }) => [UNPROVED_NAMES[what], why]),
    },
  },
  {
    title: 'How long the real night will be',
    ...(document.night === undefined ? {} : { sentences: [nightSentence(document.night), document.night.basis] }),
  },
  toAcceptOutline(document),
]

const failureOutline = ({ failure }: RehearsalDocument): OutlineSection => ({
  title: 'What ended it',
  ...(failure === undefined
    ? {}
    : {
        sentences: [
          `${failure.step}: ${failure.message}`,
          ...(failure.problems ?? []),
          `The error is ${failure.code}.`,
        ],
      }),
})

const toAcceptOutline = ({ toAccept, plan }: RehearsalDocument): OutlineSection => ({
  title: 'What the night will ask to accept',
  table: {
    columns: ['Warning', 'What it says'],
    names: 1,
    rows: toAccept.map((code) => [
      code,
      plan.findings
        .filter((finding) => finding.code === code)
        .map(({ message }) => message)
        .join(' '),
    ]),
  },
})

export const stepsOutline = (document: RehearsalDocument): OutlineSection => {
  const steps = judgedSteps(document)
  const explained = steps.some(({ why }) => why !== undefined)
  return {
    title: 'Steps',
    sentences: [rehearsedSentence(document)],
    table: {
      columns: ['Step', 'Result', 'Time', ...(explained ? ['Why'] : [])],
      names: 1,
      rows: steps.map(({ step, outcome, milliseconds, why }) => [
        step,
        STEP_RESULTS[outcome],
        outcome === 'skipped' ? '' : { milliseconds },
        ...(explained ? [why ?? ''] : []),
      ]),
    },
  }
}

/** Passwords and tokens, each with what it did. */
export const triedOutline = ({ proofs }: RehearsalDocument): OutlineSection =>
  proofs === undefined
    ? { title: 'Passwords' }
    : {
        title: proofsTitle(proofs),
        sentences: [proofsSentence(proofs), ...(proofs.proofs?.results ?? []).map(proofWords)],
      }

/** What the rollback did, whether the target is as it was, and what was left running. */
export const afterwardsOutline = ({ rollback, again, kept }: RehearsalDocument): readonly OutlineSection[] => [
  {
    title: 'Taken back',
    sentences: [
      ...(rollback === undefined ? [] : [`${rollbackVerdict(rollback).headline}.`]),
      ...(again === undefined
        ? []
        : [
            again.same
              ? 'A plan made then is the first one again: the target is as it was.'
              : 'A plan made then is not the first one: the target is not as it was.',
          ]),
      ...(again?.differences ?? []),
    ],
  },
  {
    title: 'Left running',
    ...(kept === undefined
      ? {}
      : { sentences: [`Everything runs on, from ${kept.folder}. To go on by hand: ${kept.files.join(', ')}.`] }),
  },
]
