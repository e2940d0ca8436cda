import type { Answer } from '../answer.ts'
import { type Body, invalidQuery } from './payload.ts'

/** What of a profile can be asked for by name. */
const FIELDS = [
  'phone_number',
  'email',
  'email_verified',
  'picture',
  'username',
  'user_id',
  'name',
  'nickname',
  'created_at',
  'identities',
  'app_metadata',
  'user_metadata',
  'last_ip',
  'last_login',
  'logins_count',
  'updated_at',
  'blocked',
  'family_name',
  'given_name',
]

/** Which fields are wanted: undefined where all are. */
export interface Selection {
  readonly fields?: readonly string[]
  readonly include: boolean
}

export const selectionOf = (query: URLSearchParams): Selection | { readonly refused: Answer } => {
  const named = query.get('fields')
  const include = query.get('include_fields') ?? 'true'
  if (include !== 'true' && include !== 'false')
    return { refused: invalidQuery('Expected type boolean but found type string on property include_fields') }
  if (named === null || named === '') return { include: true }
  const fields = named.split(',')
  const stranger = fields.find((field) => !FIELDS.includes(field.split('.')[0] ?? ''))
  return stranger === undefined
    ? { fields, include: include === 'true' }
    : { refused: invalidQuery('String does not match pattern on property fields') }
}

/** The fields of a profile that are wanted. */
export const selected = (body: Body, { fields, include }: Selection): Body => {
  if (fields === undefined) return body
  const names = fields.map((field) => field.split('.')[0] ?? '')
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name) === include))
}
