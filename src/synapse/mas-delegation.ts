import type { LocatedMap } from '../config/yaml/located.ts'
import { sectionOver } from '../config/yaml/section.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { MasDelegation } from './homeserver.ts'
import { readNamedFile, type UnreadableFile } from './named-files.ts'
import { isEnabled, valueAt } from './yaml-truth.ts'

const KEY = 'matrix_authentication_service'

interface DelegationSection {
  readonly delegation?: MasDelegation
  readonly unreadable: readonly UnreadableFile[]
}

/**
 * Synapse's section for MAS, its secret from the file that `secret_path` names where it does, without the white space
 * around it. What is wrong is pushed onto `problems`. Tried with Synapse 1.163.2.
 */
export const readDelegation = async (root: LocatedMap, problems: Problem[]): Promise<DelegationSection> => {
  const section = sectionOver(root, '', problems).section(KEY)
  if (section.at === undefined) return { unreadable: [] }
  const secret = section.text('secret')
  const path = section.text('secret_path')
  const endpoint = section.text('endpoint')?.value
  const enabled = isEnabled(valueAt(root, KEY), 'disabled')
  if (enabled && secret !== undefined && path !== undefined) {
    section.problem(`\`${KEY}\` has both \`secret\` and \`secret_path\``, {
      key: 'secret_path',
      remedy: 'Keep one of them: Synapse refuses both.',
    })
  }
  const read = path === undefined ? undefined : await readNamedFile(path, `${KEY}.secret_path`)
  const found = secret?.value ?? (read !== undefined && 'text' in read ? read.text.trim() : undefined)
  return {
    delegation: {
      enabled,
      at: section.at,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(found ? { secret: found } : {}),
    },
    unreadable: read !== undefined && 'unreadable' in read ? [read.unreadable] : [],
  }
}
