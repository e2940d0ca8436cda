/** A target does not do what the interface asks. The message says what it does, and what is asked of it. */
export class NotConforming extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotConforming'
  }
}

/** A case cannot be tried with this harness or target. */
export class NotTried extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotTried'
  }
}

/** @param message what the target does wrong, and the rule of target.ts that it breaks. */
export function ask(holds: boolean, message: string): asserts holds {
  if (!holds) throw new NotConforming(message)
}

/** @param message what it means that the two differ; where they do is added. */
export const askEqual = (found: unknown, wanted: unknown, message: string): void => {
  const difference = firstDifference(found, wanted, 'the state')
  if (difference !== undefined) throw new NotConforming(`${message} First difference: ${difference}`)
}

/** Where two pieces of plain data differ first; undefined where they are equal. */
const firstDifference = (found: unknown, wanted: unknown, at: string): string | undefined => {
  if (Object.is(found, wanted)) return undefined
  if (Array.isArray(found) && Array.isArray(wanted)) {
    if (found.length !== wanted.length) {
      return `${at} has ${found.length} entries instead of ${wanted.length}`
    }
    return firstOf(found.keys(), (key) => firstDifference(found[key], wanted[key], `${at}[${key}]`))
  }
  if (isObject(found) && isObject(wanted)) {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(found)])
    return firstOf(keys, (key) => firstDifference(found[key], wanted[key], `${at}.${key}`))
  }
  return `${at} is ${brief(found)} instead of ${brief(wanted)}`
}

const firstOf = <Key>(keys: Iterable<Key>, look: (key: Key) => string | undefined): string | undefined => {
  for (const key of keys) {
    const found = look(key)
    if (found !== undefined) return found
  }
  return undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const LONGEST = 120

const brief = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
