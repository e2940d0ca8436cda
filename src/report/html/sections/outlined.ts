import { cellText, isNumeric } from '../../outline/cell-text.ts'
import type { OutlineSection } from '../../outline/outline.ts'
import { type Html, html } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

/** Sections as their outline has them: sentences, then a table; one that says nothing is left out. */
export const outlinedSections = (sections: readonly OutlineSection[]): Html => html`${sections.map(one)}`

const one = ({ title, sentences = [], table: cells }: OutlineSection): Html => {
  const rows = cells?.rows ?? []
  if (sentences.length === 0 && rows.length === 0) return html``
  const headings = (cells?.columns ?? []).map(
    (name, index): Heading => ({
      title: name,
      kind: index > 0 && isNumeric(rows.map((each) => each[index])) ? 'number' : 'free',
    }),
  )
  return html`<section><h2>${title}</h2>${sentences.map((sentence) => html`<p>${sentence}</p>`)}${
    rows.length === 0
      ? html``
      : table({
          caption: title,
          headings,
          body: html`<tbody class="rows">${rows.map((each) => row(headings, each.map(cellText)))}</tbody>`,
        })
  }</section>`
}
