import type { ClientBase } from 'pg'

/** Tables of users; those that refer to `user_entity` before it. */
export const USER_TABLES = [
  'credential',
  'user_attribute',
  'user_role_mapping',
  'federated_identity',
  'user_required_action',
  'user_group_membership',
  'user_consent',
  'user_entity',
] as const

const IN_REALM = `realm_id = (SELECT id FROM realm WHERE name = $1)`

/** Notes who is in a realm now, for as long as the client is connected to Keycloak's database. */
export const rememberPresent = async (client: ClientBase, realm: string): Promise<void> => {
  await client.query('CREATE TEMPORARY TABLE IF NOT EXISTS present (id text PRIMARY KEY)')
  await client.query('TRUNCATE present')
  await client.query(`INSERT INTO present SELECT id FROM user_entity WHERE ${IN_REALM}`, [realm])
  await client.query('ANALYZE present')
}

/** When each of those who have come since was written, milliseconds since 1970, in order. */
export const newcomersWrittenAt = async (client: ClientBase, realm: string): Promise<readonly number[]> => {
  const { rows } = await client.query<{ at: string }>(
    `SELECT last_modified_timestamp AS at FROM user_entity u
     WHERE ${IN_REALM} AND NOT EXISTS (SELECT FROM present p WHERE p.id = u.id)
     ORDER BY last_modified_timestamp`,
    [realm],
  )
  return rows.map(({ at }) => Number(at))
}

/**
 * Removes those who have come since, behind Keycloak's back, and what they leave on the disk. Keycloak must forget its users
 * afterwards (`clear-user-cache`).
 */
export const removeNewcomers = async (client: ClientBase, realm: string): Promise<void> => {
  await client.query('DROP TABLE IF EXISTS newcomers')
  await client.query(
    `CREATE TEMPORARY TABLE newcomers AS SELECT id FROM user_entity u
     WHERE ${IN_REALM} AND NOT EXISTS (SELECT FROM present p WHERE p.id = u.id)`,
    [realm],
  )
  for (const table of USER_TABLES) {
    const column = table === 'user_entity' ? 'id' : 'user_id'
    await client.query(`DELETE FROM ${table} WHERE ${column} IN (SELECT id FROM newcomers)`)
  }
  await client.query(`VACUUM ANALYZE ${USER_TABLES.join(', ')}`)
}
