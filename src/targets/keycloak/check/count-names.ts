import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import type { NameCounts, Named, UsernameRules } from './usernames.ts'

/** People: whoever else migrates is no more than a name that is kept. */
const people = sql`u.name LIKE '@%:%' AND coalesce(u.deactivated, 0) = 0 AND u.appservice_id IS NULL`

const localpart = sql`lower(substr(u.name, 2, strpos(u.name, ':') - 2))`

/** What Keycloak's validator username-prohibited-characters refuses, as tried on 26.7.3. */
const PROHIBITED = String.raw`[<>&"'\s$%!#?§,;:*~/\\|^=\[\]{}()${'`'}\x01-\x1F\x7F]`

/** As far as PostgreSQL can tell letters: what is beyond the scripts that Latin names are written in. */
const BEYOND_LATIN = String.raw`[^\x01-\u024F\u1E00-\u1EFF\u2000-\u2BFF]`

const refusedBy = ({ shortest, plainSigns, latinOnly }: UsernameRules): RawBuilder<unknown> => {
  const conditions = [
    sql`length(${localpart}) < ${sql.lit(shortest)}`,
    ...(plainSigns ? [sql`${localpart} ~ ${sql.lit(PROHIBITED)}`] : []),
    ...(latinOnly ? [sql`${localpart} ~ ${sql.lit(BEYOND_LATIN)}`] : []),
  ]
  return sql`(${sql.join(conditions, sql` OR `)})`
}

/** A name without an @ is no address: few are left to be looked up. */
const isAddress = sql`
  strpos(${localpart}, '@') > 0 AND EXISTS (
    SELECT FROM user_threepids t
    WHERE t.medium = 'email' AND lower(t.address) = ${localpart} AND t.user_id <> u.name
  )`

const countWhere = async (source: Client, condition: RawBuilder<unknown>): Promise<Named> => {
  const [found] = await run<{ readonly count: number; readonly samples: readonly string[] | null }>(
    source,
    sql`
      SELECT count(*)::double precision AS count, (array_agg(u.name ORDER BY u.name))[1:3] AS samples
      FROM users u WHERE ${people} AND ${condition}`,
  )
  return { count: found?.count ?? 0, samples: found?.samples ?? [] }
}

/** Reads Synapse's users, whose localparts are the usernames unless the mapping says otherwise. */
export const countNames = async (source: Client, rules: UsernameRules): Promise<NameCounts> => ({
  refused: await countWhere(source, refusedBy(rules)),
  addresses: await countWhere(source, isAddress),
})

/** How many people have no e-mail address. */
export const countWithoutEmail = async (source: Client): Promise<number> => {
  const { count } = await countWhere(
    source,
    sql`NOT EXISTS (SELECT FROM user_threepids t WHERE t.user_id = u.name AND t.medium = 'email')`,
  )
  return count
}
