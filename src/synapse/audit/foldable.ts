import { type RawBuilder, sql } from 'kysely'
import { decidedAccount } from '../../accounts/decisions/account.ts'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { decidedThreepid } from '../../accounts/decisions/threepid.ts'
import type { Relation, Relations } from '../relations.ts'

/** What somebody types to be found: a username without its server, or an e-mail address as it is stored. */
export interface TypedName {
  readonly mxid: string
  readonly text: string
}

/** Of the names or addresses of accounts that migrate. */
export interface TypedNames {
  /** Those that a folding may change: whatever is not lower-case ASCII. In the order of their bytes. */
  foldable(): RawBuilder<TypedName>
  /** Those of these texts that somebody has and that no folding changes: found over an index, not by a scan. */
  plain(texts: readonly string[]): RawBuilder<TypedName>
}

/** Capitals, whatever is beyond ASCII, and spaces for targets that take them away: all but the other signs of ASCII. */
const FOLDABLE = '[^!-@[-~]'

const isFoldable = (text: RawBuilder<unknown>): RawBuilder<unknown> => sql`${text} COLLATE "C" ~ ${sql.lit(FOLDABLE)}`

const restricted = (relation: Relation, condition: RawBuilder<unknown>): Relation =>
  sql`(SELECT x.* FROM ${relation} x WHERE ${condition})`

export const usernames = (relations: Relations, rules: DecisionRules): TypedNames => {
  const found = (users: Relation, which: RawBuilder<unknown>): RawBuilder<TypedName> => sql`
    SELECT a.mxid, a.localpart AS text
    FROM (${decidedAccount({ ...relations, users }, rules)} OFFSET 0) a
    WHERE a.reason IS NULL AND ${which}
    ORDER BY a.mxid COLLATE "C"
  `
  const changes = isFoldable(sql`a.localpart`)
  return {
    foldable: () => found(restricted(relations.users, isFoldable(sql`x.name`)), changes),
    plain: (texts) => {
      const names = texts.map((text) => `@${text}:${rules.serverName}`)
      return found(restricted(relations.users, sql`x.name = ANY(${names}::text[])`), sql`NOT (${changes})`)
    },
  }
}

export const emails = (relations: Relations, rules: DecisionRules): TypedNames => {
  const found = (condition: RawBuilder<unknown>): RawBuilder<TypedName> => {
    const asked = sql`x.medium = 'email' AND ${condition}`
    const matching = restricted(relations.threepids, asked)
    // Which one is the primary address is told by all of them.
    const threepids =
      rules.emails?.others === 'leave'
        ? restricted(relations.threepids, sql`x.user_id IN (SELECT t.user_id FROM ${matching} t)`)
        : matching
    const users = restricted(relations.users, sql`x.name IN (SELECT t.user_id FROM ${matching} t)`)
    return sql`
      WITH account AS NOT MATERIALIZED (${decidedAccount({ ...relations, users }, rules)} OFFSET 0)
      SELECT x.mxid, x.address AS text
      FROM (${decidedThreepid({ ...relations, threepids }, rules)}) x
      WHERE x.reason IS NULL AND ${asked}
      ORDER BY x.address COLLATE "C", x.mxid COLLATE "C"
    `
  }
  const changes = isFoldable(sql`x.address`)
  return {
    foldable: () => found(changes),
    plain: (texts) => found(sql`x.address = ANY(${[...texts]}::text[]) AND NOT (${changes})`),
  }
}
