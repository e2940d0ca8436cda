import type { SynapseTable } from './catalogue.ts'

/** A key, an index or a foreign key of Synapse's tables; made when the version has every column that it names. */
export interface SynapseKey {
  readonly kind: 'primary key' | 'unique' | 'index'
  readonly name: string
  readonly table: SynapseTable
  readonly columns: readonly string[]
}

export interface SynapseForeignKey {
  readonly name: string
  readonly table: SynapseTable
  readonly column: string
  readonly references: SynapseTable
}

const key = (
  kind: SynapseKey['kind'],
  name: string,
  table: SynapseTable,
  ...columns: readonly string[]
): SynapseKey => ({ kind, name, table, columns })

/** The keys and indexes that decide how a statement over these tables is planned, and which rows may exist at all. */
export const SYNAPSE_KEYS: readonly SynapseKey[] = [
  key('unique', 'users_name_key', 'users', 'name'),
  key('index', 'users_creation_ts', 'users', 'creation_ts'),
  key('unique', 'user_external_ids_auth_provider_external_id_key', 'user_external_ids', 'auth_provider', 'external_id'),
  key('index', 'user_external_ids_user_id_idx', 'user_external_ids', 'user_id'),
  key('unique', 'medium_address', 'user_threepids', 'medium', 'address'),
  key('index', 'user_threepids_user_id', 'user_threepids', 'user_id'),
  key('unique', 'device_uniqueness', 'devices', 'user_id', 'device_id'),
  key('primary key', 'access_tokens_pkey', 'access_tokens', 'id'),
  key('unique', 'access_tokens_token_key', 'access_tokens', 'token'),
  key('index', 'access_tokens_device_id', 'access_tokens', 'user_id', 'device_id'),
  key('index', 'access_tokens_refresh_token_id_idx', 'access_tokens', 'refresh_token_id'),
  key('primary key', 'refresh_tokens_pkey', 'refresh_tokens', 'id'),
  key('unique', 'refresh_tokens_token_key', 'refresh_tokens', 'token'),
  key('unique', 'profiles_user_id_key', 'profiles', 'user_id'),
  key('unique', 'profiles_full_user_id_key', 'profiles', 'full_user_id'),
  key('primary key', 'dehydrated_devices_pkey', 'dehydrated_devices', 'user_id'),
  key('index', 'device_auth_providers_devices', 'device_auth_providers', 'user_id', 'device_id'),
  key('primary key', 'account_validity_pkey', 'account_validity', 'user_id'),
  key('unique', 'registration_tokens_token_key', 'registration_tokens', 'token'),
  key('unique', 'erased_users_user', 'erased_users', 'user_id'),
  key('unique', 'user_ips_user_token_ip_unique_index', 'user_ips', 'user_id', 'access_token', 'ip'),
  key('unique', 'background_updates_uniqueness', 'background_updates', 'update_name'),
  key('unique', 'schema_version_lock_key', 'schema_version', 'lock'),
  key('unique', 'schema_compat_version_lock_key', 'schema_compat_version', 'lock'),
  key('unique', 'e2e_device_keys_json_uniqueness', 'e2e_device_keys_json', 'user_id', 'device_id'),
  key('primary key', 'application_services_state_pkey', 'application_services_state', 'as_id'),
]

/** Indexes that came long after their column: the first of the known versions that has them. */
export const INDEX_SINCE: Readonly<Record<string, string>> = { access_tokens_refresh_token_id_idx: '1.136.0' }

/** The only foreign keys among the tables that syn2op reads. Both delete with what they point at. */
export const SYNAPSE_FOREIGN_KEYS: readonly SynapseForeignKey[] = [
  {
    name: 'access_tokens_refresh_token_id_fkey',
    table: 'access_tokens',
    column: 'refresh_token_id',
    references: 'refresh_tokens',
  },
  {
    name: 'refresh_tokens_next_token_id_fkey',
    table: 'refresh_tokens',
    column: 'next_token_id',
    references: 'refresh_tokens',
  },
]

/** Defaults that Synapse's columns have, as SQL. */
export const SYNAPSE_DEFAULTS: Readonly<Record<string, string>> = {
  'users.admin': '0',
  'users.is_guest': '0',
  'users.deactivated': '0',
  'users.locked': 'false',
  'users.suspended': 'false',
  'devices.hidden': 'false',
  'background_updates.ordering': '0',
  'schema_version.lock': "'X'",
  'schema_compat_version.lock': "'X'",
}
