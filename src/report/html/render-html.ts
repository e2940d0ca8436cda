import type { Document } from '../documents.ts'
import { findingsOf } from '../grouped-findings.ts'
import { RESULTS_TITLES } from '../words.ts'
import type { Html } from './escape.ts'
import { layout } from './layout.ts'
import { cohortsSection } from './sections/cohorts.ts'
import { endsSection, nextSection, verdictSection } from './sections/conclusion.ts'
import { figuresSection } from './sections/figures.ts'
import { findingsSection } from './sections/findings.ts'
import { goneOnSection } from './sections/gone-on.ts'
import { deletionsSection, fieldsSection, proofsSection } from './sections/proofs.ts'
import { resultsSection } from './sections/results.ts'
import { lostSection, rollbackSection } from './sections/rollback.ts'
import { stagesSection } from './sections/stages.ts'
import { verificationSection } from './sections/verification.ts'
import { phasesSection, stepsSection, tablesSection } from './sections/work.ts'

const body = (document: Document): readonly Html[] => {
  switch (document.kind) {
    case 'check':
      return []
    case 'plan':
      return [
        resultsSection({ title: RESULTS_TITLES.plan, relations: document.relations }),
        cohortsSection(document.cohorts),
        goneOnSection(document),
        deletionsSection(document.deletions),
      ]
    case 'run':
      return [
        resultsSection({ title: RESULTS_TITLES.run, relations: document.relations, tables: document.tables }),
        goneOnSection(document),
        stagesSection(document.stages),
        phasesSection(document),
        tablesSection(document),
      ]
    case 'verify':
      return [
        verificationSection(document),
        fieldsSection(document),
        deletionsSection(document.deletions),
        proofsSection(document),
      ]
    case 'rollback':
      return [rollbackSection(document), lostSection(document)]
    case 'rehearsal':
      return [stepsSection(document), ...body(document.run), ...body(document.verify)]
  }
}

/**
 * A report as one file that needs nothing else: no script, no picture, no font. It prints, follows the reader's light or
 * dark, and reads on a phone. Texts from the databases are escaped, and what they could do is shown instead of done.
 */
export const renderHtml = (document: Document): string =>
  layout(document, [
    verdictSection(document),
    figuresSection(document),
    ...body(document),
    findingsSection(findingsOf(document)),
    nextSection(document),
    endsSection(document),
  ])
