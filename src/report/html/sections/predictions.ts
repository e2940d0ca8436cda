import type { PredictionKind } from '../../../accounts/predictions.ts'
import { formatCount, formatInteger } from '../../../terminal/numbers.ts'
import type { PredictionCount } from '../../plan-parts.ts'
import { reasonText } from '../../words.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'What', kind: 'free' },
  { title: 'How many', kind: 'number' },
]

const group = (what: PredictionKind, counts: readonly PredictionCount[]): Html => {
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  const reasons = counts.map(
    ({ reason, count }) =>
      html`<tr class="reason"><th scope="row">${reasonText(reason)}</th><td class="n">${formatInteger(count)}</td></tr>`,
  )
  return html`<tbody class="group">${row(HEADINGS, [what, formatInteger(all)])}${reasons}</tbody>`
}

/** What will stop working or change, and why. */
export const predictionsSection = (predictions: readonly PredictionCount[] | undefined): Html => {
  if (predictions === undefined) return NOTHING
  const kinds = [...new Set(predictions.map(({ what }) => what))]
  const all = predictions.reduce((sum, { count }) => sum + count, 0)
  return html`<section><h2>What will change for people</h2>${
    kinds.length === 0
      ? html`<p>Nothing that can be foretold: no login stops, no account opens or closes, and no device or e-mail is deleted.</p>`
      : table({
          caption: `${formatCount(all, 'prediction', 'predictions')}, each with its reason. A report of the kind predictions lists them one by one.`,
          headings: HEADINGS,
          body: html`${kinds.map((what) =>
            group(
              what,
              predictions.filter((one) => one.what === what),
            ),
          )}`,
        })
  }</section>`
}
