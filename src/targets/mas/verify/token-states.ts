import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { TokenState } from '../../sql-road.ts'
import type { MasDatabase } from '../mas-database.ts'

/**
 * What became of some access tokens at MAS.
 * @param digests the sha256 of each, hexadecimal: the tokens themselves go into no statement.
 */
export const tokenStates = async (
  database: MasDatabase,
  digests: readonly string[],
): Promise<ReadonlyMap<string, TokenState>> => {
  const schema = await database.schema()
  const client = await database.open('syn2op verify', 'read-only')
  try {
    const rows = await run<{ digest: string; state: TokenState }>(
      client,
      sql`
      SELECT
        d.digest,
        CASE
          WHEN t.compat_session_id IS NULL THEN 'missing'
          WHEN s.finished_at IS NOT NULL THEN 'session ended'
          WHEN t.expires_at <= now() THEN 'expired'
          ELSE 'active'
        END AS state
      FROM unnest(${digests}::text[]) d (digest)
      LEFT JOIN ${sql.id(schema, 'compat_access_tokens')} t
        ON encode(sha256(convert_to(t.access_token, 'UTF8')), 'hex') = d.digest
      LEFT JOIN ${sql.id(schema, 'compat_sessions')} s ON s.compat_session_id = t.compat_session_id
    `,
    )
    return new Map(rows.map(({ digest, state }) => [digest, state]))
  } finally {
    await client.end()
  }
}
