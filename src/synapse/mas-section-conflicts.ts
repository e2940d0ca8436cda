import type { Located, LocatedMap } from '../config/yaml/located.ts'
import type { ConflictWithMas } from './homeserver.ts'
import { isEnabled, isPresent, isSwitchedOn, isTruthy, keyAt, valueAt } from './yaml-truth.ts'

const SECTION = 'matrix_authentication_service'
const UNDER = `under ${SECTION}:`

/** Both slashes, no white space around: Synapse does not mend an address. */
const isHttpUrl = (value: Located): boolean =>
  value.kind === 'scalar' &&
  typeof value.value === 'string' &&
  /^https?:\/\/[^\s/?#\\]\S*$/i.test(value.value) &&
  URL.canParse(value.value)

const isBoolean = (value: Located): boolean => value.kind === 'scalar' && typeof value.value === 'boolean'

const isText = (value: Located): boolean => value.kind === 'scalar' && typeof value.value === 'string'

const SECRET_OF_MAS = `secret: the secret that MAS has as matrix.secret (${UNDER})`

/**
 * What Synapse refuses in its own section for MAS, each with its place and the line to write; a key that is there
 * without a value is refused too. Whether there is a file at `secret_path` is looked at where it is read.
 * Tried on Synapse 1.163.2.
 */
export const masSectionConflicts = (root: Located): readonly ConflictWithMas[] => {
  const section = valueAt(root, SECTION)
  if (!isPresent(section)) return []
  if (section.kind !== 'map') {
    const remedy = `${SECTION}: a section, with enabled, endpoint and secret in the lines below it`
    return [{ path: SECTION, at: keyAt(root, SECTION) ?? section.at, remedy }]
  }
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
  return [...switches, ...address, ...secretConflicts(section, conflict)]
}

const secretConflicts = (
  section: LocatedMap,
  conflict: (key: string, remedy: string) => ConflictWithMas,
): readonly ConflictWithMas[] => {
  const [secret, path] = ['secret', 'secret_path'].map((key) => {
    const value = section.entries.get(key)
    return isPresent(value) ? value : undefined
  })
  const isEmptyPath = path?.kind === 'scalar' && path.value === ''
  const isNoSecret = secret !== undefined && !isText(secret)
  const wrong = [
    ...(isNoSecret
      ? [
          secret.kind === 'scalar'
            ? conflict('secret', `secret: the same between quotes (${UNDER}), since it has to be a text`)
            : conflict('secret', SECRET_OF_MAS),
        ]
      : []),
    ...(path !== undefined && (isEmptyPath || !isText(path))
      ? [conflict('secret_path', `secret_path: the path of a file with the secret, between quotes (${UNDER})`)]
      : []),
  ]
  if (wrong.length > 0 || !isEnabled(section, 'disabled')) return wrong
  if (isTruthy(secret) && isTruthy(path)) {
    return [conflict('secret_path', `keep one of secret and secret_path (${UNDER})`)]
  }
  return isTruthy(secret) || isTruthy(path) ? [] : [conflict('secret', SECRET_OF_MAS)]
}
