import { formatInteger } from '../../../terminal/numbers.ts'
import { COHORT_COLUMNS, cohortSums } from '../../cohort-words.ts'
import type { CohortCount } from '../../documents.ts'
import { leftOf } from '../../totals.ts'
import { reasonText } from '../../words.ts'
import { shareBar, shareKey } from '../charts.ts'
import { type Html, html } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  ...COHORT_COLUMNS.map((title, index): Heading => ({ title, kind: index === 0 ? 'words' : 'number' })),
  { title: 'Share', kind: 'bar' },
]

const group = (one: CohortCount): Html => {
  const cells = [
    one.cohort,
    formatInteger(one.read),
    formatInteger(one.carried),
    formatInteger(leftOf(one)),
    shareBar(one.carried, one.read),
  ]
  const reasons = one.left.map(
    ({ reason, count }) =>
      html`<tr class="reason"><th scope="row" colspan="3">${reasonText(reason)}</th><td class="n">${formatInteger(count)}</td><td class="bar"></td></tr>`,
  )
  return html`<tbody class="group">${row(HEADINGS, cells)}${reasons}</tbody>`
}

/** How many accounts of each cohort migrate, and why the others are held back. */
export const cohortsSection = (cohorts: readonly CohortCount[] = []): Html =>
  cohorts.length === 0
    ? html``
    : html`<section><h2>Cohorts</h2>${table({
        caption: 'Every account is in one of them; who comes later is in the last one.',
        headings: HEADINGS,
        body: html`${cohorts.map(group)}`,
        foot: row(HEADINGS, [...cohortSums(cohorts), '']),
        kind: 'results',
      })}${shareKey}</section>`
