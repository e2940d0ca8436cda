import { type FieldSettings, fieldSettings, hasSetting } from '../connection-settings.ts'
import type { Check, Condition, FieldRule, Rule, Shape } from '../rules/rule.ts'
import type { Connection } from '../tenant.ts'
import { FINDINGS } from './findings.ts'
import { type Place, placesAt } from './places.ts'

export interface Violation {
  /** As the rule says. */
  readonly code: string
  /** Of the field, such as `mfa_factors[0].phone.value`; empty: the body itself. */
  readonly path: string
  /** In the words of the validator, without the path. */
  readonly message: string
}

// A row of an import is checked against some hundred rules: those of its shape are looked up once.
const known = new WeakMap<readonly Rule[], Map<Shape, readonly FieldRule[]>>()

const rulesOf = (rules: readonly Rule[], shape: Shape): readonly FieldRule[] => {
  const shapes = known.get(rules) ?? new Map<Shape, readonly FieldRule[]>()
  known.set(rules, shapes)
  const those = shapes.get(shape) ?? rules.flatMap(({ field }) => (field?.of === shape ? [field] : []))
  shapes.set(shape, those)
  return those
}

/** A body whose places are looked up once, however many rules are about them. */
const openBody = (body: unknown): ((path: string) => readonly Place[]) => {
  const looked = new Map<string, readonly Place[]>()
  return (path) => {
    const places = looked.get(path) ?? placesAt(body, path)
    looked.set(path, places)
    return places
  }
}

const holds = (
  condition: Condition,
  at: (path: string) => readonly Place[],
  settings: FieldSettings | undefined,
): boolean => {
  if (condition.kind === 'connection') return settings !== undefined && hasSetting(settings, condition.setting)
  const places = at(condition.path)
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
  const at = openBody(body)
  return rulesOf(rules, shape).flatMap(({ path, check, code, when }) => {
    const violations = at(path).flatMap((place) => {
      const message = messageOf(check, place, settings)
      return message === undefined ? [] : [{ code, path: place.path, message }]
    })
    return violations.length === 0 || (when !== undefined && !holds(when, at, settings)) ? [] : violations
  })
}
