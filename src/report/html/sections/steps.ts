import type { RehearsalDocument, RehearsalStep } from '../../rehearsal-document.ts'
import { judgedSteps, rehearsedSentence, STEP_RESULTS } from '../../rehearsal-words.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { timeline } from '../plots/timeline.ts'

const CLASSES: Readonly<Record<RehearsalStep['outcome'], string>> = { ok: 'ok', failed: 'failed', skipped: 'quiet' }

const state = ({ outcome, why }: RehearsalStep): Html =>
  html`<span class="${CLASSES[outcome]}">${STEP_RESULTS[outcome]}</span>${why === undefined ? NOTHING : html`<small>${why}</small>`}`

/** The steps of a rehearsal, and why one failed or was left out. */
export const stepsSection = (document: RehearsalDocument): Html =>
  html`<section><h2>Steps</h2>${timeline({
    caption: rehearsedSentence(document),
    first: 'Step',
    pieces: judgedSteps(document).map((one) => ({
      name: one.step,
      milliseconds: one.milliseconds,
      state: state(one),
      ...(one.outcome === 'skipped' ? { isLeftOut: true as const } : {}),
    })),
  })}</section>`
