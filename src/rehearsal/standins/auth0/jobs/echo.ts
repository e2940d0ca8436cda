import { isObject } from '../json.ts'
import type { JobError } from '../tenant.ts'

/** Fields of a row in which secrets are. */
const SECRET = ['password_hash', 'custom_password_hash', 'mfa_factors']

/** An error of a row as it may come as well: the row without what is secret in it, and that told by the words. */
export const withSecretsInWords = ({ user, errors }: JobError): JobError => {
  const fields = isObject(user) ? Object.entries(user) : []
  const secrets = JSON.stringify(Object.fromEntries(fields.filter(([name]) => SECRET.includes(name))))
  return {
    user: Object.fromEntries(fields.filter(([name]) => !SECRET.includes(name))),
    errors: errors.map((error) => ({ ...error, message: `${error.message} in a row with ${secrets}` })),
  }
}
