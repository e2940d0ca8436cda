import type { Relation } from '../../../accounts/relations.ts'
import { FINDINGS, finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import type { RelationCount } from '../../../report/documents.ts'
import type { TablespaceUse } from '../database/tablespaces.ts'

/**
 * Bytes that a row of each relation takes in MAS's table and its indexes.
 * Source: measured on PostgreSQL 18 with a load of 40,000 accounts, and a quarter added for longer names and addresses.
 */
const ROW_BYTES: Readonly<Record<Relation, number>> = {
  account: 300,
  password: 260,
  threepid: 360,
  external_id: 330,
  session: 395,
  access_token: 340,
  refresh_token: 360,
}

/** In syn2op's own schema, measured likewise: a print of every account that was read, and a line for every row written. */
const PRINT_BYTES = 95
const RECORD_BYTES = 100

/** Below this nobody has to look. */
const NOTEWORTHY_BYTES = 100_000_000

const TABLE_OF: Readonly<Record<Relation, string>> = {
  account: 'users',
  password: 'user_passwords',
  threepid: 'user_emails',
  external_id: 'upstream_oauth_links',
  session: 'compat_sessions',
  access_token: 'compat_access_tokens',
  refresh_token: 'compat_refresh_tokens',
}

/** How many bytes a load puts into each tablespace; the write-ahead log takes about as much again. */
export const bytesNeeded = (
  relations: readonly RelationCount[],
  { tables, record }: Pick<TablespaceUse, 'tables' | 'record'>,
): ReadonlyMap<string, number> => {
  const needed = new Map<string, number>()
  const add = (tablespace: string, bytes: number): void => {
    if (bytes > 0) needed.set(tablespace, (needed.get(tablespace) ?? 0) + bytes)
  }
  for (const { relation, read, carried } of relations) {
    add(tables.get(TABLE_OF[relation]) ?? record, carried * ROW_BYTES[relation])
    add(record, carried * RECORD_BYTES + (relation === 'account' ? read * PRINT_BYTES : 0))
  }
  return needed
}

/** PostgreSQL tells nobody how much room is left on its disks: only how much is needed can be said. */
export const checkDisk = (relations: readonly RelationCount[], use: TablespaceUse): readonly Finding[] => {
  const needed = [...bytesNeeded(relations, use)].toSorted(([, one], [, other]) => other - one)
  const total = needed.reduce((sum, [, bytes]) => sum + bytes, 0)
  if (total < NOTEWORTHY_BYTES) return []
  const places = needed.map(([tablespace, bytes]) => `about ${sizeOf(bytes)} in the tablespace ${tablespace}`)
  const folders = needed.flatMap(([tablespace]) => use.folders.get(tablespace) ?? [])
  return [
    finding('MAS_DISK_NEEDED', {
      message: `The run writes ${places.join(' and ')}, and until the next checkpoints up to as much again into the write-ahead log. How much is free cannot be asked of PostgreSQL.`,
      samples: needed.map(([tablespace, bytes]) => `${tablespace}: ${sizeOf(bytes)}`),
      remedy: [
        folders.length === 0
          ? FINDINGS.MAS_DISK_NEEDED.remedy
          : `On the machine of MAS's PostgreSQL server: df -h ${[...new Set(folders)].map((folder) => `'${folder.replaceAll("'", String.raw`'\''`)}'`).join(' ')}`,
      ],
    }),
  ]
}

const sizeOf = (bytes: number): string =>
  bytes < 1e9
    ? `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`
    : `${(bytes / 1e9).toLocaleString('en', { maximumFractionDigits: 1 })} GB`
