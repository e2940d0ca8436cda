import { type RawBuilder, sql } from 'kysely'
import { type SynapseTable, type SynapseVersion, synapseHas, synapseTables } from './catalogue.ts'
import { DEMO_PASSWORDS } from './passwords.ts'

/** One row by column name. A 64-bit number beyond 2^53 is written as a string. */
export type DemoRow = Readonly<Record<string, string | number | boolean | null>>

/** Rows by table. */
export type DemoRows = Readonly<Partial<Record<SynapseTable, readonly DemoRow[]>>>

/** 2021-03-04 05:06:07 UTC: when the people of a demo that are made by name came, in seconds. */
export const CAME = 1_614_834_367
/** A day later, in milliseconds. */
export const SEEN = (CAME + 86_400) * 1000

export const account = (name: string | null, more: DemoRow = {}): DemoRow => ({
  name,
  password_hash: DEMO_PASSWORDS.horse.hash,
  creation_ts: CAME,
  admin: 0,
  is_guest: 0,
  deactivated: 0,
  shadow_banned: false,
  approved: true,
  locked: false,
  suspended: false,
  ...more,
})

export const threepid = (user_id: string, address: string, more: DemoRow = {}): DemoRow => ({
  user_id,
  medium: 'email',
  address,
  validated_at: SEEN,
  added_at: SEEN,
  ...more,
})

export const externalId = (user_id: string, auth_provider: string, external_id: string): DemoRow => ({
  user_id,
  auth_provider,
  external_id,
})

export const device = (user_id: string, device_id: string, more: DemoRow = {}): DemoRow => ({
  user_id,
  device_id,
  display_name: 'Demo client',
  last_seen: SEEN,
  ip: '198.51.100.7',
  user_agent: 'DemoClient/1.0',
  hidden: false,
  ...more,
})

/** Its `id` is given by the one who inserts it. */
export const accessToken = (user_id: string, device_id: string | null, token: string, more: DemoRow = {}): DemoRow => ({
  user_id,
  device_id,
  token,
  last_validated: SEEN,
  used: false,
  ...more,
})

export const refreshToken = (
  id: number,
  user_id: string,
  device_id: string,
  token: string,
  more: DemoRow = {},
): DemoRow => ({
  id,
  user_id,
  device_id,
  token,
  ...more,
})

export const deviceKeys = (user_id: string, device_id: string, more: DemoRow = {}): DemoRow => ({
  user_id,
  device_id,
  ts_added_ms: SEEN,
  key_json: '{"algorithms":["m.olm.v1.curve25519-aes-sha2"]}',
  ...more,
})

export const profile = (localpart: string, mxid: string, more: DemoRow = {}): DemoRow => ({
  user_id: localpart,
  full_user_id: mxid,
  displayname: localpart,
  ...more,
})

/** Makes full names on a server: `alice` becomes `@alice:demo.example`. */
export const namesOn =
  (serverName: string) =>
  (localpart: string): string =>
    `@${localpart}:${serverName}`

/** The statement that inserts rows; columns that the version lacks are left out. Undefined when it lacks the table. */
export const insertRows = (
  version: SynapseVersion,
  table: SynapseTable,
  rows: readonly DemoRow[],
): RawBuilder<unknown> | undefined => {
  if (rows.length === 0 || !synapseHas(version, table)) return undefined
  return sql`insert into ${sql.id(table)}
    select * from jsonb_populate_recordset(null::${sql.id(table)}, ${JSON.stringify(rows)}::jsonb)`
}

/**
 * The statement that inserts what a query finds: an expression for each column. Columns that the version lacks are left
 * out. Undefined when it lacks the table.
 */
export const insertSelect = (
  version: SynapseVersion,
  table: SynapseTable,
  values: Readonly<Record<string, RawBuilder<unknown>>>,
  from: RawBuilder<unknown>,
): RawBuilder<unknown> | undefined => {
  const columns = (synapseTables(version).get(table) ?? []).filter(({ name }) => values[name] !== undefined)
  if (columns.length === 0) return undefined
  return sql`insert into ${sql.id(table)} (${sql.join(columns.map(({ name }) => sql.id(name)))})
    select ${sql.join(columns.map(({ name }) => values[name] ?? sql`null`))} ${from}`
}
