import type { FieldSettings } from '../connection-settings.ts'
import { isObject } from '../json.ts'
import type { Check, FieldType } from '../rules/rule.ts'
import { isEmailAddress, isUri } from './formats.ts'

/** What is wrong with a value by one check, as the validator of Auth0 words it; undefined: nothing. */
type Finding<Kind extends Check['kind']> = (
  check: Extract<Check, { kind: Kind }>,
  value: unknown,
  settings: FieldSettings | undefined,
) => string | undefined

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
}

const isOfType = (value: unknown, is: FieldType): boolean =>
  typeOf(value) === is || (is === 'number' && typeof value === 'number')

const lengthOf = (value: unknown): number | undefined => {
  if (typeof value === 'string') return [...value].length
  return Array.isArray(value) ? value.length : undefined
}

const tooShort = (value: unknown, least: number): string | undefined => {
  const length = lengthOf(value)
  if (length === undefined || length >= least) return undefined
  return Array.isArray(value)
    ? `Array is too short (${length}), minimum ${least}`
    : `String is too short (${length} chars), minimum ${least}`
}

const tooLong = (value: unknown, most: number): string | undefined => {
  const length = lengthOf(value)
  if (length === undefined || length <= most) return undefined
  return Array.isArray(value)
    ? `Array is too long (${length}), maximum ${most}`
    : `String is too long (${length} chars), maximum ${most}`
}

const patterns = new Map<string, RegExp>()

const patternOf = (pattern: string, flags = ''): RegExp => {
  const key = `${flags}/${pattern}`
  const known = patterns.get(key) ?? new RegExp(pattern, `u${flags}`)
  patterns.set(key, known)
  return known
}

const keysOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(keysOf)
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]) : []
}

/** Which of these properties an object has; undefined where it is none. */
const had = (value: unknown, properties: readonly string[]): readonly string[] | undefined =>
  isObject(value) ? properties.filter((name) => value[name] !== undefined) : undefined

export const FINDINGS: { readonly [Kind in Check['kind']]: Finding<Kind> } = {
  // Both are asked of what is absent, and worded where its name is known.
  required: () => undefined,
  absent: () => undefined,
  type: ({ is }, value) =>
    is.some((type) => isOfType(value, type))
      ? undefined
      : `Expected type ${is.join(',')} but found type ${typeOf(value)}`,
  'one of': ({ values }, value) =>
    values.some((allowed) => allowed === value) ? undefined : `No enum match for: ${JSON.stringify(value)}`,
  // The value is left out: it can be a hash.
  pattern: ({ pattern, flags }, value) =>
    typeof value !== 'string' || patternOf(pattern, flags).test(value)
      ? undefined
      : `String does not match pattern ${pattern}`,
  format: ({ format }, value) => {
    if (typeof value !== 'string' || (format === 'URI' ? isUri(value) : isEmailAddress(value))) return undefined
    return `Object didn't pass validation for format ${format === 'URI' ? 'strict-uri' : 'email'}: ${value}`
  },
  shortest: ({ length }, value) => tooShort(value, length),
  longest: ({ length }, value) => tooLong(value, length),
  'username length': ({ end }, value, settings) => {
    const usernames = settings?.usernames
    if (usernames === undefined) return undefined
    const short = end === 'longest' ? undefined : tooShort(value, usernames.shortest)
    return short ?? (end === 'shortest' ? undefined : tooLong(value, usernames.longest))
  },
  least: ({ value: least }, value) =>
    typeof value === 'number' && value < least ? `Value ${value} is less than minimum ${least}` : undefined,
  most: ({ value: most }, value) =>
    typeof value === 'number' && value > most ? `Value ${value} is greater than maximum ${most}` : undefined,
  'most bytes': ({ bytes }, value) => {
    const size = Buffer.byteLength(JSON.stringify(value))
    return size > bytes ? `Object is too large (${size} bytes), maximum ${bytes}` : undefined
  },
  only: ({ properties }, value) => {
    const others = isObject(value) ? Object.keys(value).filter((name) => !properties.includes(name)) : []
    return others.length === 0 ? undefined : `Additional properties not allowed: ${others.join(',')}`
  },
  'none of': ({ properties }, value) => {
    const forbidden = had(value, properties) ?? []
    return forbidden.length === 0 ? undefined : `Additional properties not allowed: ${forbidden.join(',')}`
  },
  'keys without': ({ characters }, value) => {
    const wrong = keysOf(value).find((key) => [...characters].some((character) => key.includes(character)))
    return wrong === undefined ? undefined : `Property names must not contain ${[...characters].join(' or ')}: ${wrong}`
  },
  'at most one of': ({ properties }, value) =>
    (had(value, properties)?.length ?? 0) > 1 ? "Data matches schema from 'not'" : undefined,
  'exactly one of': ({ properties }, value) => {
    const there = had(value, properties)?.length
    if (there === undefined || there === 1) return undefined
    return there === 0
      ? "Data does not match any schemas from 'oneOf'"
      : "Data is valid against more than one schema from 'oneOf'"
  },
  'at least one of': ({ properties }, value) =>
    had(value, properties)?.length === 0 ? "Data does not match any schemas from 'anyOf'" : undefined,
}
