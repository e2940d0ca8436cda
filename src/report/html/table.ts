import { type Html, type HtmlValue, html } from './escape.ts'

/** A column's heading: numbers stand right, `free` texts may break anywhere, a bar needs no title, `wide` columns go on a phone. */
export interface Heading {
  readonly title: string
  readonly kind: 'words' | 'free' | 'number' | 'bar'
  readonly on?: 'wide'
}

const CLASSES = { words: '', free: 'free', number: 'n', bar: 'bar' } as const satisfies Record<Heading['kind'], string>

const classOf = ({ kind, on }: Heading): string => [CLASSES[kind], on ?? ''].filter((name) => name !== '').join(' ')

const headingCell = (heading: Heading): Html =>
  html`<th scope="col" class="${classOf(heading)}">${heading.kind === 'bar' ? html`<span class="heard">${heading.title}</span>` : heading.title}</th>`

/** The name of a table of the target, which a narrow screen may break after an underscore. */
export const tableName = (name: string): Html => {
  const parts = name.split('_')
  return html`<code>${parts.map((part, index) => (index === 0 ? html`${part}` : html`_<wbr>${part}`))}</code>`
}

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
  readonly kind?: 'results' | 'timeline'
}

/** A table that can be scrolled sideways with the keyboard when a screen is too narrow for it. */
export const table = ({ caption, headings, body, foot, kind }: TableParts): Html =>
  html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="${kind ?? 'plain'}"><caption>${caption}</caption><thead><tr>${headings.map(headingCell)}</tr></thead>${body}${foot === undefined ? [] : html`<tfoot>${foot}</tfoot>`}</table></div>`
