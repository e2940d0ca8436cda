import type { Document, RehearsalDocument } from '../documents.ts'
import { isProved } from '../is-proved.ts'
import type { RollbackDocument } from '../rollback-document.ts'
import { RESULTS_TITLES } from '../words.ts'
import { cohortsOutline, goneOnOutline, resultsOutline } from './counts.ts'
import { hasContent, type OutlineSection } from './outline.ts'
import { comparisonOutline, driftOutline } from './plan-comparison.ts'
import { planPartsOutline } from './plan-parts.ts'
import { afterwardsOutline, beforeStepsOutline, stepsOutline, triedOutline } from './rehearsal.ts'
import { deletionsOutline, verificationOutline } from './verification.ts'
import { rollbackOutline, stagesOutline, workOutline } from './work.ts'

const body = (document: Document): readonly OutlineSection[] => {
  switch (document.kind) {
    case 'check':
      return []
    case 'plan':
      return [
        resultsOutline(RESULTS_TITLES.plan, document.relations),
        cohortsOutline(document.cohorts),
        ...goneOnOutline(document),
        ...driftOutline(document.drift),
        ...comparisonOutline(document.comparison),
        ...planPartsOutline(document),
        deletionsOutline(document.deletions),
      ]
    case 'run':
      return [
        resultsOutline(RESULTS_TITLES.run, document.relations),
        ...goneOnOutline(document),
        ...driftOutline(document.drift),
        stagesOutline(document.stages),
        ...workOutline(document),
      ]
    case 'verify':
      return verificationOutline(document)
    case 'rollback':
      return rollbackOutline(document)
    case 'rehearsal':
      return [
        ...aboutRehearsal(document),
        ...[document.run, document.verify].flatMap((one) => (one === undefined ? [] : body(one))),
        ...takenBack(document.rollback),
      ]
  }
}

const aboutRehearsal = (document: RehearsalDocument): readonly OutlineSection[] => [
  ...beforeStepsOutline(document),
  stepsOutline(document),
  triedOutline(document),
  ...afterwardsOutline(document),
]

/** What a rollback is about has to be said beside a migration. */
const takenBack = (rollback: RollbackDocument | undefined): readonly OutlineSection[] =>
  rollback === undefined
    ? []
    : rollbackOutline(rollback).map((one) => ({ ...one, title: `Taken back: ${one.title.toLowerCase()}` }))

/** The parts of a document between its verdict and its findings, those that say nothing left out. */
export const outlineOf = (document: Document): readonly OutlineSection[] => body(document).filter(hasContent)

/** What of it fits a summary: of a rehearsal not all that each of its steps counted. */
export const summaryOf = (document: Document): readonly OutlineSection[] => {
  if (document.kind !== 'rehearsal') return outlineOf(document)
  const { run, verify } = document
  return [
    ...aboutRehearsal(document),
    ...(run === undefined ? [] : [resultsOutline(RESULTS_TITLES.run, run.relations)]),
    ...(verify === undefined || isProved(verify) ? [] : verificationOutline(verify)),
  ].filter(hasContent)
}
