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

/** Under which Auth0 says something in words. */
const SPOKEN: readonly string[] = ['message', 'error_description', 'detail', 'status_details']

/** An answer in whose words these secrets are not repeated; everything else of it is as it was. */
export const wordsWithout = (body: unknown, secrets: readonly string[]): unknown => {
  if (!isObject(body) || secrets.length === 0) return body
  const spoken = SPOKEN.map((key) => [key, body[key]] as const)
  const said = spoken.flatMap(([key, words]) => (typeof words === 'string' ? [[key, redacted(words, secrets)]] : []))
  return { ...body, ...Object.fromEntries(said) }
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
