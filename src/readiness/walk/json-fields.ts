import { type JsonObject, memberOf } from '../metadata/reading.ts'

/** A text that is not empty. */
export const textIn = (fields: JsonObject | undefined, name: string): string | undefined => {
  const value = memberOf(fields, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The texts of a list; undefined where there is no list. */
export const listIn = (fields: JsonObject | undefined, name: string): readonly string[] | undefined => {
  const value = memberOf(fields, name)
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined
}
