import { type Answer, type Incoming, refusal } from '../answer.ts'
import { checkFields } from '../fields/check-fields.ts'
import { isObject } from '../json.ts'
import { IDENTIFIER_RULES } from '../rules/identifiers.ts'
import type { Rule } from '../rules/rule.ts'
import { USER_FIELDS_RULES } from '../rules/user-fields.ts'
import { USERNAME_RULES } from '../rules/usernames.ts'
import type { Connection } from '../tenant.ts'

export type Body = Readonly<Record<string, unknown>>

/** What is wrong with a body, as the Management API says it. */
export const invalidBody = (what: string): Answer =>
  refusal(400, 'Bad Request', `Payload validation error: '${what}'.`, 'invalid_body')

export const invalidQuery = (what: string): Answer =>
  refusal(400, 'Bad Request', `Query validation error: '${what}'.`, 'invalid_query_string')

/** The body as an object; undefined where it is none. */
export const objectOf = ({ json }: Incoming): Body | undefined => (isObject(json) ? json : undefined)

/** The property that is not among those; undefined: there is none. */
export const strangerIn = (body: Body, properties: readonly string[]): string | undefined =>
  Object.keys(body).find((property) => !properties.includes(property))

type UserShape = 'new user' | 'changed user'

/** Of what is not sent nothing changes. */
const OF_WHOLES = ['required', 'at least one of']

/** Names and addresses are held to the same in a request as in a file. */
const asRequest =
  (of: UserShape) =>
  (rule: Rule): readonly Rule[] =>
    rule.field === undefined || (of === 'changed user' && OF_WHOLES.includes(rule.field.check.kind))
      ? []
      : [{ ...rule, field: { ...rule.field, of, code: 'invalid_body' } }]

const IDENTIFIERS = [...USERNAME_RULES, ...IDENTIFIER_RULES]

const RULES: Readonly<Record<UserShape, readonly Rule[]>> = {
  'new user': [...USER_FIELDS_RULES, ...IDENTIFIERS.flatMap(asRequest('new user'))],
  'changed user': [...USER_FIELDS_RULES, ...IDENTIFIERS.flatMap(asRequest('changed user'))],
}

/** Undefined where the body is as the rules of its fields want it. */
export const refusedFields = (of: UserShape, body: Body, connection: Connection | undefined): Answer | undefined => {
  // What options say of fields they say of databases.
  const database = connection?.strategy === 'auth0' ? connection : undefined
  const [violation] = checkFields(RULES[of], of, body, database)
  if (violation === undefined) return undefined
  return invalidBody(violation.path === '' ? violation.message : `${violation.message} on property ${violation.path}`)
}
