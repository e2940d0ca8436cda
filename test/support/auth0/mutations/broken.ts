import { checkFields, type Violation } from '../../../../src/rehearsal/standins/auth0/fields/check-fields.ts'
import { RULES } from '../../../../src/rehearsal/standins/auth0/rules/index.ts'
import type { FieldRule, Given, Rule } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import type { Connection } from '../../../../src/rehearsal/standins/auth0/tenant.ts'

type Settings = Pick<Connection, 'options'>

const ALL = Object.values(RULES).flat()

/** A connection as a trial has it. */
export const connectionOf = ({ connection }: Given): Settings => ({
  options: { requires_username: true, validation: { username: { min: 1, max: 128 } }, ...connection?.options },
})

export const violationsOf = (of: FieldRule['of'], body: unknown, connection: Settings): readonly Violation[] =>
  checkFields(ALL, of, body, connection)

/** What a body breaks of fields. */
export interface BrokenRules {
  readonly isBroken: (body: unknown) => boolean
  /** Rules that it breaks beside. */
  readonly others: (body: unknown) => readonly string[]
}

export const brokenRules = (rule: Rule, field: FieldRule, connection: Settings): BrokenRules => {
  const alone = [rule]
  const rest = ALL.filter((other) => other !== rule)
  const breaks = (rules: readonly Rule[], body: unknown): boolean =>
    checkFields(rules, field.of, body, connection).length > 0
  return {
    isBroken: (body) => breaks(alone, body),
    others: (body) => (breaks(rest, body) ? rest.filter((other) => breaks([other], body)).map(({ id }) => id) : []),
  }
}
