import { valuesAt } from '../values-at.ts'
import type { Body } from './payload.ts'

type Matcher = (body: Body) => boolean

/** In a phrase `\` is before what is meant as it is, `"` and `\` themselves among it. */
const TERM =
  /^(?<not>NOT |-)?(?<field>[A-Za-z_][A-Za-z0-9_.]*):(?:"(?<phrase>(?:[^"\\]|\\.)*)"|(?<word>[^\s"()[\]{}]+))$/u

const unescaped = (phrase: string | undefined): string | undefined => phrase?.replaceAll(/\\(.)/gu, '$1')

const CASELESS = new Set(['email', 'name', 'given_name', 'family_name', 'nickname'])

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)

const wildcard = (word: string): RegExp => new RegExp(`^${word.split('*').map(literal).join('.*')}$`, 'u')

const termMatcher = (term: string): Matcher | undefined => {
  const { not, field, phrase, word } = TERM.exec(term)?.groups ?? {}
  const wanted = unescaped(phrase) ?? word
  if (field === undefined || wanted === undefined) return undefined
  const negate = not !== undefined
  if (field === '_exists_') return (body) => valuesAt(body, wanted).length > 0 !== negate
  const fold = (text: string): string => (CASELESS.has(field) ? text.toLowerCase() : text)
  const pattern = phrase === undefined && wanted.includes('*') ? wildcard(fold(wanted)) : undefined
  return (body) =>
    valuesAt(body, field).some((value) => {
      const text = fold(String(value))
      return pattern === undefined ? text === fold(wanted) : pattern.test(text)
    }) !== negate
}

const allOf = (matchers: readonly (Matcher | undefined)[]): Matcher | undefined => {
  const known = matchers.flatMap((matcher) => (matcher === undefined ? [] : [matcher]))
  return known.length === matchers.length ? (body) => known.every((matches) => matches(body)) : undefined
}

/**
 * What of Lucene's syntax migrations ask with: `field:"value"`, `field:word*`, `_exists_:field`, joined by AND or by OR. Undefined
 * where there is more in it.
 */
export const matcherOf = (query: string): Matcher | undefined => {
  if (query.trim() === '') return () => true
  const alternatives = query
    .split(' OR ')
    .map((part) => allOf(part.split(' AND ').map((term) => termMatcher(term.trim()))))
  const known = alternatives.flatMap((matcher) => (matcher === undefined ? [] : [matcher]))
  return known.length === alternatives.length ? (body) => known.some((matches) => matches(body)) : undefined
}

/** That a profile has this text at this path, in capital letters or not. */
export interface Pin {
  readonly field: string
  readonly text: string
}

/** What everybody has whom a query finds, as its first term that is neither negative nor a pattern says; undefined where none is. */
export const pinOf = (query: string): Pin | undefined => {
  if (query.includes(' OR ')) return undefined
  const pins = query.split(' AND ').flatMap((term) => {
    const { not, field, phrase, word } = TERM.exec(term.trim())?.groups ?? {}
    const text = unescaped(phrase) ?? word
    if (not !== undefined || field === undefined || field === '_exists_' || text === undefined) return []
    return phrase === undefined && text.includes('*') ? [] : [{ field, text }]
  })
  return pins[0]
}
