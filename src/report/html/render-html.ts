import type { Document } from '../documents.ts'
import { findingsOf } from '../grouped-findings.ts'
import { nextSteps } from '../next-steps.ts'
import { comparisonOutline, driftOutline } from '../outline/plan-comparison.ts'
import { afterwardsOutline, beforeStepsOutline, triedOutline } from '../outline/rehearsal.ts'
import { verdictOf } from '../verdict.ts'
import { RESULTS_TITLES, TITLES } from '../words.ts'
import { withContents } from './contents.ts'
import type { Html } from './escape.ts'
import { type Frame, layout } from './layout.ts'
import { accountsSection } from './sections/accounts.ts'
import { acknowledgedSection } from './sections/acknowledged.ts'
import { cohortsSection } from './sections/cohorts.ts'
import { endsSection, nextSection, verdictSection } from './sections/conclusion.ts'
import { figuresSection } from './sections/figures.ts'
import { findingsSection } from './sections/findings.ts'
import { forecastSection } from './sections/forecast.ts'
import { goneOnSection } from './sections/gone-on.ts'
import { outlinedSections } from './sections/outlined.ts'
import { peopleSection } from './sections/people.ts'
import { predictionsSection } from './sections/predictions.ts'
import { deletionsSection, fieldsSection, proofsSection } from './sections/proofs.ts'
import { providersSection } from './sections/providers.ts'
import { resultsSection } from './sections/results.ts'
import { lostSection, rollbackSection } from './sections/rollback.ts'
import { stagesSection } from './sections/stages.ts'
import { stepsSection } from './sections/steps.ts'
import { verificationSection } from './sections/verification.ts'
import { phasesSection, tablesSection } from './sections/work.ts'

const body = (document: Document): readonly Html[] => {
  switch (document.kind) {
    case 'check':
      return []
    case 'plan':
      return [
        accountsSection(document.relations),
        cohortsSection(document.cohorts),
        peopleSection(document.people),
        forecastSection(document.forecast),
        resultsSection({
          title: RESULTS_TITLES.plan,
          relations: document.relations,
          product: document.target.product,
        }),
        providersSection(document),
        goneOnSection(document),
        outlinedSections([...driftOutline(document.drift), ...comparisonOutline(document.comparison)]),
        predictionsSection(document.predictions),
        deletionsSection(document.deletions),
      ]
    case 'run':
      return [
        resultsSection({
          title: RESULTS_TITLES.run,
          relations: document.relations,
          tables: document.tables,
          product: document.target.product,
        }),
        goneOnSection(document),
        outlinedSections(driftOutline(document.drift)),
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
      return [
        outlinedSections(beforeStepsOutline(document)),
        stepsSection(document),
        outlinedSections([triedOutline(document), ...afterwardsOutline(document)]),
        accountsSection(document.plan.relations),
        peopleSection(document.plan.people),
        ...(document.run === undefined ? [] : body(document.run)),
        predictionsSection(document.plan.predictions),
        ...(document.verify === undefined ? [] : body(document.verify)),
      ]
  }
}

/**
 * A report as one file that needs nothing else: no script, no picture, no font. It prints, follows the reader's light or
 * dark, and reads on a phone. Texts from the databases are escaped, and what they could do is shown instead of done.
 */
export const renderHtml = (document: Document): string => {
  const found = findingsOf(document)
  const { contents, sections } = withContents([
    ...body(document),
    findingsSection(found),
    acknowledgedSection(found),
    nextSection(nextSteps(document)),
    endsSection(document),
  ])
  return layout(frameOf(document), [
    verdictSection(verdictOf(document)),
    figuresSection(document),
    contents,
    ...sections,
  ])
}

const frameOf = (document: Document): Frame => {
  const { serverName, source, target, asOf } = document.kind === 'rehearsal' ? document.plan : document
  const run = runOf(document)
  return {
    title: TITLES[document.kind],
    subject: serverName,
    about: `${source.product} → ${target.product}`,
    at: asOf,
    syn2op: document.syn2op,
    ...(run === undefined ? {} : { run }),
  }
}

const runOf = (document: Document): string | undefined => {
  if (document.kind === 'rehearsal') return document.run?.runId
  return 'runId' in document ? document.runId : undefined
}
