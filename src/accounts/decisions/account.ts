import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import type { ReasonCode } from '../reasons.ts'
import { type DecisionRules, NAMELESS } from './rules.ts'
import { clampMs, clampSeconds } from './time.ts'

/**
 * Every account with its decision: `reason` NULL means migrate, else the code of why it is held back.
 * Columns: mxid, localpart, password_hash ('' is NULL), owner_ms (its creation, never NULL), is_admin, is_guest,
 * is_deactivated, is_locked, is_shadow_banned, is_approved, reason.
 */
export const decidedAccount = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => {
  const suffix = `:${rules.serverName}`
  return sql`
    SELECT
      u.name AS mxid,
      substr(u.name, 2, greatest(length(u.name) - ${sql.lit(1 + [...suffix].length)}, 0)) AS localpart,
      nullif(u.password_hash, '') AS password_hash,
      coalesce(${clampSeconds(sql`u.creation_ts`)}, ${oldestTimeKnown(relations)}, 0) AS owner_ms,
      u.admin AS is_admin,
      u.is_guest,
      u.deactivated AS is_deactivated,
      u.locked AS is_locked,
      u.shadow_banned AS is_shadow_banned,
      u.approved AS is_approved,
      ${accountReason(relations, rules, suffix)} AS reason
    FROM ${relations.users} u
  `
}

/**
 * For the few accounts without a creation time: the oldest time that anything of theirs has.
 * Correlated on purpose: it runs for those accounts only, over indexes that every Synapse has.
 */
const oldestTimeKnown = ({ deviceKeys, beyond, ...own }: Relations): RawBuilder<unknown> => {
  const { threepids, devices, accessTokens } = beyond?.whole ?? own
  return sql`
  (
    SELECT ${clampMs(sql`min(known.ms)`)}
    FROM (
      SELECT min(added_at) AS ms FROM ${threepids} x WHERE x.user_id = u.name
      UNION ALL SELECT min(last_seen) FROM ${devices} x WHERE x.user_id = u.name
      UNION ALL SELECT min(last_validated) FROM ${accessTokens} x WHERE x.user_id = u.name
      UNION ALL SELECT min(ts_added_ms) FROM ${deviceKeys} x WHERE x.user_id = u.name
    ) known
  )`
}

const accountReason = (relations: Relations, rules: DecisionRules, suffix: string): RawBuilder<unknown> => {
  const length = sql.lit([...suffix].length)
  const chosen = chosenReasons(relations, rules)
  return sql`
    CASE
      WHEN ${isPlain(suffix)} THEN ${chosen.length === 0 ? sql`NULL` : sql`CASE ${sql.join(chosen, sql` `)} END`}
      ${when(sql`u.name IS NULL OR left(u.name, 1) <> '@' OR strpos(u.name, ':') < 3`, 'malformed_mxid')}
      ${when(sql`u.appservice_id IS NOT NULL`, 'appservice_user')}
      ${when(sql`right(u.name, ${length}) <> ${sql.lit(suffix)}`, 'foreign_server_name')}
      ${when(sql`strpos(u.name, ':') <= length(u.name) - ${length}`, 'localpart_with_colon')}
      ${sql.join(chosen, sql` `)}
    END`
}

/**
 * The ordinary account, told by tests that do not count characters: by far the most accounts, and the decision is made
 * for each in every statement. Whatever is not plain, such as a name with letters beyond ASCII, goes the long way.
 */
const isPlain = (suffix: string): RawBuilder<unknown> => {
  const pattern = `@_%${suffix.replaceAll(/[\\%_]/gu, String.raw`\$&`)}`
  return sql`u.appservice_id IS NULL
    AND u.name LIKE ${sql.lit(pattern)}
    AND strpos(u.name, ':') > octet_length(u.name) - ${sql.lit(Buffer.byteLength(suffix))}`
}

/** Reasons that the mapping gives. */
const chosenReasons = (relations: Relations, rules: DecisionRules): readonly RawBuilder<unknown>[] => [
  ...rules.ghosts.map((pattern) => when(sql`u.name ~ ${sql.lit(pattern)}`, 'ghost_namespace')),
  ...(rules.accounts.guests === 'hold_back' ? [when(sql`u.is_guest`, 'guest')] : []),
  ...(rules.accounts.deactivated === 'hold_back' ? [when(sql`u.deactivated`, 'deactivated')] : []),
  ...(rules.accounts.locked === 'hold_back' ? [when(sql`u.locked`, 'locked')] : []),
  ...(rules.accounts.withoutLogin === 'hold_back' ? [when(hasNoLogin(relations, rules), 'no_login')] : []),
  ...(rules.accounts.bots === 'hold_back' ? [when(isBot(rules), 'bot')] : []),
  ...NAMELESS.flatMap((reason) => {
    const named = rules.nameless?.filter((one) => one.reason === reason).map(({ mxid }) => mxid) ?? []
    return named.length === 0 ? [] : [when(isAmong(sql`u.name`, named), reason)]
  }),
]

const isBot = ({ bots = [] }: DecisionRules): RawBuilder<unknown> => {
  const isMarked = sql`u.user_type IN ('bot', 'support')`
  return bots.length === 0 ? isMarked : sql`${isMarked} OR ${isAmong(sql`u.name`, bots)}`
}

/** One literal for the whole list, made into a table of hashes once per statement: a name may hold any character. */
const isAmong = (value: RawBuilder<unknown>, names: readonly string[]): RawBuilder<unknown> =>
  sql`${value} IN (SELECT jsonb_array_elements_text(${sql.lit(JSON.stringify(names))}::jsonb))`

/** Of an account `u`: neither a password nor an SSO identity that the target will know. */
export const hasNoLogin = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => {
  const carried = rules.providers.filter(({ target }) => target !== 'leave')
  const noPassword = sql`coalesce(u.password_hash, '') = ''`
  if (carried.length === 0) return noPassword
  return sql`${noPassword} AND NOT EXISTS (
    SELECT FROM ${(relations.beyond?.whole ?? relations).externalIds} e
    WHERE e.user_id = u.name
      AND e.auth_provider IN (${sql.join(carried.map(({ authProvider }) => sql.lit(authProvider)))})
  )`
}

/** One arm of a CASE that yields a reason code. */
export const when = (condition: RawBuilder<unknown>, reason: ReasonCode): RawBuilder<unknown> =>
  sql`WHEN ${condition} THEN ${sql.lit(reason)}`
