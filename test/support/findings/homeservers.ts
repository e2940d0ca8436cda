import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { DEMO_PASSWORDS } from '../../../src/rehearsal/demo/passwords.ts'

const { hash } = DEMO_PASSWORDS.horse

/** Tables that the demo does not make, with the columns that Synapse 1.163 gives them. */
export const EXTRA_TABLES: readonly string[] = [
  'CREATE TABLE users_pending_deactivation (user_id text NOT NULL)',
  'CREATE TABLE ratelimit_override (user_id text NOT NULL, messages_per_second bigint, burst_count bigint)',
  `CREATE TABLE login_tokens (token text PRIMARY KEY, user_id text NOT NULL, expiry_ts bigint NOT NULL,
     used_ts bigint, auth_provider_id text, auth_provider_session_id text)`,
]

/** Two ordinary people, and a bridge whose user has no device: nothing of which anybody must know. */
export const CLEAN: readonly string[] = [
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, approved, locked, suspended)
   VALUES ('@ann:demo.example', '${hash}', 1614834367, 0, 0, 0, true, false, false),
          ('@ben:demo.example', NULL, 1614834367, 0, 0, 0, NULL, false, false)`,
  `INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@ben:demo.example', 'oidc', 'ben')`,
  `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
   VALUES ('@ann:demo.example', 'email', 'ann@demo.example', 1614920767000, 1614920767000)`,
  `INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, hidden)
   VALUES ('@ann:demo.example', 'PHONE', 'Phone', 1614920767000, '198.51.100.7', false),
          ('@ben:demo.example', 'LAPTOP', NULL, NULL, '-', NULL),
          ('@ben:demo.example', 'masterkey', 'master signing key', NULL, NULL, true)`,
  `INSERT INTO access_tokens (id, user_id, device_id, token, last_validated, used)
   VALUES (1, '@ann:demo.example', 'PHONE', 'syt_YW5u_annannannannannannan_aBcDeF', 1614920767000, false)`,
  `INSERT INTO registration_tokens (token, uses_allowed, pending, completed, expiry_time)
   VALUES ('used up', 3, 1, 2, NULL), ('over', NULL, 0, 0, ${DEMO.now})`,
]

/** What the damages of the demo lack. */
export const MORE_DAMAGE: readonly string[] = [
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, approved, locked, suspended)
   SELECT '@sms_' || n || ':demo.example', NULL, 1614834367, 0, 0, 0, true, false, false FROM generate_series(1, 21) n`,
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, approved, locked, suspended)
   VALUES ('@_irc_unmarked:demo.example', '${hash}', 1614834367, 0, 0, 0, true, false, false),
          ('@dear:demo.example', '${hash.replace('$12$', '$15$')}', 1614834367, 0, 0, 0, true, false, false)`,
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, appservice_id)
   VALUES ('@old_bot:demo.example', '', 1614834367, 0, 0, 0, 'a-bridge-of-the-past')`,
  // Whose only identity is left, for one reason or another.
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, user_type)
   VALUES ('@first:demo.example', '${hash}', 1614834367, 0, 0, 0, NULL),
          ('@second:demo.example', NULL, 1614834367, 0, 0, 0, 'support'),
          ('@long:demo.example', NULL, 1614834367, 0, 0, 0, 'our own'),
          ('@left:demo.example', NULL, 1614834367, 0, 0, 1, NULL)`,
  `INSERT INTO user_external_ids (user_id, auth_provider, external_id)
   VALUES ('@first:demo.example', 'oidc-keycloak', 'of two'),
          ('@second:demo.example', 'Oidc-Keycloak', 'of two'),
          ('@left:demo.example', 'saml', 'left'),
          ('@long:demo.example', 'oidc', (SELECT left(string_agg(md5(n::text), ''), 2650) FROM generate_series(1, 90) n))`,
  `UPDATE users SET user_type = 'bot' WHERE name = '@old_bot:demo.example' OR name LIKE '@%:elsewhere.example'`,
  `INSERT INTO devices (user_id, device_id, hidden)
   VALUES ('@old_bot:demo.example', 'BOTS', false), ('@first:demo.example', 'SHARED', false), ('@second:demo.example', 'ONE', false)`,
  `INSERT INTO devices (user_id, device_id, hidden)
   SELECT min(name), 'BRIDGE', false FROM users WHERE appservice_id = '${DEMO.appserviceId}' AND name LIKE '@\\_irc\\_%:demo.example'`,
  `INSERT INTO dehydrated_devices (user_id, device_id, device_data) VALUES ('@old_bot:demo.example', 'BOTS', '{}')`,
  `INSERT INTO access_tokens (id, user_id, device_id, token, used)
   VALUES (900001, '@first:demo.example', 'SHARED', 'syt_Zmlyc3Q_firstfirstfirstfirst_aBcDeF', false),
          (900002, '@first:demo.example', 'SHARED', 'syt_Zmlyc3Q_firstfirstfirstsecond_aBcDeF', false),
          (900003, '@second:demo.example', 'ONE', 'syt_c2Vjb25k_secondsecondsecondse_aBcDeF', false),
          (900004, '@second:demo.example', 'ONE', 'of another make, and left', false)`,
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, appservice_id)
   VALUES ('@_irc_encrypts:demo.example', '', 1614834367, 0, 0, 0, '${DEMO.appserviceId}')`,
  `INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, hidden)
   VALUES ('@_irc_encrypts:demo.example', 'BRIDGE', NULL, NULL, NULL, false)`,
  `UPDATE users SET suspended = true WHERE name = '@dear:demo.example'`,
  `UPDATE users SET consent_version = '1.0' WHERE name IN ('@alice:demo.example', '@bob:demo.example', '@dear:demo.example')`,
  `INSERT INTO device_auth_providers (user_id, device_id, auth_provider_id, auth_provider_session_id)
   VALUES ('@dear:demo.example', 'PHONE', 'oidc-github', 'no-logout-reaches-it')`,
  `INSERT INTO users_pending_deactivation VALUES ('@dear:demo.example'), ('@vanished:demo.example')`,
  `INSERT INTO ratelimit_override VALUES ('@dear:demo.example', 0, 0), ('@_irc_unmarked:demo.example', NULL, NULL)`,
  `INSERT INTO login_tokens (token, user_id, expiry_ts, used_ts)
   VALUES ('mlt_8f1e-under-way', '@alice:demo.example', ${DEMO.now + 60_000}, NULL),
          ('mlt_77aa-used', '@alice:demo.example', ${DEMO.now + 60_000}, ${DEMO.now - 1}),
          ('mlt_90cc-late', '@bob:demo.example', ${DEMO.now}, NULL)`,
]
