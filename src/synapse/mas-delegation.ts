import type { Located, LocatedMap } from '../config/yaml/located.ts'
import type { Placed } from '../config/yaml/section.ts'
import type { ConflictWithMas, MasDelegation } from './homeserver.ts'
import { readNamedFile, type UnreadableFile } from './named-files.ts'
import { isEnabled, valueAt } from './yaml-truth.ts'

const KEY = 'matrix_authentication_service'

interface DelegationSection {
  readonly delegation?: MasDelegation
  readonly unreadable: readonly UnreadableFile[]
  /** Where what `secret_path` names is no file. */
  readonly conflicts: readonly ConflictWithMas[]
}

/** What has another type is no text; it is a conflict, and told as that. */
const textOf = (section: Located, key: string): Placed<string> | undefined => {
  const found = valueAt(section, key)
  return found?.kind === 'scalar' && typeof found.value === 'string' ? { value: found.value, at: found.at } : undefined
}

/**
 * Synapse's section for MAS, its secret from the file that `secret_path` names where it does, without the white space
 * around it. What is wrong in the section is no error: it is found among the conflicts. Tried with Synapse 1.163.2.
 */
export const readDelegation = async (root: LocatedMap): Promise<DelegationSection> => {
  const section = root.entries.get(KEY)
  if (section?.kind !== 'map') return { unreadable: [], conflicts: [] }
  const path = textOf(section, 'secret_path')
  const endpoint = textOf(section, 'endpoint')?.value
  const read = path === undefined || path.value === '' ? undefined : await readNamedFile(path, `${KEY}.secret_path`)
  const text = read !== undefined && 'text' in read ? read.text.trim() : undefined
  const secret = textOf(section, 'secret')?.value ?? text
  return {
    delegation: {
      enabled: isEnabled(section, 'disabled'),
      at: section.at,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(secret ? { secret } : {}),
    },
    unreadable: read !== undefined && 'unreadable' in read ? [read.unreadable] : [],
    conflicts:
      read !== undefined && 'unreadable' in read && read.isNoFile
        ? [
            {
              path: `${KEY}.secret_path`,
              at: section.keys.get('secret_path') ?? section.at,
              remedy: `secret_path: a file with the secret (under ${KEY}:); what it names now is none`,
            },
          ]
        : [],
  }
}
