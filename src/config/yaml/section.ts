import type { Problem } from '../../errors/syn2op-error.ts'
import type { Located, Place } from './located.ts'

/** A value with the place where it stands. */
export interface Placed<Value> {
  readonly value: Value
  readonly at: Place
}

export interface IntegerBounds {
  readonly min: number
  readonly max: number
}

/**
 * One map of a configuration file, read key by key. A key that is absent or null reads as undefined; one of the wrong
 * type does too and is reported, without its value, which may be a secret.
 */
export interface Section {
  /** Dotted, such as `database` or `passwords.schemes[0]`; '' for the whole file. */
  readonly path: string
  /** Where the section stands; undefined when it is absent. */
  readonly at?: Place
  /** True when the key is there and not null. */
  has(key: string): boolean
  text(key: string): Placed<string> | undefined
  /** How a single value is spelled, whatever its type would be; undefined where there is none. */
  word(key: string): string | undefined
  integer(key: string, bounds: IntegerBounds): Placed<number> | undefined
  boolean(key: string): Placed<boolean> | undefined
  /** An empty section when it is absent. */
  section(key: string): Section
  /** The entries of a list of sections; undefined when the list is absent. */
  sections(key: string): readonly Section[] | undefined
  /** Reports something wrong with a key, or with the section when no key is given. */
  problem(message: string, options?: { readonly key?: string; readonly remedy?: string }): void
}

const isNull = (value: Located | undefined): boolean =>
  value === undefined || (value.kind === 'scalar' && value.value === null)

/** A section over a parsed value. What is wrong is pushed onto `problems`. */
export const sectionOver = (value: Located | undefined, path: string, problems: Problem[]): Section => {
  const given = isNull(value) ? undefined : value
  if (given && given.kind !== 'map') {
    problems.push({
      message: `${path === '' ? 'the file' : `\`${path}\``} must be a map of keys and values`,
      at: given.at,
    })
  }
  const entries = given?.kind === 'map' ? given.entries : new Map<string, Located>()
  const pathOf = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const find = (key: string): Located | undefined => (isNull(entries.get(key)) ? undefined : entries.get(key))

  const wrong = (key: string, found: Located, expected: string, remedy?: string): undefined => {
    problems.push({
      message: `\`${pathOf(key)}\` must be ${expected}`,
      at: found.at,
      ...(remedy === undefined ? {} : { remedy }),
    })
    return undefined
  }

  return {
    path,
    ...(given === undefined ? {} : { at: given.at }),
    has: (key) => find(key) !== undefined,
    text: (key) => {
      const found = find(key)
      if (!found) return undefined
      if (found.kind === 'scalar' && typeof found.value === 'string') return { value: found.value, at: found.at }
      return wrong(key, found, 'a text', found.kind === 'scalar' ? 'Put quotes around the value.' : undefined)
    },
    word: (key) => {
      const found = find(key)
      return found?.kind === 'scalar' ? String(found.value) : undefined
    },
    integer: (key, { min, max }) => {
      const found = find(key)
      if (!found) return undefined
      const number = found.kind === 'scalar' && typeof found.value === 'number' ? found.value : Number.NaN
      if (Number.isInteger(number) && number >= min && number <= max) return { value: number, at: found.at }
      return wrong(key, found, `a whole number from ${min} to ${max}`)
    },
    boolean: (key) => {
      const found = find(key)
      if (!found) return undefined
      if (found.kind === 'scalar' && typeof found.value === 'boolean') return { value: found.value, at: found.at }
      return wrong(key, found, 'true or false')
    },
    section: (key) => sectionOver(find(key), pathOf(key), problems),
    sections: (key) => {
      const found = find(key)
      if (!found) return undefined
      if (found.kind === 'list')
        return found.items.map((item, index) => sectionOver(item, `${pathOf(key)}[${index}]`, problems))
      wrong(key, found, 'a list')
      return []
    },
    problem: (message, options = {}) => {
      const at = (options.key === undefined ? undefined : find(options.key)?.at) ?? given?.at
      problems.push({
        message,
        ...(at === undefined ? {} : { at }),
        ...(options.remedy === undefined ? {} : { remedy: options.remedy }),
      })
    },
  }
}
