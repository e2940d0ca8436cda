/** What a template can put in, of one account. */
export const TEMPLATE_VALUES = [
  'localpart',
  'mxid',
  'server_name',
  'displayname',
  'email',
  'email_localpart',
  'email_domain',
] as const

export type TemplateValue = (typeof TEMPLATE_VALUES)[number]

/** What can be done with a value on its way, in the order written. */
export const TEMPLATE_FILTERS = ['lower', 'upper', 'slug'] as const

export type TemplateFilter = (typeof TEMPLATE_FILTERS)[number]

interface TemplateHole {
  readonly value: TemplateValue
  readonly filters: readonly TemplateFilter[]
}

/** Texts and holes in turn. */
export interface Template {
  /** As it is written. */
  readonly text: string
  readonly parts: readonly (string | TemplateHole)[]
}

/** Of an account, those values that are known: an empty one is not. */
export type TemplateInput = Readonly<Partial<Record<TemplateValue, string>>>

const HOLE = /^\s*(?<value>[a-z_]+)\s*(?<filters>(\|\s*[a-z_]+\s*)*)$/u

/**
 * Reads a template: text with `{value}` or `{value|filter|filter}` in it; `{{` and `}}` are braces.
 * @returns what is wrong with it, where it is none.
 */
export const parseTemplate = (text: string): Template | { readonly fault: string } => {
  const parts: (string | TemplateHole)[] = []
  let plain = ''
  for (const [token] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/gu)) {
    if (token === '{' || token === '}')
      return { fault: `has a ${token} without its pair; a brace is written ${token}${token}` }
    if (!token.startsWith('{') || token === '{{') {
      plain += token === '{{' || token === '}}' ? token.slice(1) : token
      continue
    }
    const hole = parseHole(token.slice(1, -1))
    if ('fault' in hole) return hole
    if (plain !== '') parts.push(plain)
    plain = ''
    parts.push(hole)
  }
  if (plain !== '') parts.push(plain)
  return { text, parts }
}

const parseHole = (inside: string): TemplateHole | { readonly fault: string } => {
  const { value, filters = '' } = HOLE.exec(inside)?.groups ?? {}
  if (value === undefined) return { fault: `has {${inside}}; a value is written {localpart} or {localpart|lower}` }
  if (!isOneOf(TEMPLATE_VALUES, value))
    return { fault: `knows no value ${value}; there are ${TEMPLATE_VALUES.join(', ')}` }
  const names = filters
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const unknown = names.find((name) => !isOneOf(TEMPLATE_FILTERS, name))
  if (unknown !== undefined) return { fault: `knows no filter ${unknown}; there are ${TEMPLATE_FILTERS.join(', ')}` }
  return { value, filters: names.filter((name) => isOneOf(TEMPLATE_FILTERS, name)) }
}

const isOneOf = <Word extends string>(words: readonly Word[], word: string): word is Word =>
  (words as readonly string[]).includes(word)

/** Fills a template in; undefined where one of its values is not known, or nothing is left of the whole. */
export const fillTemplate = ({ parts }: Template, input: TemplateInput): string | undefined => {
  let filled = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      filled += part
      continue
    }
    const value = input[part.value]
    const text = value === undefined ? '' : part.filters.reduce((sofar, filter) => FILTERS[filter](sofar), value)
    if (text === '') return undefined
    filled += text
  }
  return filled === '' ? undefined : filled
}

/** slug: what most providers take in a name; marks are taken off letters, and whatever is left becomes a dash. */
const FILTERS: Readonly<Record<TemplateFilter, (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  slug: (text) =>
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9._]+/gu, '-')
      .replaceAll(/^-+|-+$/gu, ''),
}

/** Which values some templates ask for. */
export const valuesOf = (templates: readonly Template[]): ReadonlySet<TemplateValue> =>
  new Set(templates.flatMap(({ parts }) => parts.flatMap((part) => (typeof part === 'string' ? [] : [part.value]))))
