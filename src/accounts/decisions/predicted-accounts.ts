import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import type { PredictionReason } from '../predictions.ts'
import type { AccountReason } from '../reasons.ts'
import { HELD_BACK } from './held-back.ts'
import { isOpen, letsIn, noDevice, noName, pair, providersOf, reasonIn, resetsPassword } from './predicted-parts.ts'
import type { DecisionRules } from './rules.ts'

interface ChangingAccounts {
  readonly relations: Relations
  readonly rules: DecisionRules
}

const CLOSING = (Object.keys(HELD_BACK) as readonly AccountReason[]).filter((reason) => HELD_BACK[reason] === 'closes')

const closes = sql`reason ${reasonIn(CLOSING)} AND NOT is_deactivated AND NOT is_locked`

const fitsNoPassword = sql`
  (password_hash IS NULL OR octet_length(password_hash) <> 60 OR password_hash !~ '^[$]2[abxy][$][0-9][0-9][$]')`

/** What is different of the account itself: all of it in one pass. */
export const accountsThatChange = ({ relations, rules }: ChangingAccounts) => {
  const { asOf, keepsOut = [], shut, leaves } = rules
  // Synapse goes on deciding whom it lets in.
  const stays = leaves?.session === 'stays_in_synapse'
  const opens = (reason: PredictionReason, condition: RawBuilder<unknown>): RawBuilder<unknown> =>
    stays ? sql`NULL` : sql`CASE WHEN ${isOpen} AND ${condition} THEN ${pair('account opens', reason)} END`
  const expired = sql`mxid IN (
    SELECT v.user_id FROM ${relations.accountValidity} v WHERE v.expiration_ts_ms <= ${sql.lit(asOf)}
  )`
  return sql`
    SELECT mxid, ${noDevice}, split_part(change, '/', 1) AS what, split_part(change, '/', 2) AS reason, ${noName}
    FROM (
      SELECT
        mxid,
        unnest(array_remove(ARRAY[
          ${leaves?.password === undefined ? noNewLogin(rules) : sql`NULL`},
          ${shut?.passwords ? sql`CASE WHEN ${isOpen} AND NOT is_guest AND NOT ${fitsNoPassword} THEN ${pair('way in stops', 'passwords_off')} END` : sql`NULL`},
          ${opens('shadow_banned', sql`is_shadow_banned`)},
          ${keepsOut.includes('unapproved') ? opens('unapproved', sql`NOT is_approved`) : sql`NULL`},
          ${keepsOut.includes('expired') ? opens('expired', expired) : sql`NULL`},
          ${stays ? sql`NULL` : sql`CASE WHEN ${closes} THEN ${sql.lit('account closes/')}::text || reason END`}
        ], NULL)) AS change
      FROM account
    ) c`
}

/** Of an account with neither a password that will be taken nor an identity that lets it in, nor a way to a new password. */
const noNewLogin = (rules: DecisionRules): RawBuilder<unknown> => {
  const providers = providersOf(rules)
  const identified = (condition: RawBuilder<unknown>) =>
    sql`mxid IN (SELECT e.mxid FROM external_id e WHERE e.reason IS NULL AND e.mxid IS NOT NULL AND ${condition})`
  const ends = [
    ...(rules.shut?.passwords ? [sql`WHEN NOT ${fitsNoPassword} THEN ${pair('no new login', 'passwords_off')}`] : []),
    ...(providers.shut.length === 0
      ? []
      : [sql`WHEN ${identified(sql`true`)} THEN ${pair('no new login', 'provider_off')}`]),
    sql`WHEN password_hash IS NULL THEN ${pair('no new login', 'no_way_in')}`,
  ]
  return sql`
    CASE
      WHEN ${isOpen} AND NOT is_guest AND ${rules.shut?.passwords ? sql`true` : fitsNoPassword} AND NOT ${identified(letsIn(rules))}
        AND NOT ${resetsPassword(rules) ?? sql`false`}
      THEN CASE ${sql.join(ends, sql` `)} ELSE ${pair('no new login', 'password_does_not_fit')} END
    END`
}
