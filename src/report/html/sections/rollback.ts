import { formatInteger } from '../../../terminal/numbers.ts'
import type { RollbackDocument } from '../../rollback-document.ts'
import { ROLLBACK_TITLES } from '../../words.ts'
import { type Html, html } from '../escape.ts'
import { type Heading, row, table, tableName } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'Table', kind: 'words' },
  { title: 'Removed', kind: 'number' },
  { title: 'As before', kind: 'number' },
  { title: 'Ended', kind: 'number' },
  { title: 'As is', kind: 'number' },
  { title: 'Changed since', kind: 'number', on: 'wide' },
]

/** Rows by table: what becomes of them. */
export const rollbackSection = ({ tables }: RollbackDocument): Html =>
  tables.length === 0
    ? html``
    : html`<section><h2>${ROLLBACK_TITLES.rows}</h2>${table({
        caption: 'Rows that are taken back.',
        headings: HEADINGS,
        body: html`<tbody class="rows">${tables.map((each) =>
          row(HEADINGS, [
            tableName(each.table),
            formatInteger(each.remove),
            formatInteger(each.restore),
            formatInteger(each.endForGood),
            formatInteger(each.stay),
            formatInteger(each.theirs),
          ]),
        )}</tbody>`,
      })}</section>`

const LOST_HEADINGS: readonly Heading[] = [
  { title: 'What', kind: 'free' },
  { title: 'How many', kind: 'number' },
  { title: 'Of', kind: 'free' },
]

/** What people did at the target since. */
export const lostSection = ({ lost, usedAccounts }: RollbackDocument): Html =>
  lost.length === 0
    ? html``
    : html`<section><h2>${ROLLBACK_TITLES[usedAccounts]}</h2>${table({
        caption: 'With the first accounts of each.',
        headings: LOST_HEADINGS,
        body: html`<tbody class="rows">${lost.map(({ what, count, samples }) =>
          row(LOST_HEADINGS, [what, formatInteger(count), samples.join(', ')]),
        )}</tbody>`,
      })}</section>`
