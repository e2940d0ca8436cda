import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest, FieldRule, Given, Rule } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import type { Ours, Row } from '../recorded-requests/ours.ts'
import { fitted, givenOf } from './fit.ts'
import { brokenBodies } from './values.ts'

const OPERATIONS: Readonly<Partial<Record<FieldRule['of'], string>>> = {
  'import row': 'POST /api/v2/jobs/users-imports',
  'changed connection': 'PATCH /api/v2/connections/*',
  'changed user': 'PATCH /api/v2/users/*',
  'export job': 'POST /api/v2/jobs/users-exports',
  'new user': 'POST /api/v2/users',
}

/** @throws of a shape that no rule has had until now */
export const operationOfShape = (of: FieldRule['of']): string => {
  const operation = OPERATIONS[of]
  if (operation === undefined) throw new Error(`nobody has said which operation sends a ${of}`)
  return operation
}

interface Body {
  readonly body: Row
  /** With which it is sent; a row goes with others in a file. */
  readonly request?: ApiRequest
}

const bodiesOf = (our: Ours, of: FieldRule['of']): readonly Body[] =>
  of === 'import row'
    ? [our.anna, our.berta].map((body) => ({ body }))
    : our
        .requests(operationOfShape(of))
        .flatMap((request) => (isObject(request.json) ? [{ body: request.json, request }] : []))

/** Errors name this field as Auth0's own column is called. */
const nameOf = (path: string): string => (path === 'password_hash' ? 'passwordHash' : path.replaceAll('[]', '[0]'))

/** One of our requests in which a field is other than a rule says. */
export interface FieldMutation {
  readonly given: Given
  /** With which each body is sent; absent: they are rows of one file. */
  readonly request?: ApiRequest
  readonly kept: Row
  readonly broken: readonly unknown[]
  /** Rules that cannot but be broken with it. */
  readonly beside: readonly string[]
  readonly code: string
  /** As errors name the field; empty: the body. */
  readonly path: string
}

/** Undefined: the program sends no body to which the rule can be applied. */
export const fieldMutation = (our: Ours, rule: Rule, field: FieldRule, seed: number): FieldMutation | undefined => {
  for (const { body, request } of bodiesOf(our, field.of)) {
    const kept = fitted(rule, field, body)
    if (kept === undefined) continue
    const { bodies: broken, beside } = brokenBodies(rule, field, kept, seed)
    const given = { ...givenOf(rule), ...(request === undefined ? {} : { users: [our.anna] }) }
    return {
      given,
      ...(request === undefined ? {} : { request }),
      kept,
      broken,
      beside,
      code: field.code,
      path: nameOf(field.path),
    }
  }
  return undefined
}
