import { type RawBuilder, sql } from 'kysely'
import { ownerHash } from '../../../difference/owner.ts'
import type { DecidedSource } from '../../batch.ts'
import type { SyncedAccount } from './synced-account.ts'

export interface SynapseAccount extends Pick<SyncedAccount, 'mxid' | 'held'> {
  /** An exact number, as text. */
  readonly owner: string
}

/** Every account of the source that has a device or an e-mail, with its decisions about them, in the order of owners. */
export const synapseAccounts = ({ decisions }: Pick<DecidedSource, 'decisions'>): RawBuilder<SynapseAccount> => sql`
  WITH ${decisions}
  SELECT
    owner::text AS owner,
    mxid,
    held
  FROM (
    SELECT
      ${ownerHash(sql`mxid`)} AS owner,
      mxid,
      jsonb_agg(jsonb_build_object('what', what, 'name', name, 'reason', reason) ORDER BY what, name) AS held
    FROM (
      SELECT mxid, 'device' AS what, device_id AS name, reason FROM session WHERE NOT is_hidden
      UNION ALL
      SELECT mxid, 'email', address, reason FROM threepid WHERE medium = 'email'
    ) rows
    GROUP BY mxid
  ) accounts
  ORDER BY accounts.owner
`

/**
 * Every user of MAS with the devices and e-mails that it knows, in the order of owners. A client that came by OpenID
 * Connect names its device in its scope.
 * @param places.schema where the tables that are filled stand; `homeSchema`: where MAS's others do.
 */
export const knownToMas = (
  { schema, homeSchema }: { readonly schema: string; readonly homeSchema: string },
  serverName: string,
): RawBuilder<{ readonly owner: string } & SyncedAccount['atMas']> => {
  const mxid = sql`'@' || u.username || ${sql.lit(`:${serverName}`)}`
  return sql`
    SELECT
      owner::text AS owner,
      "activeDevices",
      "endedDevices",
      emails
    FROM (
      SELECT
        ${ownerHash(mxid)} AS owner,
        coalesce(d.active, '{}') AS "activeDevices",
        coalesce(d.ended, '{}') AS "endedDevices",
        coalesce(e.emails, '{}') AS emails
      FROM ${sql.id(schema, 'users')} u
      LEFT JOIN (
        SELECT
          user_id,
          array_agg(device_id) FILTER (WHERE finished_at IS NULL) AS active,
          array_agg(device_id) FILTER (WHERE finished_at IS NOT NULL) AS ended
        FROM (${deviceSessions(schema, homeSchema)}) sessions
        GROUP BY user_id
      ) d ON d.user_id = u.user_id
      LEFT JOIN (
        SELECT user_id, array_agg(email) AS emails FROM ${sql.id(schema, 'user_emails')} GROUP BY user_id
      ) e ON e.user_id = u.user_id
    ) users
    ORDER BY users.owner
  `
}

const deviceSessions = (schema: string, homeSchema: string): RawBuilder<unknown> => sql`
  SELECT user_id, device_id, finished_at
  FROM ${sql.id(schema, 'compat_sessions')}
  WHERE device_id IS NOT NULL
  UNION ALL
  SELECT s.user_id, substring(scope FROM ${sql.lit(DEVICE_SCOPE)}), s.finished_at
  FROM (
    SELECT user_id, scope_list, finished_at FROM ${sql.id(homeSchema, 'oauth2_sessions')}
    UNION ALL
    SELECT actor_user_id, scope_list, revoked_at FROM ${sql.id(homeSchema, 'personal_sessions')}
  ) s, unnest(s.scope_list) scope
  WHERE s.user_id IS NOT NULL AND scope ~ ${sql.lit(DEVICE_SCOPE)}
`

/** Source: MSC2967, in its stable form and the one of before. */
const DEVICE_SCOPE = '^urn:matrix:(?:org[.]matrix[.]msc2967[.])?client:device:(.+)$'
