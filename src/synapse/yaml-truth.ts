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

const YES = ['y', 'yes', 't', 'true', 'on', '1']

/** A switch that Synapse reads from its text, so that a quoted "true" counts as well. */
export const isSwitchedOn = (value: Located | undefined): boolean =>
  value?.kind === 'scalar' && YES.includes(String(value.value).toLowerCase())

/** A number of seconds or a duration such as `5m`, when it is more than none. */
export const isDuration = (value: Located | undefined): boolean =>
  value?.kind === 'scalar' && value.value !== null && !/^0*[a-z]?$/.test(String(value.value))
