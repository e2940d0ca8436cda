import { type FieldSettings, fieldSettings, hasSetting } from '../connection-settings.ts'
import type { Check, Condition, FieldRule, Rule, Shape } from '../rules/rule.ts'
import type { Connection } from '../tenant.ts'
import { FINDINGS } from './findings.ts'
import { type Place, placesAt, stepsOf } from './places.ts'

export interface Violation {
  /** As the rule says. */
  readonly code: string
  /** Of the field, such as `mfa_factors[0].phone.value`; empty: the body itself. */
  readonly path: string
  /** In the words of the validator, without the path. */
  readonly message: string
}

interface Compiled {
  readonly rule: FieldRule
  readonly steps: readonly string[]
}

// A row of an import is checked against some hundred rules: their paths are read once.
const compiled = new WeakMap<readonly Rule[], Map<Shape, readonly Compiled[]>>()

const compiledFor = (rules: readonly Rule[], shape: Shape): readonly Compiled[] => {
  const shapes = compiled.get(rules) ?? new Map<Shape, readonly Compiled[]>()
  compiled.set(rules, shapes)
  const known =
    shapes.get(shape) ??
    rules.flatMap(({ field }) => (field?.of === shape ? [{ rule: field, steps: stepsOf(field.path) }] : []))
  shapes.set(shape, known)
  return known
}

const holds = (condition: Condition, body: unknown, settings: FieldSettings | undefined): boolean => {
  if (condition.kind === 'connection') return settings !== undefined && hasSetting(settings, condition.setting)
  const places = placesAt(body, stepsOf(condition.path))
  return (places.length === 0 ? [undefined] : places.map(({ value }) => value)).some((value) =>
    condition.in.some((allowed) => allowed === value),
  )
}

const found = <Kind extends Check['kind']>(
  check: Extract<Check, { kind: Kind }> & { readonly kind: Kind },
  value: unknown,
  settings: FieldSettings | undefined,
): string | undefined => FINDINGS[check.kind](check, value, settings)

const messageOf = (check: Check, { name, value }: Place, settings: FieldSettings | undefined): string | undefined => {
  if (check.kind === 'required') return value === undefined ? `Missing required property: ${name}` : undefined
  if (value === undefined) return undefined
  if (check.kind === 'absent') return `Additional properties not allowed: ${name}`
  return found(check, value, settings)
}

/**
 * What is wrong with a body, by the rules of its shape. `connection`: of its user; without one, rules that hold for some connections
 * only are left out.
 */
export function checkFields(
  rules: readonly Rule[],
  shape: Shape,
  body: unknown,
  connection?: Pick<Connection, 'options'>,
): readonly Violation[] {
  const settings = connection === undefined ? undefined : fieldSettings(connection)
  return compiledFor(rules, shape).flatMap(({ rule, steps }) => {
    if (rule.when !== undefined && !holds(rule.when, body, settings)) return []
    return placesAt(body, steps).flatMap((place) => {
      const message = messageOf(rule.check, place, settings)
      return message === undefined ? [] : [{ code: rule.code, path: place.path, message }]
    })
  })
}
