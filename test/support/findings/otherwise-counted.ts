import { DEMO } from '../../../src/rehearsal/demo/constants.ts'

/** An account that migrates, told by its columns alone. */
const PERSON = `u.appservice_id IS NULL AND u.name ~ '^@[^:]+:demo[.]example$'`
const OPEN = `${PERSON} AND u.deactivated = 0 AND u.locked IS NOT TRUE`
/** Whose sessions and tokens go on. */
const LIVE = `${PERSON} AND u.deactivated = 0 AND u.is_guest = 0`

const users = (condition: string): string => `SELECT count(*) FROM users u WHERE ${condition}`
const rowsOf = (table: string, owner: string, condition = 'true'): string =>
  `SELECT count(*) FROM ${table} t JOIN users u ON u.name = t.user_id WHERE ${owner} AND ${condition}`
const sum = (...counts: readonly string[]): string =>
  `SELECT ${counts.map((count) => `(${count})`).join(' + ')} AS count`

const BCRYPT = `u.password_hash ~ '^[$]2[abxy][$][0-9]{2}[$][./A-Za-z0-9]{53}$'`
const COST = `split_part(u.password_hash, '$', 3)::integer`
const CARRIED = `('oidc', 'oidc-github', 'oidc-keycloak', 'Oidc-Keycloak')`
/** Of a row `e`: the mapped name yields to the provider's own, where both know one subject. */
const CARRIED_IDENTITY = `e.auth_provider IN ${CARRIED} AND length(e.external_id) <> 2650 AND NOT (
  e.auth_provider = 'Oidc-Keycloak'
  AND e.external_id IN (SELECT o.external_id FROM user_external_ids o WHERE o.auth_provider = 'oidc-keycloak')
)`
const SHOWN_DEVICE = `SELECT FROM devices d WHERE d.user_id = t.user_id AND d.device_id = t.device_id AND d.hidden IS NOT TRUE`

const LAST = 253_402_300_799
/** Of a time in milliseconds. */
const strange = (time: string): string => `(${time} <= 0 OR ${time} > ${LAST}999)`
const early = (time: string): string => `${time} BETWEEN 1 AND 99999999999`

const ENDED = `
  SELECT t.* FROM refresh_tokens t JOIN users u ON u.name = t.user_id
  WHERE ${LIVE} AND (
    least(t.expiry_ts, t.ultimate_session_expiry_ts) <= ${DEMO.now}
    OR t.next_token_id IN (SELECT a.refresh_token_id FROM access_tokens a WHERE a.used)
    OR t.next_token_id IN (SELECT n.id FROM refresh_tokens n WHERE n.next_token_id > 0)
  )`

/** An access token that is neither of a make that is refused nor paired with a refresh token that is left. */
const goesOn = (token: string): string => `${token}.token ~ '^(syt_|MDA)' AND NOT EXISTS (
  SELECT FROM refresh_tokens r WHERE r.id = ${token}.refresh_token_id
    AND (r.id IN (SELECT e.id FROM (${ENDED}) e) OR (r.user_id || ' ' || r.device_id) <> (${token}.user_id || ' ' || ${token}.device_id))
)`

