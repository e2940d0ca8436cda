import type { Answer } from '../answer.ts'
import { type Body, invalidQuery } from './payload.ts'

const MOST_A_PAGE = 100
const USUAL_A_PAGE = 50

/** A page of a list: the items alone, or with the counts where `include_totals` asks for them. */
export interface Page {
  /** Of the first item. */
  readonly start: number
  readonly size: number
  of(items: readonly Body[], name: string): unknown
}

const integerIn = (query: URLSearchParams, name: string, otherwise: number): number =>
  query.has(name) ? Number(query.get(name) === '' ? Number.NaN : query.get(name)) : otherwise

/** `least`: of `per_page`. */
export const pageOf = (
  query: URLSearchParams,
  { least }: { readonly least: number },
): Page | { readonly refused: Answer } => {
  const size = integerIn(query, 'per_page', USUAL_A_PAGE)
  const page = integerIn(query, 'page', 0)
  if (!Number.isInteger(size) || size < least || size > MOST_A_PAGE)
    return {
      refused: invalidQuery(`Value ${query.get('per_page')} is not between ${least} and 100 on property per_page`),
    }
  if (!Number.isInteger(page) || page < 0)
    return { refused: invalidQuery(`Value ${query.get('page')} is less than minimum 0 on property page`) }
  const start = page * size
  return {
    start,
    size,
    of: (items, name) => {
      const these = items.slice(start, start + size)
      return query.get('include_totals') === 'true'
        ? { start, limit: size, length: these.length, total: items.length, [name]: these }
        : these
    },
  }
}
