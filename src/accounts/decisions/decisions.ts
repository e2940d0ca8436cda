import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import { decidedAccount } from './account.ts'
import { decidedExternalId } from './external-id.ts'
import { leftCase } from './owner.ts'
import type { DecisionRules } from './rules.ts'
import { decidedSession } from './session.ts'
import { decidedThreepid } from './threepid.ts'
import { decidedAccessToken, decidedRefreshToken } from './token.ts'

/**
 * The one decision: every account and every row it owns, each with its `reason` (NULL: migrate, carry).
 * The audit counts these, the plan prints them, a load copies those without a reason. They are named queries, so
 * that a statement pays only for those it uses. NOT MATERIALIZED, so that they need no storage; the costly ones end in OFFSET 0,
 * which keeps the planner from pulling it apart and evaluating its expressions once for every place that names them,
 * and from guessing, by the test for a reason, that almost no row is left.
 * @returns the list of named queries that follows WITH: account, password, threepid, external_id, session,
 * access_token, refresh_token; and deviceless_token, those of access_token that name no device.
 */
export const decisions = (relations: Relations, rules: DecisionRules): RawBuilder<unknown> => sql`
  account AS NOT MATERIALIZED (${decidedAccount(relations, rules)} OFFSET 0),
  password AS NOT MATERIALIZED (${decidedPassword(rules)}),
  threepid AS NOT MATERIALIZED (${decidedThreepid(relations, rules)}),
  external_id AS NOT MATERIALIZED (${decidedExternalId(relations, rules)} OFFSET 0),
  session AS NOT MATERIALIZED (${decidedSession(relations, rules)} OFFSET 0),
  access_token AS NOT MATERIALIZED (${decidedAccessToken(relations, rules, 'all')}),
  deviceless_token AS NOT MATERIALIZED (${decidedAccessToken(relations, rules, 'of no device')}),
  refresh_token AS NOT MATERIALIZED (${decidedRefreshToken(relations, rules)})
`

/** A password is a row of its own in a target: NULL and '' are none. */
const decidedPassword = (rules: DecisionRules): RawBuilder<unknown> => sql`
  SELECT
    mxid,
    password_hash,
    owner_ms,
    CASE WHEN reason IS NOT NULL THEN 'account_held_back' ${leftCase(rules, 'password')} END AS reason
  FROM account
  WHERE password_hash IS NOT NULL
`
