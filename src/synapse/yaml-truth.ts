import type { Located, Place } from '../config/yaml/located.ts'

/** The value under a dotted path, undefined where something on the way is no map. */
export const valueAt = (root: Located, path: string): Located | undefined =>
  path
    .split('.')
    .reduce<Located | undefined>((value, key) => (value?.kind === 'map' ? value.entries.get(key) : undefined), root)

/** Where the key under a dotted path stands, undefined where there is none. */
export const keyAt = (root: Located, path: string): Place | undefined => {
  const end = path.lastIndexOf('.')
  const parent = end === -1 ? root : valueAt(root, path.slice(0, end))
  return parent?.kind === 'map' ? parent.keys.get(path.slice(end + 1)) : undefined
}

export const isPresent = (value: Located | undefined): value is Located =>
  value !== undefined && !(value.kind === 'scalar' && value.value === null)

/** Whether Python would take the value as true: Synapse tests most settings so, whatever their type. */
export const isTruthy = (value: Located | undefined): boolean => {
  if (!isPresent(value)) return false
  if (value.kind === 'map') return value.entries.size > 0
  if (value.kind === 'list') return value.items.length > 0
  return Boolean(value.value)
}

/** An `enabled` of a section: its truth, or the default when the key is absent. A key that is null is not absent. */
export const isEnabled = (section: Located | undefined, byDefault: 'enabled' | 'disabled'): boolean => {
  if (section?.kind !== 'map' || section.entries.size === 0) return false
  const enabled = section.entries.get('enabled')
  return enabled === undefined ? byDefault === 'enabled' : isTruthy(enabled)
}

/** Whether something other than an empty value stands where a map must: Synapse ends at it. */
export const isNoMap = (value: Located | undefined): boolean => isTruthy(value) && value?.kind !== 'map'

const YES = ['y', 'yes', 't', 'true', 'on', '1']

/** A switch that Synapse reads from its text, so that a quoted "true" counts as well. */
export const isSwitchedOn = (value: Located | undefined): boolean =>
  value?.kind === 'scalar' && YES.includes(String(value.value).toLowerCase())

const NO = ['n', 'no', 'f', 'false', 'off', '0']

/** Whether a switch is there whose text is neither yes nor no, such as an empty one: Synapse ends at it. */
export const isNoSwitch = (value: Located | undefined): boolean =>
  value !== undefined &&
  !isSwitchedOn(value) &&
  !(value.kind === 'scalar' && NO.includes(String(value.value).toLowerCase()))

/** What Synapse reads as a duration: a whole number of milliseconds, or a text such as `5m`. */
const DURATION = /^\s*[+-]?\d+(?:\s*[smhdwy])?$/

/** Whether something is there that is no duration: Synapse ends at it. */
export const isNoDuration = (value: Located | undefined): boolean => {
  if (!isPresent(value)) return false
  if (value.kind !== 'scalar' || typeof value.value === 'boolean') return true
  return !DURATION.test(String(value.value))
}

/** Whether it is a duration of more than none, or none that Synapse can read. */
export const isDuration = (value: Located | undefined): boolean =>
  isNoDuration(value) || (value?.kind === 'scalar' && /[1-9]/.test(String(value.value)))
