import type { ReadinessFault } from '../../report/readiness-document.ts'
import { hostKind } from '../this-machine.ts'
import { type Fault, type FaultArea, FIELD_RULES, type FieldRule } from './field-rules.ts'
import { type JsonObject, memberOf } from './reading.ts'

const SHOWN_LENGTH = 120

/** A value as it stood in the document, shortened. */
const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`
}

interface AreaFault {
  readonly area: FaultArea
  readonly fault: ReadinessFault
}

const areaOf = (rule: FieldRule, fault: Fault): FaultArea => {
  if (fault === 'scheme' || fault === 'query') return 'https'
  if (fault === 'value') return 'values'
  return rule.need
}

/** Element Web takes whatever is falsy for absent, where a field may be absent. */
const refusedBy = (rule: FieldRule, fault: Fault, value: unknown): ReadinessFault['breaks'] => {
  const clients = rule.breaks[fault] ?? []
  const absentToWeb = rule.need === 'optional' && !value
  return absentToWeb ? clients.filter((client) => client !== 'element-web') : clients
}

const faultOf = (rule: FieldRule, fault: Fault, what: string, value?: unknown): AreaFault => ({
  area: areaOf(rule, fault),
  fault: {
    field: rule.field,
    what,
    ...(value === undefined ? {} : { seen: shown(value) }),
    breaks: refusedBy(rule, fault, value),
  },
})

const urlFaults = (rule: FieldRule, value: unknown): readonly AreaFault[] => {
  if (typeof value !== 'string') return [faultOf(rule, 'type', 'is no string', value)]
  if (value === '') return [faultOf(rule, 'empty', 'is empty', value)]
  const url = URL.parse(value)
  if (url === null) return [faultOf(rule, 'relative', 'is no URL with scheme and host', value)]
  const faults: AreaFault[] = []
  if (url.protocol !== 'https:') {
    // MAS without a configuration calls itself by the address that it listens at.
    const what =
      hostKind(url) === 'other' ? `is ${url.protocol}// and has to be https://` : `is ${url.protocol}// on this machine`
    faults.push(faultOf(rule, 'scheme', what, value))
  }
  // Written by hand: URL drops a `?` or `#` with nothing behind it.
  if (rule.bare === true && /[?#]/u.test(value)) {
    faults.push(faultOf(rule, 'query', 'has a query or a fragment', value))
  }
  return faults
}

const listFaults = (rule: FieldRule, value: unknown): readonly AreaFault[] => {
  if (!Array.isArray(value)) return [faultOf(rule, 'type', 'is no list', value)]
  const lacking = (rule.values ?? []).filter((needed) => !value.includes(needed))
  const odd = value.some((item) => typeof item !== 'string')
  return [
    ...(odd ? [faultOf(rule, 'item', 'has something in it that is no string', value)] : []),
    ...(lacking.length > 0 ? [faultOf(rule, 'value', `has no ${lacking.join(' and no ')}`, value)] : []),
  ]
}

const ruleFaults = (rule: FieldRule, document: JsonObject): readonly AreaFault[] => {
  const value = memberOf(document, rule.field)
  if (value === undefined) return rule.need === 'required' ? [faultOf(rule, 'missing', 'is missing')] : []
  if (value === null) return [faultOf(rule, 'null', 'is null', value)]
  return rule.type === 'url' ? urlFaults(rule, value) : listFaults(rule, value)
}

/**
 * Everything that is wrong with the fields of a metadata document, in the order of the
 * specification, each with the clients that do not take the document because of it. Of one area where it is given.
 */
export const fieldFaults = (document: JsonObject, area?: FaultArea): readonly ReadinessFault[] =>
  FIELD_RULES.flatMap((rule) => ruleFaults(rule, document))
    .filter((found) => area === undefined || found.area === area)
    .map((found) => found.fault)
