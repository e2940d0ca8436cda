import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { run } from '../../postgres/statement.ts'
import type { Fingerprints } from '../../report/plan-parts.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'

/**
 * Source: the homeserver, whichever of its databases is read: a replica and a restored copy are the same one. By its name and its
 * first account, which Synapse never deletes. Target: what it says of itself, else where it is.
 */
export const fingerprintsOf = async (
  { homeserver, mapping }: Pick<MigrationRequest, 'homeserver' | 'mapping'>,
  { scout, source, target, head }: Pick<Prepared, 'scout' | 'source' | 'target' | 'head'>,
): Promise<Fingerprints> => {
  const [first] = await run<{ name: string; created: string }>(
    scout,
    sql`
      SELECT name, creation_ts::text AS created
      FROM ${source.relations.users} u
      WHERE name IS NOT NULL AND creation_ts > 0
      ORDER BY creation_ts, name COLLATE "C"
      LIMIT 1
    `,
  )
  const { product, location } = head.target
  const identity = (await target.identity?.()) ?? [product, location]
  return {
    source: digest([homeserver.serverName, first?.name ?? '', first?.created ?? '']),
    target: digest([target.name, ...identity]),
    mapping: mapping.sha256,
  }
}

const digest = (parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')
