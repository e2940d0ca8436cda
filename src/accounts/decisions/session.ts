import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import { when } from './account.ts'
import { leftCase, livePersonCases, ownerCases } from './owner.ts'
import type { DecisionRules } from './rules.ts'
import { clampMs } from './time.ts'

/**
 * Every device: mxid, device_id, display_name, last_seen_ms, ip, user_agent, is_hidden, is_admin and owner_ms (the account's),
 * created_ms (never NULL where the device is carried), reason.
 */
export const decidedSession = (relations: Relations, rules: Pick<DecisionRules, 'leaves'>): RawBuilder<unknown> => sql`
  SELECT
    d.user_id AS mxid,
    d.device_id,
    d.display_name,
    ${clampMs(sql`d.last_seen`)} AS last_seen_ms,
    d.ip,
    d.user_agent,
    d.hidden AS is_hidden,
    a.is_admin,
    a.owner_ms,
    ${sessionCreated(relations, sql`f.first_validated`)} AS created_ms,
    CASE
      ${ownerCases}
      ${leftCase(rules, 'session')}
      ${when(sql`d.hidden`, 'hidden_device')}
      ${livePersonCases}
    END AS reason
  FROM ${relations.devices} d
  LEFT JOIN account a ON a.mxid = d.user_id
  LEFT JOIN ${firstValidated(relations)} f ON f.user_id = d.user_id AND f.device_id = d.device_id
`

/**
 * Synapse keeps no creation time of a device: the oldest of its tokens' last validations, else the time its keys
 * were uploaded, else when it was last seen, else the account's creation. The keys are looked up one by one, since
 * their table is large (it holds the keys themselves) and few devices have no token.
 */
export const sessionCreated = (relations: Relations, firstValidation: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  coalesce(
    ${clampMs(firstValidation)},
    (
      SELECT ${clampMs(sql`k.ts_added_ms`)}
      FROM ${relations.deviceKeys} k
      WHERE k.user_id = d.user_id AND k.device_id = d.device_id
    ),
    ${clampMs(sql`d.last_seen`)},
    a.owner_ms
  )`

/**
 * Per device: the oldest validation of its own tokens. An administrator's puppet tokens are not its own.
 * @param which `of several tokens`: only devices that have more than one, for a join with the tokens themselves.
 */
export const firstValidated = (
  relations: Relations,
  which: 'all' | 'of several tokens' = 'all',
): RawBuilder<unknown> => sql`
  (
    SELECT x.user_id, x.device_id, min(x.last_validated) AS first_validated
    FROM ${relations.accessTokens} x
    WHERE x.puppets_user_id IS NULL AND x.device_id IS NOT NULL
    GROUP BY x.user_id, x.device_id
    ${which === 'all' ? sql`` : sql`HAVING count(*) > 1`}
  )`