/** How many accounts or rows each code concerns, by queries over Synapse’s tables that share nothing with those of the audit. */
export const OTHERWISE_COUNTED: Readonly<Record<string, string | { readonly of: string }>> = {
  GUESTS: users(`${PERSON} AND u.is_guest = 1`),
  GUESTS_UPGRADED: users(`${PERSON} AND u.is_guest = 0 AND u.upgrade_ts > 0`),
  FOREIGN_ACCOUNTS: users(`u.appservice_id IS NULL AND u.name ~ '^@[^:]+:' AND u.name NOT LIKE '%:demo.example'`),
  MALFORMED_ACCOUNTS: sum(
    users(`u.name IS NULL OR u.name !~ '^@[^:]+:'`),
    users(`u.appservice_id IS NULL AND u.name ~ '^@[^:]+:.*:demo[.]example$'`),
  ),
  USER_TYPES: users(`${PERSON} AND u.user_type <> ''`),
  SHADOW_BANS_END: users(`${OPEN} AND u.shadow_banned`),
  UNAPPROVED_OPEN: users(`${OPEN} AND u.approved = false`),
  EXPIRED_OPEN: rowsOf('account_validity', OPEN, `t.expiration_ts_ms <= ${DEMO.now}`),
  LOCKED: users(`${PERSON} AND u.locked`),
  SUSPENDED: users(`${PERSON} AND u.suspended`),
  ADMINS: users(`${OPEN} AND u.admin = 1`),
  DEACTIVATED_WITH_IDENTITIES: `SELECT count(DISTINCT u.name) FROM users u, user_external_ids e
    WHERE e.user_id = u.name AND ${PERSON} AND u.deactivated = 1 AND ${CARRIED_IDENTITY}`,
  DEACTIVATION_PENDING: rowsOf('users_pending_deactivation', 'true'),
  ERASED: rowsOf('erased_users', PERSON),
  ACCOUNTS_WITHOUT_LOGIN: users(`${OPEN} AND u.is_guest = 0 AND coalesce(u.password_hash, '') = ''
    AND u.name NOT IN (SELECT e.user_id FROM user_external_ids e WHERE ${CARRIED_IDENTITY})`),
  HASHES_NOT_BCRYPT: users(`${PERSON} AND u.password_hash <> '' AND NOT ${BCRYPT}`),
  HASH_COSTS: users(`${PERSON} AND ${BCRYPT}`),
  HASHES_CHEAP: users(`${PERSON} AND CASE WHEN ${BCRYPT} THEN ${COST} < 10 END`),
  HASHES_DEAR: users(`${PERSON} AND CASE WHEN ${BCRYPT} THEN ${COST} > 14 END`),
  PHONES: rowsOf('user_threepids', PERSON, `t.medium NOT IN ('email', 'email_old')`),
  EMAIL_OLD: rowsOf('user_threepids', PERSON, `t.medium = 'email_old'`),
  VALUES_TOO_LONG: rowsOf('user_external_ids', PERSON, 'length(t.external_id) = 2650'),
  DUPLICATE_SUBJECTS: `SELECT count(*) - count(DISTINCT t.external_id) AS count FROM user_external_ids t
    JOIN users u ON u.name = t.user_id WHERE ${PERSON} AND lower(t.auth_provider) = 'oidc-keycloak'`,
  SEVERAL_IDENTITIES: `SELECT count(*) FROM (
      SELECT FROM user_external_ids t JOIN users u ON u.name = t.user_id
      WHERE ${PERSON} AND t.auth_provider IN ${CARRIED} GROUP BY t.user_id, t.auth_provider HAVING count(*) > 1
    ) several`,
  PROVIDER_NAMES_ALIKE: rowsOf('user_external_ids', PERSON, `t.auth_provider IN ('', 'keycloak')`),
  DEVICES_REFUSED: rowsOf('devices', LIVE, `t.hidden IS NOT TRUE AND length(t.device_id) NOT BETWEEN 1 AND 255`),
  GUEST_DEVICES_OF_PEOPLE: rowsOf('devices', LIVE, `t.device_id = 'guest_device'`),
  DEVICE_ADDRESSES: {
    of: `SELECT t.ip FROM devices t JOIN users u ON u.name = t.user_id
      WHERE ${LIVE} AND t.hidden IS NOT TRUE AND t.ip NOT IN ('', '-')`,
  },
  DEVICES_OF_SEVERAL_TOKENS: `SELECT count(DISTINCT (t.user_id, t.device_id)) FROM access_tokens t
    JOIN users u ON u.name = t.user_id
    JOIN access_tokens o ON o.user_id = t.user_id AND o.device_id = t.device_id AND o.id <> t.id
    WHERE ${LIVE} AND t.puppets_user_id IS NULL AND o.puppets_user_id IS NULL
      AND ${goesOn('t')} AND ${goesOn('o')} AND EXISTS (${SHOWN_DEVICE})`,
  DEHYDRATED_DEVICES: rowsOf('dehydrated_devices', LIVE, `EXISTS (${SHOWN_DEVICE})`),
  TOKENS_NOT_ACCEPTED: sum(
    rowsOf('access_tokens', LIVE, `t.token !~ '^syt_' AND t.token !~ '^MDA[^ ]+$'`),
    rowsOf('refresh_tokens', LIVE, `t.token !~ '^syr_'`),
  ),
  TOKENS_OF_NO_DEVICE: sum(
    rowsOf(
      'access_tokens',
      LIVE,
      `t.puppets_user_id IS NULL AND t.device_id IS NOT NULL AND NOT EXISTS (${SHOWN_DEVICE})`,
    ),
    rowsOf('refresh_tokens', LIVE, `NOT EXISTS (${SHOWN_DEVICE})`),
  ),
  TOKEN_PAIRS_MIXED: sum(
    rowsOf(
      'access_tokens',
      LIVE,
      `(t.device_id IS NULL OR EXISTS (${SHOWN_DEVICE})) AND EXISTS (
        SELECT FROM refresh_tokens r
        WHERE r.id = t.refresh_token_id AND (r.user_id || ' ' || r.device_id) <> coalesce(t.user_id || ' ' || t.device_id, '')
      )`,
    ),
    rowsOf(
      'refresh_tokens',
      LIVE,
      `t.id IN (SELECT a.refresh_token_id FROM access_tokens a) AND NOT EXISTS (
        SELECT FROM access_tokens a
        WHERE a.refresh_token_id = t.id AND a.user_id = t.user_id AND a.device_id = t.device_id
      )`,
    ),
  ),
  PUPPET_TOKENS: rowsOf('access_tokens', PERSON, 't.puppets_user_id IS NOT NULL'),
  SESSIONS_ENDED: `WITH ended AS (${ENDED}) SELECT
    (SELECT count(*) FROM ended) + (SELECT count(*) FROM access_tokens a JOIN ended e ON e.id = a.refresh_token_id) AS count`,
  TOKENS_EXPIRED: rowsOf(
    'access_tokens',
    LIVE,
    `t.puppets_user_id IS NULL AND (t.device_id IS NULL OR EXISTS (${SHOWN_DEVICE})) AND t.valid_until_ms <= ${DEMO.now} AND ${goesOn('t')}`,
  ),
  TOKENS_WITHOUT_DEVICE: rowsOf(
    'access_tokens',
    LIVE,
    't.device_id IS NULL AND t.puppets_user_id IS NULL AND t.refresh_token_id IS NULL',
  ),
  APPSERVICE_USERS: users(`u.appservice_id <> '' AND u.name ~ '^@[^:]+:'`),
  APPSERVICES_GONE: users(`u.appservice_id = 'a-bridge-of-the-past'`),
  APPSERVICE_LOGINS_END: `SELECT count(DISTINCT u.name) FROM users u JOIN devices d ON d.user_id = u.name
    WHERE u.appservice_id = '${DEMO.appserviceId}' AND d.hidden IS NOT TRUE`,
  GHOSTS_SUSPECTED: users(`u.appservice_id IS NULL AND u.name ~ '^@(_irc_unmarked|_telegram_lost|sms_[0-9]+):'`),
  CONSENTS_LEFT: users(`${OPEN} AND u.consent_version <> ''`),
  REGISTRATION_TOKENS_LEFT: `SELECT count(*) FROM registration_tokens t
    WHERE coalesce(t.expiry_time, 9e15) > ${DEMO.now} AND coalesce(t.uses_allowed, 2e9) > t.pending + t.completed`,
  BACKCHANNEL_LOGOUTS_END: rowsOf('device_auth_providers', `t.auth_provider_id = 'oidc-keycloak'`),
  LOGIN_TOKENS_LEFT: rowsOf('login_tokens', 'true', `t.token ~ 'under-way'`),
  RATE_LIMITS_KEPT: rowsOf('ratelimit_override', 'true'),
  ORPHANS: sum(
    ...['user_threepids', 'user_external_ids', 'devices', 'access_tokens', 'refresh_tokens'].map(
      (table) => `SELECT count(*) FROM ${table} t WHERE t.user_id NOT IN (SELECT name FROM users WHERE name <> '')`,
    ),
  ),
  TIMES_OUT_OF_RANGE: sum(
    users(`${PERSON} AND (u.creation_ts <= 0 OR u.creation_ts > ${LAST} OR u.name = '@no-creation:demo.example')`),
    rowsOf('user_threepids', PERSON, `t.medium <> 'email_old' AND ${strange('t.added_at')}`),
    rowsOf('devices', LIVE, `t.hidden IS NOT TRUE AND ${strange('t.last_seen')}`),
  ),
  TIMES_IN_SECONDS: sum(
    users(`${PERSON} AND u.creation_ts BETWEEN 1 AND 99999999`),
    rowsOf('user_threepids', PERSON, `t.medium <> 'email_old' AND ${early('t.added_at')}`),
    rowsOf('devices', LIVE, `t.hidden IS NOT TRUE AND ${early('t.last_seen')}`),
  ),
}
