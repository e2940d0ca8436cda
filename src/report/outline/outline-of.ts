import type { Document } from '../documents.ts'
import { RESULTS_TITLES } from '../words.ts'
import { cohortsOutline, goneOnOutline, resultsOutline } from './counts.ts'
import type { OutlineSection } from './outline.ts'
import { comparisonOutline, driftOutline } from './plan-comparison.ts'
import { planPartsOutline } from './plan-parts.ts'
import { deletionsOutline, verificationOutline } from './verification.ts'
import { rollbackOutline, stagesOutline, stepsOutline, workOutline } from './work.ts'

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
        stepsOutline(document),
        ...[document.run, document.verify].flatMap((one) => (one === undefined ? [] : body(one))),
      ]
  }
}

const hasContent = ({ sentences = [], table }: OutlineSection): boolean =>
  sentences.length > 0 || (table !== undefined && table.rows.length > 0)

/** The parts of a document between its verdict and its findings, those that say nothing left out. */
export const outlineOf = (document: Document): readonly OutlineSection[] => body(document).filter(hasContent)
