import type { ClientBase } from 'pg'
import { rememberPresent, USER_TABLES } from '../../support/keycloak/newcomers.ts'

/** What their names begin with. */
const PRESENT = 'present-'

const REALM = `(SELECT id FROM realm WHERE name = $1)`

/** An id of 36 characters, spread over the index as those that Keycloak draws. */
const idOf = (what: string): string => `md5(${what} || n)::uuid::text`
const USER = idOf(`'user of ' || $1`)

const ATTRIBUTES = ['matrix_user_id', 'displayname'] as const

/** bcrypt's alphabet is wider; nobody logs in with it. */
const SECRET = `json_build_object('value', '$2b$12$' || left(md5('salt' || n) || md5('hash' || n), 53), 'additionalParameters', '{}'::json)`
const CREDENTIAL = `{"hashIterations":12,"algorithm":"synapse-bcrypt","additionalParameters":{}}`

const INSERTS: readonly string[] = [
  `INSERT INTO user_entity (id, email, email_constraint, email_verified, enabled, realm_id, username, created_timestamp, not_before)
   SELECT ${USER}, '${PRESENT}' || n || '@present.example', '${PRESENT}' || n || '@present.example', true, true, ${REALM},
     '${PRESENT}' || n, 1500000000000 + n, 0
   FROM generate_series($2::integer, $3::integer) n`,
  `INSERT INTO credential (id, type, user_id, created_date, secret_data, credential_data, priority, version)
   SELECT ${idOf(`'credential of ' || $1`)}, 'password', ${USER}, 1500000000000 + n, ${SECRET}, '${CREDENTIAL}', 10, 0
   FROM generate_series($2::integer, $3::integer) n`,
  ...ATTRIBUTES.map(
    (name) => `INSERT INTO user_attribute (id, name, value, user_id)
     SELECT ${idOf(`'${name} of ' || $1`)}, '${name}', '@${PRESENT}' || n || ':present.example', ${USER}
     FROM generate_series($2::integer, $3::integer) n`,
  ),
  `INSERT INTO user_role_mapping (role_id, user_id)
   SELECT (SELECT default_role FROM realm WHERE name = $1), ${USER} FROM generate_series($2::integer, $3::integer) n`,
]

/**
 * Puts people into a realm behind Keycloak's back, each with a password, an address, two attributes and the default role; all
 * who come later are newcomers.
 * @param client connected to Keycloak's database
 * @param from how many are there already
 */
export const preload = async (
  client: ClientBase,
  { realm, from, to }: { readonly realm: string; readonly from: number; readonly to: number },
): Promise<void> => {
  for (const statement of from < to ? INSERTS : []) await client.query(statement, [realm, from + 1, to])
  await client.query(`VACUUM ANALYZE ${USER_TABLES.join(', ')}`)
  await rememberPresent(client, realm)
}
