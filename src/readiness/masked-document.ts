import type { ReadinessDocument } from '../report/readiness-document.ts'
import { mask } from './http/masked-text.ts'
import type { Subject } from './subject.ts'

/** A document in which no secret that was asked with is readable, wherever a server repeated it. */
export const maskedDocument = (document: ReadinessDocument, subject: Subject): ReadinessDocument => {
  const secrets = secretsOf(subject)
  // Only texts change, so that it is what it was.
  return secrets.length === 0 ? document : (maskedDeep(document, secrets) as ReadinessDocument)
}

const secretsOf = ({ masSecret, accessToken, applicationServices = [] }: Subject): readonly string[] =>
  [masSecret, accessToken, ...applicationServices.map(({ token }) => token)].flatMap((secret) => secret ?? [])

const maskedDeep = (value: unknown, secrets: readonly string[]): unknown => {
  if (typeof value === 'string') return mask(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => maskedDeep(each, secrets))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskedDeep(each, secrets)]))
}
