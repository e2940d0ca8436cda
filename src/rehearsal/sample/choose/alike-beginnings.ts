import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { SampledSource } from '../source-of-sample.ts'

/** With so many accounts alike under one beginning, they are told as a bridge's. Source: the finding GHOSTS_SUSPECTED. */
const MANY = 20

/** So many beginnings are kept apart at most. */
const MOST = 2000

export interface AlikeBeginning {
  /** Of localparts, such as `_telegram_`. */
  readonly beginning: string
  /** Some of those who have it: enough to be told. */
  readonly mxids: readonly string[]
}

/** Beginnings by which accounts that nobody uses look like those of a bridge: they must look so when they are masked. */
export const alikeBeginnings = async ({
  reader,
  relations,
  homeserver: { serverName },
  seed,
}: SampledSource): Promise<readonly AlikeBeginning[]> =>
  run<AlikeBeginning>(
    reader,
    sql`
      SELECT beginning, (array_agg(name ORDER BY hashtextextended(name, ${sql.lit(String(seed))}::bigint)))[1:${sql.lit(MANY + 1)}] AS mxids
      FROM (
        SELECT u.name, substring(substr(u.name, 2, length(u.name) - ${sql.lit(serverName.length + 2)}) FROM '^(_[A-Za-z0-9-]+_?|[A-Za-z0-9]+[_-])') AS beginning
        FROM ${relations.users} u
        WHERE u.name LIKE ${sql.lit(`@%:${serverName.replaceAll(/[\\%_]/gu, String.raw`\$&`)}`)}
          AND u.appservice_id IS NULL AND coalesce(u.password_hash, '') = ''
          AND NOT EXISTS (SELECT FROM ${relations.externalIds} x WHERE x.user_id = u.name)
          AND NOT EXISTS (SELECT FROM ${relations.devices} x WHERE x.user_id = u.name AND NOT x.hidden)
      ) b
      WHERE beginning IS NOT NULL
      GROUP BY beginning
      HAVING count(*) >= ${sql.lit(MANY)} OR left(beginning, 1) = '_'
      ORDER BY count(*) DESC, beginning COLLATE "C"
      LIMIT ${sql.lit(MOST)}
    `,
  )
