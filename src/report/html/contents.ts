import { type Html, html, NOTHING } from './escape.ts'

/** With fewer parts than this a page is read, not looked up. */
const MANY = 5

/** How a part begins: texts from outside are escaped, so that none of them can look like this. */
const PART = /<section><h2>([^<]*)<\/h2>/gu

export interface Parts {
  readonly contents: Html
  readonly sections: readonly Html[]
}

/** Gives every part that has a heading a place to jump to, and lists them where they are many. */
export const withContents = (sections: readonly Html[]): Parts => {
  const titles: Html[] = []
  const placed = sections.map(({ markup }) => ({
    markup: markup.replace(PART, (_, title: string) => {
      titles.push({ markup: title })
      return `<section id="part-${titles.length}"><h2>${title}</h2>`
    }),
  }))
  const contents =
    titles.length < MANY
      ? NOTHING
      : html`<nav class="contents" aria-label="Contents"><ul>${titles.map(
          (title, index) => html`<li><a href="#part-${index + 1}">${title}</a></li>`,
        )}</ul></nav>`
  return { contents, sections: placed }
}
