import { type Html, type HtmlValue, html } from './escape.ts'

/** A column's heading: numbers stand right, a bar has no heading of its own, `wide` columns go on a phone. */
export interface Heading {
  readonly title: string
  readonly kind: 'words' | 'number' | 'bar'
  readonly on?: 'wide'
}

const classOf = ({ kind, on }: Heading): string =>
  [kind === 'number' ? 'n' : kind === 'bar' ? 'bar' : '', on ?? ''].filter((name) => name !== '').join(' ')

const headingCell = (heading: Heading): Html =>
  html`<th scope="col" class="${classOf(heading)}">${heading.kind === 'bar' ? '' : heading.title}</th>`

/** A table's row: its first cell is the row's heading. */
export const row = (headings: readonly Heading[], cells: readonly HtmlValue[]): Html => {
  const [first = '', ...others] = cells
  return html`<tr><th scope="row">${first}</th>${others.map(
    (cell, index) => html`<td class="${classOf(headings[index + 1] ?? { title: '', kind: 'words' })}">${cell}</td>`,
  )}</tr>`
}

export interface TableParts {
  readonly caption: string
  readonly headings: readonly Heading[]
  readonly body: Html
  readonly foot?: Html
  readonly kind?: 'results'
}

/** A table that can be scrolled sideways with the keyboard when a screen is too narrow for it. */
export const table = ({ caption, headings, body, foot, kind }: TableParts): Html =>
  html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="${kind ?? 'plain'}"><caption>${caption}</caption><thead><tr>${headings.map(headingCell)}</tr></thead>${body}${foot === undefined ? [] : html`<tfoot>${foot}</tfoot>`}</table></div>`
