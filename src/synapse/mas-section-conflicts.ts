import type { Located } from '../config/yaml/located.ts'
import type { ConflictWithMas } from './homeserver.ts'
import { isEnabled, isSwitchedOn, isTruthy, keyAt, valueAt } from './yaml-truth.ts'

const SECTION = 'matrix_authentication_service'
const UNDER = `under ${SECTION}:`

/** Both slashes, no white space around: Synapse does not mend an address. */
const isHttpUrl = (value: Located): boolean =>
  value.kind === 'scalar' &&
  typeof value.value === 'string' &&
  /^https?:\/\/\S+$/i.test(value.value) &&
  URL.canParse(value.value)

const isBoolean = (value: Located): boolean => value.kind === 'scalar' && typeof value.value === 'boolean'

/**
 * What Synapse refuses in its own section for MAS, each with its place and the line to write; a key that is there
 * without a value is refused too. That both `secret` and `secret_path` are given is an error of the file instead.
 * Tried on Synapse 1.163.2.
 */
export const masSectionConflicts = (root: Located): readonly ConflictWithMas[] => {
  const section = valueAt(root, SECTION)
  if (section?.kind !== 'map') return []
  const conflict = (key: string, remedy: string): ConflictWithMas => ({
    path: `${SECTION}.${key}`,
    // What is missing belongs into the section.
    at: section.keys.get(key) ?? keyAt(root, SECTION) ?? section.at,
    remedy,
  })
  const switches = ['enabled', 'force_http2'].flatMap((key): readonly ConflictWithMas[] => {
    const value = section.entries.get(key)
    if (value === undefined || isBoolean(value)) return []
    return [conflict(key, `${key}: ${isSwitchedOn(value)} (${UNDER}, without quotes)`)]
  })
  const endpoint = section.entries.get('endpoint')
  const address =
    endpoint === undefined || isHttpUrl(endpoint)
      ? []
      : [conflict('endpoint', `endpoint: the address of MAS, with http:// or https:// (${UNDER})`)]
  const hasSecret = ['secret', 'secret_path'].some((key) => isTruthy(section.entries.get(key)))
  const secret =
    hasSecret || !isEnabled(section, 'disabled')
      ? []
      : [conflict('secret', `secret: the secret that MAS has as matrix.secret (${UNDER})`)]
  return [...switches, ...address, ...secret]
}
