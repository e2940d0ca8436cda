import { type RawBuilder, sql } from 'kysely'
import type { TableShape } from '../../../difference/table-shape.ts'
import { type MasRowsContext, mxidOf, statement, userIdOf } from './context.ts'
import { ulid } from './identifiers.ts'
import { timestamp } from './shapes.ts'

export const users = (context: MasRowsContext): TableShape => ({
  table: 'users',
  relation: 'account',
  key: ['username'],
  columns: [
    { name: 'user_id' },
    { name: 'username' },
    { name: 'created_at' },
    { name: 'locked_at' },
    { name: 'can_request_admin' },
    { name: 'is_guest' },
    { name: 'deactivated_at' },
  ],
  natural: {
    table: 'users',
    key: ['mxid'],
    columns: [
      { name: 'mxid', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
      { name: 'locked_at', type: 'timestamptz' },
      { name: 'can_request_admin', type: 'boolean' },
      { name: 'is_guest', type: 'boolean' },
      { name: 'deactivated_at', type: 'timestamptz' },
    ],
    present: (schema) => sql`
      SELECT
        t.ctid AS row,
        ${mxidOf(context, 't')} AS mxid,
        t.created_at,
        t.locked_at,
        t.can_request_admin,
        t.is_guest,
        t.deactivated_at
      FROM ${sql.id(schema, 'users')} t
    `,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${userIdOf(context)} AS user_id,
        localpart AS username,
        ${timestamp(sql`owner_ms`)} AS created_at,
        CASE WHEN is_locked THEN ${timestamp(sql`owner_ms`)} END AS locked_at,
        is_admin AS can_request_admin,
        is_guest,
        CASE WHEN is_deactivated THEN ${timestamp(sql`owner_ms`)} END AS deactivated_at
      FROM account
      WHERE reason IS NULL
    `,
  ),
})

const presentPasswords = (context: MasRowsContext, schema: string): RawBuilder<unknown> => sql`
  SELECT t.ctid AS row, ${mxidOf(context)} AS mxid, t.hashed_password, t.created_at, t.version
  FROM ${sql.id(schema, 'user_passwords')} t
  JOIN ${sql.id(schema, 'users')} u ON u.user_id = t.user_id`

export const userPasswords = (context: MasRowsContext): TableShape => ({
  table: 'user_passwords',
  relation: 'password',
  key: ['user_id'],
  columns: [
    { name: 'user_password_id' },
    { name: 'user_id' },
    { name: 'hashed_password', secret: true },
    { name: 'created_at' },
    { name: 'version' },
    { name: 'upgraded_from_id' },
  ],
  natural: {
    table: 'user_passwords',
    key: ['mxid'],
    columns: [
      { name: 'mxid', type: 'text' },
      { name: 'hashed_password', type: 'text', secret: true },
      { name: 'created_at', type: 'timestamptz' },
      { name: 'version', type: 'integer' },
    ],
    present: (schema) => presentPasswords(context, schema),
    // MAS adds a row when a password is changed or hashed anew, and takes the newest.
    counted: (schema) => sql`
      ${presentPasswords(context, schema)}
      WHERE NOT EXISTS (
        SELECT FROM ${sql.id(schema, 'user_passwords')} n
        WHERE n.user_id = t.user_id AND (n.created_at, n.user_password_id) > (t.created_at, t.user_password_id)
      )
    `,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${ulid(context.seeds, 'user_passwords', sql`owner_ms`, sql`mxid`)} AS user_password_id,
        ${userIdOf(context)} AS user_id,
        password_hash AS hashed_password,
        ${timestamp(sql`owner_ms`)} AS created_at,
        ${sql.lit(context.passwordVersion)}::integer AS version,
        NULL::bytea AS upgraded_from_id
      FROM password
      WHERE reason IS NULL
    `,
  ),
})

export const userEmails = (context: MasRowsContext): TableShape => ({
  table: 'user_emails',
  relation: 'threepid',
  key: ['user_id', 'email'],
  columns: [{ name: 'user_email_id' }, { name: 'user_id' }, { name: 'email' }, { name: 'created_at' }],
  natural: {
    table: 'user_emails',
    key: ['mxid', 'email'],
    columns: [
      { name: 'mxid', type: 'text' },
      { name: 'email', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
    ],
    present: (schema) => sql`
      SELECT t.ctid AS row, ${mxidOf(context)} AS mxid, t.email, t.created_at
      FROM ${sql.id(schema, 'user_emails')} t
      JOIN ${sql.id(schema, 'users')} u ON u.user_id = t.user_id
    `,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${ulid(context.seeds, 'user_emails', sql`added_ms`, sql`mxid`, sql`address`)} AS user_email_id,
        ${userIdOf(context)} AS user_id,
        address AS email,
        ${timestamp(sql`added_ms`)} AS created_at
      FROM threepid
      WHERE reason IS NULL AND medium = 'email'
    `,
  ),
})

export const unsupportedThreepids = (context: MasRowsContext): TableShape => ({
  table: 'user_unsupported_third_party_ids',
  relation: 'threepid',
  key: ['user_id', 'medium', 'address'],
  columns: [{ name: 'user_id' }, { name: 'medium' }, { name: 'address' }, { name: 'created_at' }],
  natural: {
    table: 'user_unsupported_third_party_ids',
    key: ['mxid', 'medium', 'address'],
    columns: [
      { name: 'mxid', type: 'text' },
      { name: 'medium', type: 'text' },
      { name: 'address', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
    ],
    present: (schema) => sql`
      SELECT t.ctid AS row, ${mxidOf(context)} AS mxid, t.medium, t.address, t.created_at
      FROM ${sql.id(schema, 'user_unsupported_third_party_ids')} t
      JOIN ${sql.id(schema, 'users')} u ON u.user_id = t.user_id
    `,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${userIdOf(context)} AS user_id,
        medium,
        address,
        ${timestamp(sql`added_ms`)} AS created_at
      FROM threepid
      WHERE reason IS NULL AND medium <> 'email'
    `,
  ),
})

export const upstreamLinks = (context: MasRowsContext): TableShape => ({
  table: 'upstream_oauth_links',
  relation: 'external_id',
  key: ['upstream_oauth_provider_id', 'subject'],
  columns: [
    { name: 'upstream_oauth_link_id' },
    { name: 'upstream_oauth_provider_id' },
    { name: 'user_id' },
    { name: 'subject' },
    { name: 'created_at' },
    { name: 'human_account_name' },
  ],
  natural: {
    table: 'upstream_oauth_links',
    key: ['upstream_oauth_provider_id', 'subject'],
    columns: [
      { name: 'upstream_oauth_provider_id', type: 'uuid' },
      { name: 'subject', type: 'text' },
      { name: 'mxid', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
      { name: 'human_account_name', type: 'text' },
    ],
    present: (schema) => sql`
      SELECT
        t.ctid AS row,
        t.upstream_oauth_provider_id,
        t.subject,
        ${mxidOf(context)} AS mxid,
        t.created_at,
        t.human_account_name
      FROM ${sql.id(schema, 'upstream_oauth_links')} t
      LEFT JOIN ${sql.id(schema, 'users')} u ON u.user_id = t.user_id
    `,
    presentKeys: (schema) =>
      sql`SELECT upstream_oauth_provider_id, subject FROM ${sql.id(schema, 'upstream_oauth_links')}`,
  },
  wanted: statement(
    context,
    sql`
      SELECT
        mxid,
        ${ulid(context.seeds, 'upstream_oauth_links', sql`owner_ms`, sql`provider_id`, sql`subject`)}
          AS upstream_oauth_link_id,
        decode(replace(provider_id, '-', ''), 'hex') AS upstream_oauth_provider_id,
        ${userIdOf(context)} AS user_id,
        subject,
        ${timestamp(sql`owner_ms`)} AS created_at,
        NULL::text AS human_account_name
      FROM external_id
      WHERE reason IS NULL
    `,
  ),
})
