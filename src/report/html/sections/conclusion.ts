import type { Document, EndDescription } from '../../documents.ts'
import type { NextStep } from '../../next-steps.ts'
import { placeOf } from '../../place-of.ts'
import type { Verdict } from '../../verdict.ts'
import { verdictMark } from '../charts.ts'
import { type Html, html } from '../escape.ts'
import { codeBlock } from './findings.ts'

const FINGERPRINTS = ['source', 'target', 'mapping'] as const

/** The first thing that is read: what it comes to, with the numbers behind it. */
export const verdictSection = ({ tone, headline, sentences }: Verdict): Html =>
  html`<section class="verdict ${tone}">${verdictMark(tone)}<h2>${headline}</h2><p>${sentences.join(' ')}</p></section>`

export const nextSection = (next: readonly NextStep[]): Html => {
  const steps = next.map(({ text, commands }) => html`<li>${text}${codeBlock(commands)}</li>`)
  return steps.length === 0 ? html`` : html`<section><h2>What to do next</h2><ol class="steps">${steps}</ol></section>`
}

const end = (name: string, description: EndDescription): Html =>
  html`<dt>${name}</dt><dd>${description.product} ${description.version}<small>${placeOf(description)}</small></dd>`

const fingerprints = (about: Exclude<Document, { readonly kind: 'rehearsal' }>): Html =>
  'fingerprints' in about && about.fingerprints !== undefined
    ? html`<dt>Fingerprints</dt><dd>${FINGERPRINTS.map(
        (of) => html`<small>${of} ${about.fingerprints?.[of] ?? ''}</small>`,
      )}</dd>`
    : html``

/** Between which databases, by which rules. */
export const endsSection = (document: Document): Html => {
  const about = document.kind === 'rehearsal' ? document.plan : document
  const mapping =
    'mapping' in about
      ? html`<dt>Mapping</dt><dd>${about.mapping.file}<small>SHA-256 ${about.mapping.sha256}</small></dd>`
      : html``
  const cohort =
    'cohort' in about && about.cohort !== undefined ? html`<dt>Cohort</dt><dd>${about.cohort}</dd>` : html``
  return html`<section><h2>From where to where</h2><dl class="facts">${end('Source', about.source)}${end('Target', about.target)}${mapping}${cohort}${fingerprints(about)}</dl></section>`
}
