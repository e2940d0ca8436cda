import type { TestPostgres } from '../../support/server-for-tests.ts'

/** Somebody as scripts that load a Keycloak send them. */
export type PeerUser = Readonly<Record<string, unknown>>

/** Of the same homeserver, the same of each: name, password, address, identities, two attributes. Those who come to Keycloak. */
const PEOPLE = `
  SELECT json_strip_nulls(json_build_object(
    'username', lower(split_part(substr(u.name, 2), ':', 1)),
    'enabled', u.deactivated = 0 AND NOT u.locked,
    'email', address,
    'emailVerified', address IS NOT NULL,
    'attributes', json_build_object('matrix_user_id', json_build_array(u.name),
      'displayname', CASE WHEN p.displayname IS NOT NULL THEN json_build_array(p.displayname) END),
    'credentials', CASE WHEN u.password_hash <> '' THEN json_build_array(json_build_object(
      'type', 'password',
      'secretData', json_build_object('value', u.password_hash, 'additionalParameters', '{}'::json)::text,
      'credentialData', '{"hashIterations":12,"algorithm":"synapse-bcrypt","additionalParameters":{}}')) END,
    'federatedIdentities', links
  )) AS person
  FROM users u LEFT JOIN profiles p ON p.full_user_id = u.name
  LEFT JOIN LATERAL (SELECT lower(address) AS address FROM user_threepids t
    WHERE t.user_id = u.name AND medium = 'email' ORDER BY added_at LIMIT 1) t ON true
  LEFT JOIN LATERAL (SELECT json_agg(json_build_object('identityProvider', alias, 'userId', external_id, 'userName', external_id)) AS links
    FROM (SELECT DISTINCT ON (alias) external_id, alias FROM user_external_ids
      JOIN (VALUES ('oidc-keycloak', 'company'), ('oidc-github', 'github'), ('oidc', 'first')) a (provider, alias) ON provider = auth_provider
      WHERE user_id = u.name) e) e ON true
  WHERE u.is_guest = 0 AND u.appservice_id IS NULL AND u.name LIKE '@%:%'
  ORDER BY md5(u.name) LIMIT $1`

/** Some people of a demo homeserver, in no order of theirs. @param database of an undamaged one */
export const peersPeople = async (
  postgres: TestPostgres,
  database: string,
  count: number,
): Promise<readonly PeerUser[]> => {
  const client = await postgres.superuser(database)
  try {
    const { rows } = await client.query<{ person: PeerUser }>(PEOPLE, [count])
    if (rows.length < count) throw new RangeError(`The homeserver has ${rows.length} people, not ${count}`)
    return rows.map(({ person }) => person)
  } finally {
    await client.end()
  }
}
