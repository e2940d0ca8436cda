import { type RawBuilder, sql } from 'kysely'
import type { SynapseTable } from './catalogue.ts'
import { DEMO } from './constants.ts'
import type { DemoSpeciality } from './special.ts'

const trait = (
  kind: string,
  means: string,
  table: SynapseTable,
  where: RawBuilder<unknown>,
  column?: string,
): DemoSpeciality => ({ kind, means, table, where: () => where, ...(column === undefined ? {} : { column }) })

const now = sql.lit(DEMO.now)

/** What every homeserver of some size has, and no harm in it: the population of a demo has all of it. */
export const DEMO_TRAITS: readonly DemoSpeciality[] = [
  trait('admin', 'administrators', 'users', sql`t.admin = 1`),
  trait('guest', 'guests', 'users', sql`t.is_guest = 1`),
  trait('ghost', 'users of an application service', 'users', sql`t.appservice_id is not null`),
  trait('deactivated', 'deactivated accounts', 'users', sql`t.deactivated = 1`),
  trait('locked', 'locked accounts', 'users', sql`t.locked`, 'locked'),
  trait('suspended', 'suspended accounts', 'users', sql`t.suspended`, 'suspended'),
  trait('shadow-banned', 'shadow-banned accounts', 'users', sql`t.shadow_banned`),
  trait('erased', 'accounts whose people asked to be erased', 'erased_users', sql`true`),
  trait(
    'password-and-sso',
    'people with both ways to log in',
    'users',
    sql`t.password_hash <> '' and exists (select from user_external_ids as e where e.user_id = t.name)`,
  ),
  trait(
    'sso-only',
    'people who have no password',
    'users',
    sql`t.password_hash is null and exists (select from user_external_ids as e where e.user_id = t.name)`,
  ),
  trait(
    'no-login',
    'people with neither password nor SSO identity, as LDAP leaves them',
    'users',
    sql`t.password_hash is null and t.is_guest = 0 and t.deactivated = 0 and t.appservice_id is null
      and not exists (select from user_external_ids as e where e.user_id = t.name)`,
  ),
  trait(
    'deactivated-with-identity',
    'deactivated accounts that keep their SSO identity',
    'users',
    sql`t.deactivated = 1 and exists (select from user_external_ids as e where e.user_id = t.name)`,
  ),
  trait(
    'identities-several',
    'people with more than one SSO identity',
    'user_external_ids',
    sql`(select count(*) from user_external_ids as o where o.user_id = t.user_id) > 1`,
  ),
  trait(
    'provider-legacy',
    'identities of the provider without a name',
    'user_external_ids',
    sql`t.auth_provider = 'oidc'`,
  ),
  trait('phone', 'phones', 'user_threepids', sql`t.medium = 'msisdn'`),
  trait('email-old', 'e-mails that Synapse put aside in 2016', 'user_threepids', sql`t.medium = 'email_old'`),
  trait('device-hidden', 'pseudo-devices for cross-signing keys', 'devices', sql`t.hidden`),
  trait('device-of-guest', 'the device of each guest', 'devices', sql`t.device_id = 'guest_device'`),
  trait('device-never-seen', 'devices that were never seen', 'devices', sql`t.last_seen is null and not t.hidden`),
  trait('device-ip-dash', 'a dash for an address', 'devices', sql`t.ip = '-'`),
  trait('device-ip-v6', 'IPv6 addresses', 'devices', sql`t.ip like '%::%'`),
  trait('device-ip-garbage', 'text for an address', 'devices', sql`t.ip = 'unknown'`),
  trait('dehydrated', 'dehydrated devices', 'dehydrated_devices', sql`true`),
  trait('token-deviceless', 'tokens without a device', 'access_tokens', sql`t.device_id is null`),
  trait(
    'token-expired',
    'access tokens past their time',
    'access_tokens',
    sql`t.valid_until_ms < ${now}`,
    'refresh_token_id',
  ),
  trait(
    'token-second',
    'devices with two tokens',
    'access_tokens',
    sql`(select count(*) from access_tokens as o
    where o.user_id = t.user_id and o.device_id = t.device_id) > 1`,
  ),
  trait(
    'refresh-pair',
    'access tokens with a refresh token',
    'access_tokens',
    sql`t.refresh_token_id is not null`,
    'refresh_token_id',
  ),
  trait(
    'refresh-unused-successor',
    'refresh tokens that still work since their successor was not used',
    'refresh_tokens',
    sql`exists (select from access_tokens as a where a.refresh_token_id = t.next_token_id and not a.used)`,
  ),
]
