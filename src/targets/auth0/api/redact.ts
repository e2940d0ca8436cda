const REDACTED = '…'

/** What a bcrypt hash looks like, also where it is cut off. */
const HASH = /\$2[a-z]?\$\d\d\$[./A-Za-z0-9]+/g

/** A text of Auth0's without hashes and without these secrets. */
export const redacted = (text: string, secrets: readonly string[] = []): string =>
  secrets
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
    .replaceAll(HASH, REDACTED)

/** Fields of an import row in which secrets stand, at any depth. */
const SECRET_FIELDS: readonly string[] = ['password_hash', 'custom_password_hash', 'mfa_factors', 'password']

/** Every secret of an import row, as a job's errors echo it. */
export const secretsOf = (row: unknown): readonly string[] =>
  isObject(row) ? SECRET_FIELDS.flatMap((field) => valuesIn(row[field])) : []

/** Words of the format itself, which messages need: no secret, though they stand beside some. */
const FORMAT: readonly string[] = ['bcrypt', 'utf8', 'suffix', 'prefix', 'hex', 'base64']

const valuesIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return FORMAT.includes(value) ? [] : [value]
  if (Array.isArray(value)) return value.flatMap(valuesIn)
  return isObject(value) ? Object.values(value).flatMap(valuesIn) : []
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
