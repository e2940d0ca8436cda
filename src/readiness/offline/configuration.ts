import type { ReadinessConfiguration, ReadinessConflict } from '../../report/readiness-document.ts'
import type { ConflictWithMas, HomeserverConfig } from '../../synapse/homeserver.ts'

/** What of a homeserver's configuration is about logins; nothing of it is asked of a server. */
export const configurationOf = ({
  files,
  serverName,
  delegation,
  conflictsWithMas,
  unreadable,
}: Pick<
  HomeserverConfig,
  'files' | 'serverName' | 'delegation' | 'conflictsWithMas' | 'unreadable'
>): ReadinessConfiguration => ({
  files,
  serverName,
  delegation: delegation === undefined ? 'absent' : delegation.enabled ? 'on' : 'off',
  conflicts: conflictsWithMas.map(conflict).toSorted(byPlace(files)),
  unreadable: unreadable
    // Where it is in the way, nothing about it is unknown.
    .filter(({ key }) => !conflictsWithMas.some(({ path }) => path === key))
    .map(({ file, key, why }) => `${file} (${key}): ${why}`),
})

const conflict = ({ path, at, remedy }: ConflictWithMas): ReadinessConflict => ({
  path,
  file: at.file,
  line: at.line,
  change: remedy,
})

/** As they are come across by who goes through the files. */
const byPlace =
  (files: readonly string[]) =>
  (one: ReadinessConflict, other: ReadinessConflict): number =>
    files.indexOf(one.file) - files.indexOf(other.file) || (one.line ?? 0) - (other.line ?? 0)
