import { sql } from 'kysely'
import type { TableShape } from '../../../difference/table-shape.ts'
import { accessTokenId, devicelessSessionId, type MasRowsContext, sessionId, statement, userIdOf } from './context.ts'
import { ulid } from './identifiers.ts'
import { address, timestamp } from './shapes.ts'

/**
 * One session per device, with or without a token: MAS makes Synapse delete every device that it does not know.
 * And one per access token that names no device.
 */
export const compatSessions = (context: MasRowsContext): TableShape => ({
  table: 'compat_sessions',
  relation: 'session',
  key: ['user_id', 'device_id'],
  columns: [
    { name: 'compat_session_id' },
    { name: 'user_id' },
    { name: 'device_id' },
    { name: 'created_at' },
    { name: 'finished_at' },
    { name: 'is_synapse_admin' },
    { name: 'last_active_at' },
    { name: 'last_active_ip' },
    { name: 'user_session_id' },
    { name: 'user_agent' },
    { name: 'human_name' },
  ],
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${sessionId(context, sql`mxid`, sql`device_id`, sql`created_ms`)} AS compat_session_id,
        ${userIdOf(context)} AS user_id,
        device_id,
        ${timestamp(sql`created_ms`)} AS created_at,
        NULL::bigint AS finished_at,
        is_admin AS is_synapse_admin,
        ${timestamp(sql`last_seen_ms`)} AS last_active_at,
        ${address(sql`ip`)} AS last_active_ip,
        NULL::bytea AS user_session_id,
        user_agent,
        display_name AS human_name
      FROM session
      WHERE reason IS NULL

      UNION ALL

      SELECT
        mxid,
        ${devicelessSessionId(context, sql`token`, sql`session_ms`)} AS compat_session_id,
        ${userIdOf(context)} AS user_id,
        NULL AS device_id,
        ${timestamp(sql`session_ms`)} AS created_at,
        NULL AS finished_at,
        is_admin AS is_synapse_admin,
        NULL AS last_active_at,
        NULL AS last_active_ip,
        NULL AS user_session_id,
        NULL AS user_agent,
        NULL AS human_name
      FROM deviceless_token
      WHERE reason IS NULL
    `,
  ),
})

export const compatAccessTokens = (context: MasRowsContext): TableShape => ({
  table: 'compat_access_tokens',
  relation: 'access_token',
  key: ['access_token'],
  columns: [
    { name: 'compat_access_token_id' },
    { name: 'compat_session_id' },
    { name: 'access_token', secret: true },
    { name: 'created_at' },
    { name: 'expires_at' },
  ],
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${accessTokenId(context, sql`token`, sql`created_ms`)} AS compat_access_token_id,
        CASE
          WHEN device_id IS NULL THEN ${devicelessSessionId(context, sql`token`, sql`session_ms`)}
          ELSE ${sessionId(context, sql`mxid`, sql`device_id`, sql`session_ms`)}
        END AS compat_session_id,
        token AS access_token,
        ${timestamp(sql`created_ms`)} AS created_at,
        ${timestamp(sql`expires_ms`)} AS expires_at
      FROM access_token
      WHERE reason IS NULL
    `,
  ),
})

export const compatRefreshTokens = (context: MasRowsContext): TableShape => ({
  table: 'compat_refresh_tokens',
  relation: 'refresh_token',
  key: ['refresh_token'],
  columns: [
    { name: 'compat_refresh_token_id' },
    { name: 'compat_session_id' },
    { name: 'compat_access_token_id' },
    { name: 'refresh_token', secret: true },
    { name: 'created_at' },
    { name: 'consumed_at' },
  ],
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${ulid(context.seeds, 'compat_refresh_tokens', sql`created_ms`, sql`token`)} AS compat_refresh_token_id,
        ${sessionId(context, sql`mxid`, sql`device_id`, sql`session_ms`)} AS compat_session_id,
        ${accessTokenId(context, sql`access_token`, sql`created_ms`)} AS compat_access_token_id,
        token AS refresh_token,
        ${timestamp(sql`created_ms`)} AS created_at,
        NULL::bigint AS consumed_at
      FROM refresh_token
      WHERE reason IS NULL
    `,
  ),
})
