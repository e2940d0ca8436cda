import type { Answered } from './exchange.ts'
import { parseJson } from './json.ts'

type Body = Pick<Answered, 'text' | 'contentType'>

export const isJson = ({ contentType }: Pick<Body, 'contentType'>): boolean =>
  /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)

/** What an answer says: JSON where it is some, else its text; undefined where there is none, or where its JSON is broken. */
export const bodyOf = (answer: Body): unknown => {
  if (answer.text === '') return undefined
  return isJson(answer) ? parseJson(answer.text) : answer.text
}
