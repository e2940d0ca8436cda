import { createPaint } from '../../terminal/colour.ts'
import type { Document, RunDocument, VerifyDocument } from '../documents.ts'
import { findingsOf } from '../grouped-findings.ts'
import { nextSteps, stepsBesideQuestion } from '../next-steps.ts'
import { comparisonOutline, driftOutline } from '../outline/plan-comparison.ts'
import { afterwardsOutline, beforeStepsOutline, triedOutline } from '../outline/rehearsal.ts'
import { proofsTitle } from '../verify-words.ts'
import { RESULTS_TITLES, ROLLBACK_TITLES } from '../words.ts'
import { renderCohorts } from './cohorts.ts'
import { renderVerdict } from './conclusion.ts'
import { renderFindings } from './findings.ts'
import { renderForecast } from './forecast.ts'
import { renderGoneOn } from './gone-on.ts'
import { renderHead } from './head.ts'
import { nextSection } from './next-section.ts'
import { renderOutlined } from './outlined.ts'
import { renderPredictions } from './predictions.ts'
import { renderDeletions, renderFields, renderProofs } from './proofs.ts'
import { renderProviders } from './providers.ts'
import { renderResults } from './results.ts'
import { renderLost, renderRollbackTables } from './rollback.ts'
import { section, type TextOptions, type TextView } from './section.ts'
import { renderStages } from './stages.ts'
import { renderSteps } from './steps.ts'
import { renderVerification } from './verification.ts'
import { renderPhases, renderTables } from './work.ts'

const body = (document: Document, view: TextView): readonly string[] => {
  switch (document.kind) {
    case 'check':
      return []
    case 'plan':
      return [
        ...section(RESULTS_TITLES.plan, renderResults(document, view), view),
        ...section('Cohorts', renderCohorts(document.cohorts, view), view),
        ...section('SSO providers', renderProviders(document, view), view),
        ...renderGoneOn(document, view),
        ...renderOutlined([...driftOutline(document.drift), ...comparisonOutline(document.comparison)], view),
        ...section('How long it would take', renderForecast(document.forecast, view), view),
        ...section('What will change for people', renderPredictions(document.predictions, view), view),
        ...section('What a sync would delete', renderDeletions(document.deletions, view), view),
      ]
    case 'run':
      return [
        ...section(RESULTS_TITLES.run, renderResults(document, view), view),
        ...renderGoneOn(document, view),
        ...renderOutlined(driftOutline(document.drift), view),
        ...section('Cohorts', renderStages(document.stages, view), view),
        ...section(`What ${document.target.product} got`, renderTables(document, view), view),
        ...section('Where the time went', renderPhases(document, view), view),
      ]
    case 'verify':
      return [
        ...section('Row by row', renderVerification(document, view), view),
        ...section('Field by field', renderFields(document, view), view),
        ...section('What a sync would delete', renderDeletions(document.deletions, view), view),
        ...section(proofsTitle(document), renderProofs(document, view), view),
      ]
    case 'rollback':
      return [
        ...section(ROLLBACK_TITLES.rows, renderRollbackTables(document, view), view),
        ...section(ROLLBACK_TITLES[document.usedAccounts], renderLost(document, view), view),
      ]
    case 'rehearsal':
      return [
        ...renderOutlined(beforeStepsOutline(document), view),
        ...section('Steps', renderSteps(document, view), view),
        ...renderOutlined([triedOutline(document), ...afterwardsOutline(document)], view),
        ...[document.run, document.verify].flatMap((one) => (one === undefined ? [] : body(one, view))),
      ]
  }
}

/** One of two targets within a report of both, which says itself what to do next. */
export const renderOneOfTwo = (document: RunDocument | VerifyDocument, view: TextView): readonly string[] => [
  renderHead(document, view),
  ...body(document, view),
  ...renderFindings(findingsOf(document), view),
  renderVerdict(document, view),
]

/**
 * A report for a terminal or a text file: the sections apart by an empty line, the verdict last, a line end at the end.
 * Texts from the databases are shown with nothing in them that a terminal obeys.
 */
export const renderText = (document: Document, { width, colour, detail, before, given = {} }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour), detail: detail ?? 'all', given }
  const parts = [
    renderHead(document, view),
    ...body(document, view),
    ...renderFindings(findingsOf(document), view),
    renderVerdict(document, view),
    ...nextSection(before === undefined ? nextSteps(document) : stepsBesideQuestion(document), view),
  ]
  return `${parts.join('\n\n')}\n`
}
