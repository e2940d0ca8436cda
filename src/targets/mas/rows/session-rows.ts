import { sql } from 'kysely'
import type { TableShape } from '../../../difference/table-shape.ts'
import {
  accessTokenId,
  devicelessSessionId,
  type MasRowsContext,
  mxidOf,
  sessionId,
  statement,
  userIdOf,
} from './context.ts'
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
  natural: {
    table: 'compat_sessions',
    key: ['mxid', 'device_id', 'deviceless_token'],
    columns: [
      { name: 'mxid', type: 'text' },
      { name: 'device_id', type: 'text' },
      { name: 'deviceless_token', type: 'text', secret: true },
      { name: 'created_at', type: 'timestamptz' },
      { name: 'finished_at', type: 'timestamptz' },
      { name: 'is_synapse_admin', type: 'boolean' },
      { name: 'last_active_at', type: 'timestamptz' },
      { name: 'last_active_ip', type: 'inet' },
      { name: 'user_session_id', type: 'uuid' },
      { name: 'user_agent', type: 'text' },
      { name: 'human_name', type: 'text' },
    ],
    present: (schema) => sql`
      SELECT
        t.ctid AS row,
        ${mxidOf(context)} AS mxid,
        t.device_id,
        CASE WHEN t.device_id IS NULL THEN (
          SELECT min(a.access_token)
          FROM ${sql.id(schema, 'compat_access_tokens')} a
          WHERE a.compat_session_id = t.compat_session_id
        ) END AS deviceless_token,
        t.created_at,
        t.finished_at,
        t.is_synapse_admin,
        t.last_active_at,
        t.last_active_ip,
        t.user_session_id,
        t.user_agent,
        t.human_name
      FROM ${sql.id(schema, 'compat_sessions')} t
      JOIN ${sql.id(schema, 'users')} u ON u.user_id = t.user_id
    `,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${sessionId(context, sql`mxid`, sql`device_id`, sql`created_ms`)} AS compat_session_id,
        ${userIdOf(context)} AS user_id,
        device_id,
        NULL::text AS deviceless_token,
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
        token AS deviceless_token,
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
  natural: {
    table: 'compat_access_tokens',
    key: ['access_token'],
    columns: [
      { name: 'access_token', type: 'text', secret: true },
      { name: 'mxid', type: 'text' },
      { name: 'device_id', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
      { name: 'expires_at', type: 'timestamptz' },
    ],
    present: (schema) => sql`
      SELECT
        t.ctid AS row,
        t.access_token,
        ${mxidOf(context)} AS mxid,
        s.device_id,
        t.created_at,
        t.expires_at
      FROM ${sql.id(schema, 'compat_access_tokens')} t
      JOIN ${sql.id(schema, 'compat_sessions')} s ON s.compat_session_id = t.compat_session_id
      JOIN ${sql.id(schema, 'users')} u ON u.user_id = s.user_id
    `,
    presentKeys: (schema) => sql`SELECT access_token FROM ${sql.id(schema, 'compat_access_tokens')}`,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        device_id,
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
  natural: {
    table: 'compat_refresh_tokens',
    key: ['refresh_token'],
    columns: [
      { name: 'refresh_token', type: 'text', secret: true },
      { name: 'access_token', type: 'text', secret: true },
      { name: 'mxid', type: 'text' },
      { name: 'device_id', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
      { name: 'consumed_at', type: 'timestamptz' },
    ],
    present: (schema) => sql`
      SELECT
        t.ctid AS row,
        t.refresh_token,
        a.access_token,
        ${mxidOf(context)} AS mxid,
        s.device_id,
        t.created_at,
        t.consumed_at
      FROM ${sql.id(schema, 'compat_refresh_tokens')} t
      JOIN ${sql.id(schema, 'compat_access_tokens')} a ON a.compat_access_token_id = t.compat_access_token_id
      JOIN ${sql.id(schema, 'compat_sessions')} s ON s.compat_session_id = t.compat_session_id
      JOIN ${sql.id(schema, 'users')} u ON u.user_id = s.user_id
    `,
    presentKeys: (schema) => sql`SELECT refresh_token FROM ${sql.id(schema, 'compat_refresh_tokens')}`,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        device_id,
        access_token,
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
