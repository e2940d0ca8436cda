import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import type { PredictedRow, PredictionReason } from '../predictions.ts'
import { accountsThatChange } from './predicted-accounts.ts'
import { among, isOpen, kind, noDevice, noName, providersOf, reasonIn } from './predicted-parts.ts'
import type { DecisionRules } from './rules.ts'

interface PredictedSource {
  readonly relations: Relations
  readonly rules: DecisionRules
  /** The named queries of `decisions`. */
  readonly decisions: RawBuilder<unknown>
  /** deletes: what stays behind of an account that migrates is deleted when the target next syncs it. */
  readonly sync: 'deletes' | 'keeps'
}

/**
 * All that will be different for people, in the order of their Matrix ids. Of what does not work today nothing is told: tokens that
 * have expired, those of accounts that do not exist. The planner takes most tests of a reason to leave next to nothing: over a
 * whole homeserver this is to be run without nested loops.
 */
export const predictedRows = ({ decisions, sync, ...source }: PredictedSource): RawBuilder<PredictedRow> => sql`
  WITH ${decisions}
  SELECT coalesce(mxid, '') AS mxid, device_id AS "deviceId", what, reason, name
  FROM (
    ${sql.join(
      [
        ...(source.rules.leaves?.session === undefined ? [loginsThatStop(source)] : []),
        accountsThatChange(source),
        waysInThatStop,
        ...identitiesShut(source),
        ...(sync === 'deletes' ? [devicesDeleted, emailsDeleted] : []),
      ],
      sql` UNION ALL `,
    )}
  ) p
  ORDER BY p.mxid COLLATE "C", p.what, p.device_id, p.name
`

/** Whose access tokens Synapse itself takes no more. Source: seen on Synapse 1.163.2, which looks the user up. */
const works = (asOf: number): RawBuilder<unknown> =>
  sql`reason IS DISTINCT FROM 'orphan' AND (expires_ms IS NULL OR expires_ms > ${sql.lit(asOf)})`

/**
 * Of refresh tokens those that Synapse would take today, though they are left; the reasons not named here are of such as it
 * refuses too.
 */
const refreshes = reasonIn([
  'account_held_back',
  'account_guest',
  'account_deactivated',
  'device_gone',
  'device_hidden',
  'refresh_token_mismatch',
])

/** Synapse refuses these ids when MAS names them. Source: seen on Synapse 1.163.2. */
const isRefused = sql`(device_id = '' OR length(device_id) > 255)`

/**
 * A login on a device stops when none of its tokens goes on. Each token of no device is a login of its own, and so is one by
 * which an administrator acts as somebody else. Of a locked account Synapse takes none today. A guest's token stands in no
 * table: Synapse makes it anew and looks up nothing, so it is told by its device.
 */
const loginsThatStop = ({ relations, rules: { asOf } }: Pick<PredictedSource, 'relations' | 'rules'>) => sql`
  SELECT
    l.mxid,
    l.device_id,
    CASE WHEN l.goes_on THEN 'token stops' ELSE 'login stops' END AS what,
    CASE WHEN l.reason = 'account_held_back' THEN coalesce(a.reason, l.reason) ELSE l.reason END AS reason,
    ${noName}
  FROM (
    SELECT mxid, device_id, bool_or(goes_on) AS goes_on, min(ends) AS reason
    FROM (
      SELECT
        mxid,
        device_id,
        CASE WHEN device_id IS NULL OR reason = 'puppet_token' THEN id END AS alone,
        reason IS NULL AND NOT ${isRefused} AS goes_on,
        CASE WHEN ${works(asOf)} THEN coalesce(reason, CASE WHEN ${isRefused} THEN 'device_refused' END) END AS ends
      FROM access_token
      UNION ALL
      SELECT
        mxid,
        device_id,
        NULL,
        reason IS NULL AND NOT ${isRefused},
        CASE WHEN reason ${refreshes} THEN reason WHEN reason IS NULL AND ${isRefused} THEN 'device_refused' END
      FROM refresh_token
      UNION ALL
      SELECT d.user_id, d.device_id, NULL, false, coalesce(g.reason, 'account_guest')
      FROM ${relations.devices} d
      JOIN account g ON g.mxid = d.user_id
      WHERE g.is_guest AND NOT d.hidden
    ) t
    GROUP BY mxid, device_id, alone
    HAVING min(ends) IS NOT NULL
  ) l
  LEFT JOIN account a ON a.mxid = l.mxid AND l.reason = 'account_held_back'
  WHERE NOT EXISTS (SELECT FROM ${relations.users} u WHERE u.name = l.mxid AND u.locked)`

/** A left-over of an earlier delegation never was a way in. */
const waysInThatStop = sql`
  SELECT e.mxid, ${noDevice}, ${kind('way in stops')}, e.reason, e.auth_provider AS name
  FROM external_id e
  WHERE e.reason ${reasonIn(['provider_not_configured', 'provider_left', 'too_long_for_index', 'duplicate_subject', 'one_per_provider'])}
    AND e.mxid IN (SELECT mxid FROM account WHERE ${isOpen} AND NOT is_guest)`

/** An identity whose provider is switched off at the target; one of an account that has no other way in is told all the same. */
const identitiesShut = ({ rules }: Pick<PredictedSource, 'rules'>): readonly RawBuilder<unknown>[] => {
  const { shut } = providersOf(rules)
  if (shut.length === 0) return []
  return [
    sql`
      SELECT e.mxid, ${noDevice}, ${kind('way in stops')}, ${sql.lit('provider_off' satisfies PredictionReason)}, e.auth_provider AS name
      FROM external_id e
      WHERE e.reason IS NULL AND e.auth_provider ${among(shut)}
        AND e.mxid IN (SELECT mxid FROM account WHERE ${isOpen} AND NOT is_guest)`,
  ]
}

/** Accounts that do not come to the target are never synced. Cross-signing keys stand among the devices and are none. */
const isSynced = sql`reason IS NOT NULL AND reason NOT IN ('orphan', 'account_held_back')`

const devicesDeleted = sql`
  SELECT mxid, device_id, ${kind('device is deleted')}, reason, ${noName}
  FROM session
  WHERE NOT is_hidden AND ${isSynced}`

const emailsDeleted = sql`
  SELECT mxid, ${noDevice}, ${kind('e-mail is deleted')}, reason, address AS name
  FROM threepid
  WHERE medium = 'email' AND ${isSynced}`
