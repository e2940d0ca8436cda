import { didYouMean } from '../errors/did-you-mean.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { GivenValues } from './given-value.ts'
import { rulesOf, SETTING_KEYS } from './settings.ts'
import { VALUE_KINDS } from './value-kinds.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Every variable that means something to syn2op. */
export const KNOWN_VARIABLES: readonly string[] = [
  'SYN2OP_CONFIG',
  ...SETTING_KEYS.flatMap((key) => {
    const { environment, secret } = rulesOf(key)
    return secret === true ? [environment, `${environment}_FILE`] : [environment]
  }),
]

/** What the environment gave. An empty variable counts as absent. */
export const environmentValues = (env: Environment, folder: string): GivenValues => {
  const given: GivenValues = {}
  for (const key of SETTING_KEYS) {
    const { environment, kind } = rulesOf(key)
    const text = env[environment]
    if (text === undefined || text === '') continue
    given[key] = { raw: VALUE_KINDS[kind].fromText(text), origin: environment, folder }
  }
  return given
}

/** Variables that look like ours but are not: a misspelt one would be ignored without a word. Those of our own tests are no settings. */
export const misspeltVariables = (env: Environment): readonly Problem[] =>
  Object.keys(env)
    .filter((name) => /^SYN2OP_(?!TEST_)/u.test(name) && !KNOWN_VARIABLES.includes(name))
    .flatMap((name) => {
      const meant = didYouMean(name, KNOWN_VARIABLES)
      return meant === undefined ? [] : [{ message: `${name} is no setting; did you mean ${meant}?` }]
    })
