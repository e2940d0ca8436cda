import { type RawBuilder, sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { SampledSource } from '../source-of-sample.ts'

/** So many who share one address or subject are enough. */
const SHARING = 4

/** Once more for whom those bring along, and so on; a chain of tokens over more accounts is cut. */
const ROUNDS = 4

const listed = (mxids: readonly string[]): RawBuilder<unknown> => sql`${[...mxids]}::text[]`

/** Without whom what is decided about these accounts would be another decision. */
const companyQuery = (
  { relations: { users, threepids, externalIds, accessTokens, refreshTokens } }: SampledSource,
  mxids: readonly string[],
) => sql<{
  mxid: string | null
}>`
  WITH chosen AS (SELECT unnest(${listed(mxids)}) AS mxid)
  SELECT u.name AS mxid FROM ${users} u WHERE lower(u.name) IN (SELECT lower(mxid) FROM chosen)
  UNION
  SELECT s.user_id FROM (
    SELECT t.user_id, row_number() OVER (PARTITION BY lower(btrim(t.address)) ORDER BY t.user_id COLLATE "C") AS place
    FROM ${threepids} t
    WHERE t.medium = 'email' AND lower(btrim(t.address)) IN (
      SELECT lower(btrim(x.address)) FROM ${threepids} x JOIN chosen c ON c.mxid = x.user_id WHERE x.medium = 'email'
    )
  ) s WHERE s.place <= ${sql.lit(SHARING)}
  UNION
  SELECT s.user_id FROM (
    SELECT e.user_id, row_number() OVER (PARTITION BY e.external_id ORDER BY e.user_id COLLATE "C") AS place
    FROM ${externalIds} e
    WHERE e.external_id IN (SELECT x.external_id FROM ${externalIds} x JOIN chosen c ON c.mxid = x.user_id)
  ) s WHERE s.place <= ${sql.lit(SHARING)}
  UNION
  SELECT a.puppets_user_id FROM ${accessTokens} a JOIN chosen c ON c.mxid = a.user_id
  UNION
  SELECT r.user_id FROM ${accessTokens} a JOIN chosen c ON c.mxid = a.user_id JOIN ${refreshTokens} r ON r.id = a.refresh_token_id
  UNION
  SELECT a.user_id FROM ${refreshTokens} r JOIN chosen c ON c.mxid = r.user_id JOIN ${accessTokens} a ON a.refresh_token_id IN (r.id, r.next_token_id)
  UNION
  SELECT n.user_id FROM ${refreshTokens} r JOIN chosen c ON c.mxid = r.user_id JOIN ${refreshTokens} n ON n.id = r.next_token_id OR n.next_token_id = r.id
`

/** These accounts and all that belong together with them. */
export const withCompany = async (source: SampledSource, mxids: ReadonlySet<string>): Promise<ReadonlySet<string>> => {
  let all = mxids
  let added: readonly string[] = [...mxids]
  for (let round = 0; round < ROUNDS && added.length > 0; round++) {
    const found = await run(source.reader, companyQuery(source, added))
    added = found.flatMap(({ mxid }) => (mxid === null || all.has(mxid) ? [] : [mxid]))
    all = new Set([...all, ...added])
  }
  return all
}
