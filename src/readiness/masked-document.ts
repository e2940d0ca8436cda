import { mask } from './http/masked-text.ts'
import type { Subject } from './subject.ts'

/**
 * What is found, with no secret readable that was asked with, wherever a server repeated it. A short one is masked in words of ours
 * too: which of them came from outside cannot be told any more.
 */
export const masked = <Found>(found: Found, subject: Subject): Found => {
  const secrets = secretsOf(subject)
  // Only texts change, so that it is what it was.
  return secrets.length === 0 ? found : (maskedDeep(found, secrets) as Found)
}

const secretsOf = ({ masSecret, accessToken, applicationServices = [] }: Subject): readonly string[] =>
  [masSecret, accessToken, ...applicationServices.map(({ token }) => token)].flatMap((secret) => secret ?? [])

/** What programs read, and we alone write: a secret that is a word of these would change what was found, and the exit code. */
const OURS: ReadonlySet<string> = new Set([
  'who',
  'kind',
  'syn2op',
  'at',
  'code',
  'part',
  'title',
  'spec',
  'stability',
  'level',
  'result',
  'accepted',
  'breaks',
  'client',
  'deed',
  'can',
  'probe',
  'delegation',
  'step',
  'outcome',
])

const maskedDeep = (value: unknown, secrets: readonly string[]): unknown => {
  if (typeof value === 'string') return mask(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => maskedDeep(each, secrets))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, OURS.has(name) ? each : maskedDeep(each, secrets)]),
  )
}
