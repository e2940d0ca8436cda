const REDACTED = '…'

/** What a bcrypt hash looks like, also where it is cut off. */
const HASH = /\$2[a-z]?\$\d\d\$[./A-Za-z0-9]+/g

/** A text of Auth0's without hashes and without these secrets. */
export const redacted = (text: string, secrets: readonly string[] = []): string =>
  secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
    .replaceAll(HASH, REDACTED)

/** What Auth0 calls the errors of any row, whatever is in it: to be known again even where a secret reads like a part of it. */
const OF_ANY_ROW = /^(?:DUPLICATED_USER|CONFLICT(?:_(?:USERNAME|EMAIL))?)$/

/** The same of a text that may be a code of Auth0's. */
export const redactedUnlessCode = (text: string, secrets: readonly string[]): string =>
  OF_ANY_ROW.test(text) ? text : redacted(text, secrets)

/** Under which Auth0 says something in words, and under `errors` all is words. */
const SPOKEN: ReadonlySet<string> = new Set([
  'message',
  'error',
  'errorCode',
  'error_description',
  'detail',
  'status_details',
])

/** What people and administrators have written: it is compared, and told to nobody. */
const WRITTEN: ReadonlySet<string> = new Set(['user', 'app_metadata', 'user_metadata', 'options'])

/** An answer in whose words, at any depth, these secrets are not repeated; everything else of it is as it was. */
export const wordsWithout = (body: unknown, secrets: readonly string[]): unknown => {
  if (secrets.length === 0) return body
  if (Array.isArray(body)) return body.map((part) => wordsWithout(part, secrets))
  if (!isObject(body)) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      if (WRITTEN.has(key)) return [key, value]
      if (key === 'errors') return [key, allWithout(value, secrets)]
      const isWords = SPOKEN.has(key) && typeof value === 'string'
      return [key, isWords ? redactedUnlessCode(value, secrets) : wordsWithout(value, secrets)]
    }),
  )
}

const allWithout = (value: unknown, secrets: readonly string[]): unknown => {
  if (typeof value === 'string') return redactedUnlessCode(value, secrets)
  if (Array.isArray(value)) return value.map((part) => allWithout(part, secrets))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, allWithout(part, secrets)]))
}

/** Fields of an import row in which secrets stand, at any depth. */
const SECRET_FIELDS: readonly string[] = ['password_hash', 'custom_password_hash', 'mfa_factors', 'password']

/** Every secret of an import row, as a job's errors echo it. */
export const secretsOf = (row: unknown): readonly string[] =>
  isObject(row) ? SECRET_FIELDS.flatMap((field) => valuesIn(row[field])) : []

/** What stands under these says how a secret is written: messages need it. */
const FORMAT: readonly string[] = ['algorithm', 'encoding', 'position', 'digest']

const valuesIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(valuesIn)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, part]) => (FORMAT.includes(key) ? [] : valuesIn(part)))
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
