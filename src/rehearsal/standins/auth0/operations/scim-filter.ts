import { valuesAt } from '../values-at.ts'
import type { Body } from './payload.ts'

type Matcher = (body: Body) => boolean

const TERM = /^(?<attribute>[A-Za-z][A-Za-z0-9.]*) eq (?:"(?<text>[^"]*)"|(?<literal>true|false))$/iu

const termMatcher = (term: string): Matcher | undefined => {
  const { attribute, text, literal } = TERM.exec(term.trim())?.groups ?? {}
  const wanted = text ?? literal?.toLowerCase()
  if (attribute === undefined || wanted === undefined) return undefined
  return (body) => valuesAt(body, attribute).some((value) => String(value) === wanted)
}

const joined = (
  parts: readonly (Matcher | undefined)[],
  how: (matchers: readonly Matcher[], body: Body) => boolean,
): Matcher | undefined => {
  const known = parts.flatMap((part) => (part === undefined ? [] : [part]))
  return known.length === parts.length ? (body) => how(known, body) : undefined
}

/** A filter of SCIM with the operators that Auth0 has: eq, and, or. Undefined where there is another in it. */
export const scimMatcher = (filter: string): Matcher | undefined =>
  joined(
    filter
      .split(/ or /iu)
      .map((alternative) =>
        joined(alternative.split(/ and /iu).map(termMatcher), (all, body) => all.every((each) => each(body))),
      ),
    (any, body) => any.some((each) => each(body)),
  )
