import { type RawBuilder, sql } from 'kysely'
import type { SampledSource } from '../source-of-sample.ts'
import { tablesOf } from '../source-of-sample.ts'
import { ownerColumn } from '../tables.ts'
import { type Pick, picksOf } from './picks.ts'

/** A text's look: how long, and of what letters. */
const look = (text: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  CASE
    WHEN ${text} IS NULL THEN 'none'
    WHEN ${text} = '' THEN 'empty'
    ELSE concat_ws(' ',
      CASE WHEN length(${text}) > 255 THEN 'very long' WHEN length(${text}) > 64 THEN 'long' WHEN length(${text}) > 15 THEN 'middling' WHEN length(${text}) < 4 THEN 'short' END,
      CASE WHEN ${text} ~ '^[0-9]+$' THEN 'digits' END,
      CASE WHEN ${text} COLLATE "C" ~ '[A-Z]' THEN 'capitals' END,
      CASE WHEN ${text} COLLATE "C" ~ '[^ -~]' THEN 'letters beyond ASCII' END,
      CASE WHEN ${text} ~ '[[:space:]]' THEN 'blanks' END,
      CASE WHEN ${text} COLLATE "C" ~ '[^A-Za-z0-9[:space:]._=/+@:-]' AND ${text} COLLATE "C" ~ '[!-/:-@[-\`{-~]' THEN 'signs' END)
  END`

/** Its last figure alone: 1, 10, 100. */
const many = (count: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`CASE WHEN ${count} < 3 THEN ${count}::text WHEN ${count} < 10 THEN 'some' WHEN ${count} < 100 THEN 'tens' ELSE 'hundreds' END`

const time = (value: RawBuilder<unknown>, asOf: number): RawBuilder<unknown> => sql`
  CASE
    WHEN ${value} IS NULL THEN 'never' WHEN ${value} <= 0 THEN 'not a time' WHEN ${value} < 100000000000 THEN 'seconds'
    WHEN ${value} > 4000000000000 THEN 'far' WHEN ${value} <= ${sql.lit(asOf)} THEN 'past' ELSE 'to come'
  END`

const featured = ({ relations, asOf }: SampledSource): readonly RawBuilder<unknown>[] => [
  sql`SELECT name AS mxid, 'localpart ' || ${look(sql`split_part(substr(name, 2), ':', 1)`)} AS feature FROM ${relations.users} u`,
  sql`
    SELECT name AS mxid, format('account %s %s %s %s %s %s %s %s %s', admin, is_guest, deactivated, shadow_banned, approved, locked,
      suspended, coalesce(user_type, ''), password_hash IS NULL OR password_hash = '') AS feature
    FROM ${relations.users} u WHERE appservice_id IS NULL`,
  sql`SELECT name AS mxid, format('of %s %s', appservice_id, is_guest) AS feature FROM ${relations.users} u WHERE appservice_id IS NOT NULL`,
  sql`
    SELECT name AS mxid, format('hash %s %s', left(password_hash, 7), octet_length(password_hash)) AS feature
    FROM ${relations.users} u WHERE password_hash <> '' AND (octet_length(password_hash) = 60 OR left(password_hash, 1) <> '$')`,
  sql`SELECT name AS mxid, 'made ' || ${time(sql`creation_ts * 1000`, asOf)} AS feature FROM ${relations.users} u WHERE abs(creation_ts) < 9000000000000000`,
  sql`SELECT name AS mxid, 'made beyond' AS feature FROM ${relations.users} u WHERE abs(creation_ts) >= 9000000000000000`,
  sql`SELECT user_id AS mxid, format('%s %s', left(medium, 20), ${look(sql`address`)}) AS feature FROM ${relations.threepids} t`,
  sql`SELECT user_id AS mxid, format('added %s', ${time(sql`added_at`, asOf)}) AS feature FROM ${relations.threepids} t`,
  sql`SELECT user_id AS mxid, format('%s %s', auth_provider, ${look(sql`external_id`)}) AS feature FROM ${relations.externalIds} e`,
  sql`SELECT user_id AS mxid, format('device %s %s', hidden, ${look(sql`device_id`)}) AS feature FROM ${relations.devices} d`,
  sql`SELECT user_id AS mxid, format('seen %s', ${time(sql`last_seen`, asOf)}) AS feature FROM ${relations.devices} d`,
  sql`
    SELECT user_id AS mxid, 'address ' || CASE WHEN ip IS NULL THEN 'none' WHEN length(ip) < 4 THEN ip
      ELSE left(regexp_replace(regexp_replace(ip, '[0-9]+', '9', 'g'), '[a-f]', 'a', 'gi'), 12) END AS feature
    FROM ${relations.devices} d`,
  sql`
    SELECT user_id AS mxid, format('token %s %s %s %s %s %s', left(token, 4) IN ('syt_', 'syr_'), left(token, 3) = 'MDA', device_id IS NULL,
      refresh_token_id IS NULL, puppets_user_id IS NULL, used) AS feature
    FROM ${relations.accessTokens} t`,
  sql`SELECT user_id AS mxid, format('token %s %s', ${time(sql`valid_until_ms`, asOf)}, ${time(sql`last_validated`, asOf)}) AS feature FROM ${relations.accessTokens} t`,
  sql`SELECT user_id AS mxid, format('refresh %s %s %s', ${time(sql`expiry_ts`, asOf)}, ${time(sql`ultimate_session_expiry_ts`, asOf)}, next_token_id IS NULL) AS feature FROM ${relations.refreshTokens} r`,
  sql`SELECT user_id AS mxid, 'devices ' || ${many(sql`count(*)`)} AS feature FROM ${relations.devices} d GROUP BY user_id`,
  sql`SELECT user_id AS mxid, 'tokens ' || ${many(sql`count(*)`)} AS feature FROM ${relations.accessTokens} d GROUP BY user_id`,
  sql`SELECT user_id AS mxid, 'identities ' || ${many(sql`count(*)`)} AS feature FROM ${relations.externalIds} d GROUP BY user_id`,
  // What nobody may decide alone: who is called alike, and who shares an address or a subject.
  sql`
    SELECT u.name AS mxid, 'called alike' AS feature FROM ${relations.users} u
    JOIN (SELECT lower(name) AS lower FROM ${relations.users} x GROUP BY 1 HAVING count(*) > 1) t ON t.lower = lower(u.name)`,
  sql`
    SELECT u.user_id AS mxid, format('address shared %s', t.people > 1) AS feature FROM ${relations.threepids} u
    JOIN (SELECT lower(btrim(address)) AS lower, count(DISTINCT user_id) AS people FROM ${relations.threepids} x
      WHERE medium = 'email' GROUP BY 1 HAVING count(*) > 1) t ON t.lower = lower(btrim(u.address))
    WHERE u.medium = 'email'`,
  sql`
    SELECT u.user_id AS mxid, 'subject shared' AS feature FROM ${relations.externalIds} u
    JOIN (SELECT external_id FROM ${relations.externalIds} x GROUP BY 1 HAVING count(*) > 1) t USING (external_id)`,
]

/** In which tables somebody has rows, and whether there is an account to them. */
const present = (source: SampledSource): readonly RawBuilder<unknown>[] =>
  tablesOf(source).flatMap((table) => {
    const owner = ownerColumn(table)
    if (owner === undefined || table === 'users') return []
    const mxid =
      table === 'profiles' ? sql`'@' || t.user_id || ${sql.lit(`:${source.homeserver.serverName}`)}` : sql`t.user_id`
    return [
      sql`
        SELECT ${mxid} AS mxid,
          format('in %s %s', ${sql.lit(table)}, CASE WHEN u.name IS NOT NULL THEN 'of an account'
            WHEN ${mxid} LIKE ${sql.lit(`%:${source.homeserver.serverName}`)} THEN 'of nobody' ELSE 'of nobody here' END) AS feature
        FROM ${sql.id(source.catalogue.schema, table)} t
        LEFT JOIN ${source.relations.users} u ON u.name = ${mxid}`,
    ]
  })

/** Of every shape that an account, or a row of somebody's, can have, some accounts. */
export const picksByShape = async (source: SampledSource): Promise<readonly Pick[]> => {
  const found: Pick[] = []
  for (const query of [...featured(source), ...present(source)]) {
    found.push(...(await picksOf(source.reader, query, source.seed)))
  }
  return found
}
