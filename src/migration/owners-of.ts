import { sql } from 'kysely'
import type { Client } from 'pg'
import { ownerHash } from '../difference/owner.ts'
import { run } from '../postgres/statement.ts'

/** Accounts as AccountPrints name them. */
export const ownersOf = async (mxids: readonly string[], reader: Client): Promise<readonly string[]> => {
  if (mxids.length === 0) return []
  const owners = await run<{ owner: string }>(
    reader,
    sql`SELECT (${ownerHash(sql`mxid`)})::text AS owner FROM unnest(${[...mxids]}::text[]) mxid`,
  )
  return owners.map(({ owner }) => owner)
}
