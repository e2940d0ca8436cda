import { formatInteger } from '../../../terminal/numbers.ts'
import type { RowDifference, VerifyDocument } from '../../documents.ts'
import { totalUnopened, totalWrong } from '../../totals.ts'
import { isOnRecord, verifyNotes } from '../../verify-words.ts'
import { DIFFERENCE_NAMES } from '../../words.ts'
import { type Html, html } from '../escape.ts'
import { type Heading, row, table, tableName } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'Table', kind: 'words' },
  { title: 'Wanted', kind: 'number', on: 'wide' },
  { title: 'Present', kind: 'number' },
  { title: 'Missing', kind: 'number' },
  { title: 'Extra', kind: 'number' },
  { title: 'Different', kind: 'number' },
]

const THEIR_HEADINGS: readonly Heading[] = [
  { title: 'Theirs', kind: 'number' },
  { title: 'Foreign', kind: 'number' },
]

const DIFFERENCE_HEADINGS: readonly Heading[] = [
  { title: 'Table', kind: 'words' },
  { title: 'What', kind: 'words' },
  { title: 'Row', kind: 'free' },
  { title: 'Columns', kind: 'free' },
]

const wrongCount = (count: number): Html =>
  html`<span class="${count === 0 ? 'zero' : 'wrong'}">${formatInteger(count)}</span>`

const differenceRow = ({ table: name, kind, row: which, columns }: RowDifference): Html =>
  row(DIFFERENCE_HEADINGS, [tableName(name), DIFFERENCE_NAMES[kind], which, columns.join(', ')])

const differencesTable = ({ tables, differences }: VerifyDocument): Html => {
  if (differences.length === 0) return html``
  const hidden = totalWrong(tables) - differences.filter(({ kind }) => kind !== 'theirs').length
  return table({
    caption: hidden > 0 ? `The first of them; ${formatInteger(hidden)} more are not shown.` : 'All of them.',
    headings: DIFFERENCE_HEADINGS,
    body: html`<tbody class="rows">${differences.map(differenceRow)}</tbody>`,
  })
}

const unopenedNote = ({ tables }: VerifyDocument): Html => {
  const unopened = totalUnopened(tables)
  return unopened === 0
    ? html``
    : html`<p class="quiet">So much differs that about ${formatInteger(unopened)} rows were not looked at one by one.</p>`
}

const headingsOf = ({ tables }: VerifyDocument): readonly Heading[] =>
  isOnRecord(tables) ? [...HEADINGS, ...THEIR_HEADINGS] : HEADINGS

/** Each table's rows against what they should be. */
export const verificationSection = (document: VerifyDocument): Html =>
  document.tables.length === 0
    ? html``
    : html`<section><h2>Row by row</h2>${table({
        caption: 'The rows of the target against the rows that the source makes.',
        headings: headingsOf(document),
        body: html`<tbody class="rows">${document.tables.map((each) =>
          row(headingsOf(document), [
            tableName(each.table),
            formatInteger(each.wanted),
            each.unseen === true ? 'not shown' : formatInteger(each.present),
            wrongCount(each.missing),
            wrongCount(each.extra),
            wrongCount(each.differing),
            ...(isOnRecord(document.tables) ? [formatInteger(each.theirs ?? 0), formatInteger(each.foreign ?? 0)] : []),
          ]),
        )}</tbody>`,
      })}${verifyNotes(document).map((note) => html`<p class="quiet">${note}</p>`)}${differencesTable(document)}${unopenedNote(document)}</section>`
