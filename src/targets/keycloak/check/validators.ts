import { hasProhibitedSign, isBeyondLatin, isEmailRefused, isPersonNameRefused } from '../accounts/profile-rules.ts'
import type { ProfileAttribute } from './seen.ts'

type Settings = Readonly<Record<string, unknown>>
type Refuses = (value: string, settings: Settings) => boolean

/**
 * Whether a validator of the user profile refuses values that somebody would have. Validators that are not known here, and
 * patterns that JavaScript does not read as Java does, refuse nothing.
 */
export const areRefused = (
  { validations }: Pick<ProfileAttribute, 'validations'>,
  values: readonly string[],
): boolean =>
  Object.entries(validations).some(([name, settings]) => {
    if (name === 'multivalued') return values.length > (numberOf(settings['max']) ?? Number.POSITIVE_INFINITY)
    const refuses = Object.hasOwn(VALIDATORS, name) ? VALIDATORS[name] : undefined
    return refuses !== undefined && values.some((value) => value !== '' && refuses(value, settings))
  })

const numberOf = (setting: unknown): number | undefined => {
  const number = typeof setting === 'string' && setting.trim() !== '' ? Number(setting) : setting
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined
}

const isOutside = (number: number, { min, max }: Settings): boolean =>
  number < (numberOf(min) ?? Number.NEGATIVE_INFINITY) || number > (numberOf(max) ?? Number.POSITIVE_INFINITY)

/** By their names, as of 26.7. */
const VALIDATORS: Readonly<Record<string, Refuses>> = {
  'length': (value, settings) =>
    isOutside((String(settings['trim-disabled']) === 'true' ? value : value.trim()).length, settings),
  'pattern': (value, { pattern }) => typeof pattern === 'string' && wholly(pattern)?.test(value) === false,
  'options': (value, { options }) => Array.isArray(options) && !options.includes(value),
  'integer': (value, settings) => !/^[+-]?\d+$/u.test(value) || isOutside(Number(value), settings),
  'double': (value, settings) => Number.isNaN(Number(value)) || isOutside(Number(value), settings),
  'email': isEmailRefused,
  'person-name-prohibited-characters': isPersonNameRefused,
  'username-prohibited-characters': hasProhibitedSign,
  'up-username-not-idn-homograph': isBeyondLatin,
}

const wholly = (pattern: string): RegExp | undefined => {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u')
  } catch {
    return undefined
  }
}
