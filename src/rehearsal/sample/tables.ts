import { STAGED_TABLES } from '../../synapse/sqlite/columns.ts'

/** What stands in a column, and so what becomes of it. */
export type Meaning =
  | 'mxid'
  | 'localpart'
  | 'hash'
  | 'seconds'
  | 'milliseconds'
  | 'number'
  | 'flag'
  | 'appservice'
  | 'provider'
  | 'subject'
  | 'address'
  | 'device'
  | 'device name'
  | 'display name'
  | 'avatar'
  | 'ip'
  | 'agent'
  | 'token'
  | 'update'
  | { readonly oneOf: readonly string[] }
  | { readonly always: string }

const always = (text: string): Meaning => ({ always: text })
const oneOf = (...texts: readonly string[]): Meaning => ({ oneOf: texts })

/**
 * Every column that is kept, by its table. What is not here is not even read: nobody knows what stands in it. A constant stands
 * where a column may not be empty, or where its being there counts.
 */
export const KEPT: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  users: {
    name: 'mxid',
    password_hash: 'hash',
    creation_ts: 'seconds',
    admin: 'flag',
    upgrade_ts: 'seconds',
    is_guest: 'flag',
    appservice_id: 'appservice',
    consent_version: always('1'),
    user_type: oneOf('bot', 'support'),
    deactivated: 'flag',
    shadow_banned: 'flag',
    consent_ts: 'milliseconds',
    approved: 'flag',
    locked: 'flag',
    suspended: 'flag',
  },
  user_external_ids: { auth_provider: 'provider', external_id: 'subject', user_id: 'mxid' },
  user_threepids: {
    user_id: 'mxid',
    medium: oneOf('email', 'msisdn', 'email_old'),
    address: 'address',
    validated_at: 'milliseconds',
    added_at: 'milliseconds',
  },
  devices: {
    user_id: 'mxid',
    device_id: 'device',
    display_name: 'device name',
    last_seen: 'milliseconds',
    ip: 'ip',
    user_agent: 'agent',
    hidden: 'flag',
  },
  refresh_tokens: {
    id: 'number',
    user_id: 'mxid',
    device_id: 'device',
    token: 'token',
    next_token_id: 'number',
    expiry_ts: 'milliseconds',
    ultimate_session_expiry_ts: 'milliseconds',
  },
  access_tokens: {
    id: 'number',
    user_id: 'mxid',
    device_id: 'device',
    token: 'token',
    valid_until_ms: 'milliseconds',
    puppets_user_id: 'mxid',
    last_validated: 'milliseconds',
    refresh_token_id: 'number',
    used: 'flag',
  },
  profiles: { user_id: 'localpart', displayname: 'display name', avatar_url: 'avatar', full_user_id: 'mxid' },
  device_auth_providers: {
    user_id: 'mxid',
    device_id: 'device',
    auth_provider_id: 'provider',
    auth_provider_session_id: 'token',
  },
  dehydrated_devices: { user_id: 'mxid', device_id: 'device', device_data: always('{}') },
  account_validity: { user_id: 'mxid', expiration_ts_ms: 'milliseconds', email_sent: 'flag' },
  registration_tokens: {
    token: 'token',
    uses_allowed: 'number',
    pending: 'number',
    completed: 'number',
    expiry_time: 'milliseconds',
  },
  erased_users: { user_id: 'mxid' },
  user_ips: {
    user_id: 'mxid',
    access_token: 'token',
    device_id: 'device',
    ip: 'ip',
    user_agent: 'agent',
    last_seen: 'milliseconds',
  },
  background_updates: { update_name: 'update', progress_json: always('{}'), ordering: 'number' },
  schema_version: { lock: oneOf('X'), version: 'number', upgraded: 'flag' },
  schema_compat_version: { lock: oneOf('X'), compat_version: 'number' },
  e2e_device_keys_json: {
    user_id: 'mxid',
    device_id: 'device',
    ts_added_ms: 'milliseconds',
    key_json: always('{}'),
  },
  application_services_state: { as_id: 'appservice', state: oneOf('up', 'down') },
  users_pending_deactivation: { user_id: 'mxid' },
  login_tokens: { token: 'token', user_id: 'mxid', expiry_ts: 'milliseconds', used_ts: 'milliseconds' },
  ratelimit_override: { user_id: 'mxid', messages_per_second: 'number', burst_count: 'number' },
}

/** Tables with rows of people; of the others all rows are kept, to a limit. */
export const ownerColumn = (table: string): string | undefined =>
  table === 'users' ? 'name' : KEPT[table]?.['user_id'] === undefined ? undefined : 'user_id'

/** Names that Synapse itself gives to devices: they tell what a device is. */
export const OWN_DEVICES: readonly string[] = ['guest_device']
export const OWN_DEVICE_NAMES: readonly string[] = [
  'master signing key',
  'self_signing signing key',
  'user_signing signing key',
]

/** In the order in which they can be filled: access tokens point at refresh tokens. */
export const KEPT_TABLES: readonly string[] = Object.keys(KEPT).filter((table) => STAGED_TABLES.includes(table))
