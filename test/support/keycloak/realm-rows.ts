import type { ClientBase } from 'pg'

/**
 * One line of JSON for each user of a realm, by username: all that Keycloak's tables hold of them, but for when rows were
 * written, ids of rows that nobody knows, and which run it was. Holds password hashes.
 */
export type RealmRows = ReadonlyMap<string, string>

/** Rows of a table that belong to the user, as an array in an order of its own. */
const rowsOf = (table: string, columns: readonly string[]): string =>
  `(SELECT jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text COLLATE "C")
     FROM (SELECT ${columns.join(', ')} FROM ${table} t WHERE t.user_id = u.id) r) AS ${table}`

/** Of marks, without the name of the run. */
const ATTRIBUTE_VALUE = `CASE WHEN name IN ('syn2op_run', 'syn2op_written')
  THEN regexp_replace(coalesce(long_value, value), '\\d{8}-\\d{6}-[0-9a-f]{4}', 'a run', 'g')
  ELSE coalesce(long_value, value) END AS value`

const USER_ROWS = `
  SELECT u.username, to_jsonb(whole)::text AS line
  FROM user_entity u JOIN realm ON realm.id = u.realm_id CROSS JOIN LATERAL (
    SELECT u.id, u.email, u.email_verified, u.enabled, u.first_name, u.last_name, u.created_timestamp, u.not_before,
      ${[
        rowsOf('user_attribute', ['name', ATTRIBUTE_VALUE]),
        rowsOf('credential', ['type', 'created_date', 'user_label', 'secret_data', 'credential_data', 'priority']),
        rowsOf('federated_identity', ['identity_provider', 'federated_user_id', 'federated_username']),
        rowsOf('user_role_mapping', ['role_id']),
        rowsOf('user_group_membership', ['group_id']),
        rowsOf('user_required_action', ['required_action']),
      ].join(', ')}
  ) whole
  WHERE realm.name = $1 AND u.service_account_client_link IS NULL`

/** @param client connected to Keycloak's database */
export const readRealmRows = async (client: ClientBase, realm: string): Promise<RealmRows> => {
  const { rows } = await client.query<{ username: string; line: string }>(USER_ROWS, [realm])
  return new Map(rows.map(({ username, line }) => [username, line]))
}

/** Users of a realm, service accounts left out. */
export const countRealmUsers = async (client: ClientBase, realm: string): Promise<number> => {
  const { rows } = await client.query<{ users: number }>(
    `SELECT count(*)::integer AS users FROM user_entity u JOIN realm ON realm.id = u.realm_id
     WHERE realm.name = $1 AND u.service_account_client_link IS NULL`,
    [realm],
  )
  return rows[0]?.users ?? 0
}

/** How many differences are shown. */
const SHOWN = 3

/** The first users that are not the same on both sides, each as it is on one and on the other. */
export const differingUsers = (one: RealmRows, other: RealmRows): readonly string[] =>
  [...new Set([...one.keys(), ...other.keys()])]
    .filter((username) => one.get(username) !== other.get(username))
    .slice(0, SHOWN)
    .map((username) => `${username}: ${one.get(username) ?? 'nobody'} | ${other.get(username) ?? 'nobody'}`)
