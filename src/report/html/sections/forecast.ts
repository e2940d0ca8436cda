import { formatDuration, formatRate } from '../../../terminal/numbers.ts'
import { downtimeSentence, laterSentence } from '../../forecast-words.ts'
import type { Forecast } from '../../plan-parts.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { timeline } from '../plots/timeline.ts'
import { type Heading, row, table } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'What was measured', kind: 'free' },
  { title: 'Rows', kind: 'number' },
]

const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1)

const milliseconds = (seconds: number): number => seconds * 1000

const measured = (rates: Forecast['measured']): Html =>
  rates.length === 0
    ? NOTHING
    : html`<details><summary>From which rates</summary>${table({
        caption: 'Measured for this plan, at this source and this target.',
        headings: HEADINGS,
        body: html`<tbody class="rows">${rates.map(({ what, rowsPerSecond }) =>
          row(HEADINGS, [what, formatRate(rowsPerSecond, 1000)]),
        )}</tbody>`,
      })}</details>`

const later = (sentence: string | undefined): Html => (sentence === undefined ? NOTHING : html`<p>${sentence}</p>`)

/** How long a run would take, and for how long nobody could log in. */
export const forecastSection = (forecast: Forecast | undefined): Html =>
  forecast === undefined
    ? NOTHING
    : html`<section><h2>How long it would take</h2><p>About <b>${formatDuration(milliseconds(forecast.seconds))}</b> from start to end. ${capitalised(downtimeSentence(forecast))}</p>${
        forecast.phases.length === 0
          ? NOTHING
          : timeline({
              caption: 'One phase after the other.',
              first: 'Phase',
              pieces: forecast.phases.map(({ phase, seconds }) => ({
                name: phase,
                milliseconds: milliseconds(seconds),
              })),
            })
      }${later(laterSentence(forecast))}${measured(forecast.measured)}</section>`
