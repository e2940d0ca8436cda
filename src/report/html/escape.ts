import { visible } from '../../terminal/visible.ts'

/** Markup that is known to be safe; made only by the `html` tag, from markup of our own and escaped values. */
export interface Html {
  readonly markup: string
}

/** What may stand in a template's hole. Texts and numbers are escaped, markup and lists of it are kept. */
export type HtmlValue = string | number | Html | readonly Html[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it can stand between tags and in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  visible(text).replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '')

const toMarkup = (value: HtmlValue): string => {
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  if ('markup' in value) return value.markup
  return value.map((each) => each.markup).join('')
}

/** Markup with values in it. There is no way to put a value in without escaping it. */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
  markup: parts.reduce((markup, part, index) => markup + toMarkup(values[index - 1] ?? '') + part),
})

export const NOTHING: Html = { markup: '' }
