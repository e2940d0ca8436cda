import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from '../../difference/owner.ts'
import type { CohortMatch, CohortRule, TimeRange } from '../../mapping/mapping.ts'
import type { Relations } from '../../synapse/relations.ts'
import { clampSeconds } from './time.ts'

/**
 * Every account that has a name, once, with its cohort: mxid (text), owner (bigint), cohort (smallint, the position of
 * the first rule that it meets; `cohorts.length` for the rest). Held back or not: decisions do not depend on it. OFFSET 0
 * keeps the planner from pulling it apart: what is looked up would be looked up again for every use.
 */
export const cohortMembers = (cohorts: readonly CohortRule[], relations: Relations): RawBuilder<unknown> => {
  const rest = sql.lit(cohorts.length)
  const arms = cohorts.map(({ match }, position) => sql`WHEN ${meets(match, position)} THEN ${sql.lit(position)}`)
  return sql`
    SELECT
      u.name AS mxid,
      ${ownerHash(sql`u.name`)} AS owner,
      (${arms.length === 0 ? rest : sql`CASE ${sql.join(arms, sql` `)} ELSE ${rest} END`})::smallint AS cohort
    FROM ${accounts(relations)}
    ${joins(cohorts, relations)}
    OFFSET 0
  `
}

/** With what several rules ask, worked out once. */
const accounts = ({ users }: Relations): RawBuilder<unknown> => sql`
  (
    SELECT x.name, x.admin, x.creation_ts, ${localpartOf(sql`x.name`)} AS localpart, ${SHARE} AS share
    FROM ${users} x
    WHERE x.name IS NOT NULL
    OFFSET 0
  ) u`

/**
 * What the rules look at beyond the account's own row, one row per account: joined and not asked account by account,
 * so that no size of the tables makes the statement slow.
 */
const joins = (cohorts: readonly CohortRule[], relations: Relations): RawBuilder<unknown> => {
  const domains = columns(cohorts, (match) => match.emailDomains, sql`x.domain`)
  const providers = columns(cohorts, (match) => match.providers, sql`x.auth_provider`)
  const isSeenAsked = cohorts.some(({ match }) => match.lastSeen !== undefined)
  return sql.join(
    [
      ...(domains.length === 0 ? [] : [joined('emails', emails(relations), domains)]),
      ...(providers.length === 0 ? [] : [joined('identities', relations.externalIds, providers)]),
      ...(isSeenAsked ? [joined('seen', shownDevices(relations), [sql`max(x.last_seen) AS at`])] : []),
    ],
    sql` `,
  )
}

/** Domains are folded by ASCII only, as every server does it alike. */
const emails = ({ threepids }: Relations): RawBuilder<unknown> => sql`
  (
    SELECT t.user_id, lower(split_part(btrim(t.address), '@', -1) COLLATE "C") AS domain
    FROM ${threepids} t
    WHERE t.medium = 'email' AND strpos(t.address, '@') > 0
    OFFSET 0
  )`

const shownDevices = ({ devices }: Relations): RawBuilder<unknown> =>
  sql`(SELECT * FROM ${devices} d WHERE NOT d.hidden)`

const joined = (
  name: string,
  rows: RawBuilder<unknown>,
  selected: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> => sql`
  LEFT JOIN (
    SELECT x.user_id, ${sql.join(selected)} FROM ${rows} x GROUP BY x.user_id
  ) ${sql.id(name)} ON ${sql.id(name)}.user_id = u.name`

/** For each rule that asks for one of some values, whether any row of the account has one. */
const columns = (
  cohorts: readonly CohortRule[],
  values: (match: CohortMatch) => readonly string[] | undefined,
  value: RawBuilder<unknown>,
): readonly RawBuilder<unknown>[] =>
  cohorts.flatMap(({ match }, position) => {
    const wanted = values(match)
    return wanted === undefined ? [] : [sql`bool_or(${isAmong(value, wanted)}) AS ${sql.id(columnOf(position))}`]
  })

const columnOf = (position: number): string => `c${position}`

const meets = (match: CohortMatch, position: number): RawBuilder<unknown> => {
  const column = sql.id(columnOf(position))
  const conditions = [
    ...(match.localparts === undefined ? [] : [anyOf(match.localparts.map((one) => sql`u.localpart ~ ${whole(one)}`))]),
    ...(match.emailDomains === undefined ? [] : [sql`emails.${column}`]),
    ...(match.providers === undefined ? [] : [sql`identities.${column}`]),
    ...(match.lastSeen === undefined ? [] : within(sql`seen.at`, match.lastSeen)),
    ...(match.created === undefined ? [] : within(clampSeconds(sql`u.creation_ts`), match.created)),
    ...(match.admin === undefined ? [] : [match.admin ? sql`u.admin` : sql`NOT u.admin`]),
    ...(match.mxids === undefined ? [] : [isListed(match.mxids)]),
    ...(match.percent === undefined ? [] : [sql`u.share < ${sql.lit(Math.round((match.percent / 100) * SHARES))}`]),
  ]
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `)
}

const anyOf = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` OR `)})`

/** As Synapse cuts a user id: at its first colon. NULL in what is no user id. */
export const localpartOf = (mxid: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`CASE WHEN ${mxid} LIKE '@%:%' THEN substr(split_part(${mxid}, ':', 1), 2) END`

const whole = (pattern: string): RawBuilder<unknown> => sql.lit(wholePattern(pattern))

/** A pattern that must match all of a text. */
export const wholePattern = (pattern: string): string => `^(?:${pattern})$`

/** A time that is not known is before every other one. */
const within = (time: RawBuilder<unknown>, { after, before }: TimeRange): readonly RawBuilder<unknown>[] => [
  ...(after === undefined ? [] : [sql`(${time}) >= ${sql.lit(after)}`]),
  ...(before === undefined ? [] : [sql`coalesce((${time}) < ${sql.lit(before)}, true)`]),
]

const isListed = (names: readonly string[]): RawBuilder<unknown> => {
  const mxids = names.filter((name) => name.startsWith('@'))
  const localparts = names.filter((name) => !name.startsWith('@'))
  return anyOf([
    ...(mxids.length === 0 ? [] : [isAmong(sql`u.name`, mxids)]),
    ...(localparts.length === 0 ? [] : [isAmong(sql`u.localpart`, localparts)]),
  ])
}

/** One literal for the whole list, which PostgreSQL looks through by hashes, however long it is. */
const isAmong = (value: RawBuilder<unknown>, list: readonly string[]): RawBuilder<unknown> =>
  sql`${value} = ANY (${textArray(list)})`

export const textArray = (list: readonly string[]): RawBuilder<unknown> =>
  sql`string_to_array(${sql.lit(list.join(SEPARATOR))}, ${sql.lit(SEPARATOR)})`

/** A control character that no name has: the mapping refuses them. */
const SEPARATOR = '\u001f'

/**
 * Where an account stands among all, 0 to 2³² − 1: of its Matrix id alone, by a hash that no version of
 * PostgreSQL and no server changes. A smaller share is a part of every larger one.
 */
const SHARE = sql`('x' || left(encode(sha256(convert_to(x.name, 'UTF8')), 'hex'), 8))::bit(32)::bigint`

const SHARES = 2 ** 32
