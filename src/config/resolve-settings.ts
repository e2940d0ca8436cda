import type { z } from 'zod'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { GivenValue, GivenValues } from './given-value.ts'
import { rulesOf, SETTING_KEYS, type Setting, type SettingKey, type Settings } from './settings.ts'
import { VALUE_KINDS } from './value-kinds.ts'

/** What each origin gave, and what is wrong with them as a whole. */
export interface GivenSettings {
  readonly flags: GivenValues
  readonly environment: GivenValues
  readonly file: GivenValues
  readonly problems: readonly Problem[]
  /** The working folder, which defaults are relative to. */
  readonly folder: string
}

/** What each setting is when nobody says anything. */
const defaults = (folder: string): GivenValues =>
  Object.fromEntries(
    SETTING_KEYS.flatMap((key) => {
      const { default: raw } = rulesOf(key)
      return raw === undefined ? [] : [[key, { raw, origin: 'default', folder }]]
    }),
  )

/** Of a value that may have several forms, the complaints about the form it has. */
const messagesOf = (issue: z.core.$ZodIssue): readonly string[] => {
  if (issue.code !== 'invalid_union') return [issue.message]
  const ofItsForm = issue.errors.find((errors) =>
    errors.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  )
  return ofItsForm?.flatMap((each) => messagesOf(each)) ?? [issue.message]
}

/** Checks one value of one origin; problems never quote it, since it may be a secret. */
const readValue = (key: SettingKey, given: GivenValue, problems: Problem[]): unknown => {
  const { schema, resolve } = VALUE_KINDS[rulesOf(key).kind]
  const parsed = schema.safeParse(given.raw)
  if (parsed.success) return (resolve as (value: unknown, folder: string) => unknown)(parsed.data, given.folder)
  const name = given.at === undefined ? given.origin : `\`${key}\``
  const at = given.at === undefined ? {} : { at: given.at }
  problems.push(
    ...parsed.error.issues
      .flatMap((issue) => messagesOf(issue))
      .map((message) => ({ message: `${name} ${message}`, ...at })),
  )
  return undefined
}

const whence = ({ origin, at, secretFile }: GivenValue): Omit<Setting<unknown>, 'value'> => ({
  origin,
  ...(at === undefined ? {} : { at }),
  ...(secretFile === undefined ? {} : { secretFile }),
})

/**
 * Joins what flags, environment and syn2op.yaml gave: flags win over environment, environment over file, as a whole
 * value each. Every origin is checked, the ones that lose too.
 * @throws Syn2opError config.invalid with every problem.
 */
export const resolveSettings = ({ flags, environment, file, problems: known, folder }: GivenSettings): Settings => {
  const problems: Problem[] = [...known]
  const settings: Record<string, Setting<unknown>> = {}
  for (const values of [defaults(folder), file, environment, flags]) {
    for (const key of SETTING_KEYS) {
      const given = values[key]
      if (given !== undefined) settings[key] = { value: readValue(key, given, problems), ...whence(given) }
    }
  }
  if (problems.length > 0) {
    const many = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`
    throw new Syn2opError('config.invalid', `${many} wrong`, {
      problems,
      next: ['syn2op config inspect shows every setting with its origin.'],
    })
  }
  // Each value was parsed by the schema of its own key's kind, which is what the type says.
  return settings
}
