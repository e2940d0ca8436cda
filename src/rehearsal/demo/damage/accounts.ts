import { sql } from 'kysely'
import { DEMO } from '../constants.ts'
import { accessToken, account, CAME, device, externalId, profile, threepid } from '../rows.ts'
import type { DemoSpeciality } from '../special.ts'

/** Names of accounts as bridges, old servers and hands in the database have made them. */
const NAMES: readonly DemoSpeciality[] = [
  {
    kind: 'account-foreign',
    means: 'an account under the name of another server, as after a change of server_name or a merge',
    table: 'users',
    rows: () => ({ users: [account('@stray:other.example'), account('@port:demo.example:8448')] }),
    where: ({ serverName }) =>
      sql`t.name like '@%:%' and right(t.name, ${serverName.length + 1}) <> ${`:${serverName}`}`,
  },
  {
    kind: 'name-without-sigil',
    means: 'a name that does not begin with @',
    table: 'users',
    rows: ({ serverName }) => ({ users: [account(`nosigil:${serverName}`), account('')] }),
    where: () => sql`t.name not like '@%'`,
  },
  {
    kind: 'name-without-server',
    means: 'a name without a colon',
    table: 'users',
    rows: () => ({ users: [account('@noserver')] }),
    where: () => sql`t.name like '@%' and t.name not like '%:%'`,
  },
  {
    kind: 'name-null',
    means: 'an account without a name: the column allows it',
    table: 'users',
    rows: () => ({ users: [account(null)] }),
    where: () => sql`t.name is null`,
  },
  {
    kind: 'localpart-empty',
    means: 'nothing between @ and the colon',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at(''))] }),
    where: () => sql`t.name like '@:%'`,
  },
  {
    kind: 'localpart-with-colon',
    means: 'a colon within the localpart, as application services may register it; the profile is cut there',
    table: 'users',
    rows: ({ at }) => ({
      users: [
        account(at('odd:colon')),
        account(at('_irc_co:lon'), { password_hash: '', appservice_id: DEMO.appserviceId }),
      ],
      profiles: [profile('odd', at('odd:colon')), profile('_irc_co', at('_irc_co:lon'))],
      devices: [device(at('odd:colon'), 'COLON')],
      access_tokens: [accessToken(at('odd:colon'), 'COLON', 'syt_b2RkOmNvbG9u_colonaccesscolontok_aBcDeF')],
    }),
    where: ({ serverName }) => sql`t.name like ${`@%:%:${serverName}`}`,
  },
  {
    kind: 'localpart-capitals',
    means: 'capitals in the localpart, as of old or by an application service',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('Capital'))], profiles: [profile('Capital', at('Capital'))] }),
    where: () => sql`t.name ~ '^@[^:]*[A-Z]'`,
  },
  {
    kind: 'localpart-case-twins',
    means: 'two accounts whose names differ in case only',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('Twin')), account(at('twin'))] }),
    where: () => sql`exists (select from users as o where lower(o.name) = lower(t.name) and o.name <> t.name)`,
  },
  {
    kind: 'localpart-strange',
    means: 'characters outside the grammar of localparts',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('ü[weird]')), account(at('with space'))] }),
    where: () => sql`t.name ~ '^@[^:]*[^a-zA-Z0-9._=/+:-]'`,
  },
  {
    kind: 'localpart-long',
    means: 'more than the 255 characters that a full name may have',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('l'.repeat(260)))] }),
    where: () => sql`length(t.name) > 255`,
  },
  {
    kind: 'localpart-numeric-person',
    means: 'a name of digits like a guest’s, whose bearer never was one',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('123456'))] }),
    where: () => sql`t.name ~ '^@[0-9]+:' and t.is_guest = 0 and t.upgrade_ts is null`,
  },
]

/** States that a deactivation, an upgrade or a module leaves behind. */
const STATES: readonly DemoSpeciality[] = [
  {
    kind: 'guest-upgraded',
    means: 'a guest who became a person: a name of digits, upgrade_ts, and the device guest_device still there',
    table: 'users',
    rows: ({ at }) => ({
      users: [account(at('234567'), { upgrade_ts: CAME + 600 })],
      devices: [device(at('234567'), 'guest_device'), device(at('234567'), 'UPGRADED')],
    }),
    where: () => sql`t.is_guest = 0 and t.upgrade_ts is not null`,
  },
  {
    kind: 'ghost-without-appservice',
    means: 'registered by an application service outside its namespace: no appservice_id, an empty hash',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('_telegram_lost'), { password_hash: '' })] }),
    where: () => sql`t.password_hash = '' and t.appservice_id is null`,
  },
  {
    kind: 'ghost-with-identities',
    means: 'a ghost that has an e-mail and an SSO identity',
    table: 'users',
    rows: ({ at }) => ({
      users: [account(at('_irc_sso'), { password_hash: '', appservice_id: DEMO.appserviceId })],
      user_threepids: [threepid(at('_irc_sso'), 'ghost@demo.example')],
      user_external_ids: [externalId(at('_irc_sso'), 'oidc-keycloak', 'ghost')],
    }),
    where: () =>
      sql`t.appservice_id is not null and exists (select from user_external_ids as e where e.user_id = t.name)`,
  },
  {
    kind: 'guest-with-identity',
    means: 'a guest with an SSO identity and an e-mail, typed in by hand',
    table: 'users',
    rows: ({ at }) => ({
      users: [account(at('345678'), { password_hash: null, is_guest: 1 })],
      user_threepids: [threepid(at('345678'), 'guest@demo.example')],
      user_external_ids: [externalId(at('345678'), 'oidc-keycloak', 'guest')],
    }),
    where: () => sql`t.is_guest = 1 and exists (select from user_external_ids as e where e.user_id = t.name)`,
  },
  {
    kind: 'deactivated-with-password',
    means: 'deactivated by hand in the database: the password is still there',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('gone-with-hash'), { deactivated: 1 })] }),
    where: () => sql`t.deactivated = 1 and t.password_hash <> ''`,
  },
  {
    kind: 'deactivated-with-device',
    means: 'deactivated, with an e-mail, a device and a token left over, which Synapse still accepts',
    table: 'users',
    rows: ({ at }) => ({
      users: [account(at('gone-with-token'), { deactivated: 1, password_hash: null })],
      user_threepids: [threepid(at('gone-with-token'), 'gone@demo.example')],
      devices: [device(at('gone-with-token'), 'LEFTOVER')],
      access_tokens: [accessToken(at('gone-with-token'), 'LEFTOVER', 'syt_Z29uZQ_goneaccessgoneacces_aBcDeF')],
    }),
    where: () => sql`t.deactivated = 1 and exists (select from devices as d where d.user_id = t.name)`,
  },
  {
    kind: 'deactivated-and-locked',
    means: 'both deactivated and locked',
    table: 'users',
    column: 'locked',
    rows: ({ at }) => ({
      users: [account(at('gone-and-locked'), { deactivated: 1, locked: true, password_hash: null })],
    }),
    where: () => sql`t.deactivated = 1 and t.locked`,
  },
  {
    kind: 'unapproved',
    means: 'waiting for an approval that MAS does not know',
    table: 'users',
    column: 'approved',
    rows: ({ at }) => ({ users: [account(at('unapproved'), { approved: false })] }),
    where: () => sql`not t.approved`,
  },
  {
    kind: 'approved-null',
    means: 'older than approvals: NULL means approved',
    table: 'users',
    column: 'approved',
    rows: ({ at }) => ({ users: [account(at('older-than-approval'), { approved: null })] }),
    where: () => sql`t.approved is null`,
  },
  {
    kind: 'shadow-banned-null',
    means: 'older than shadow bans: NULL means not banned',
    table: 'users',
    rows: ({ at }) => ({ users: [account(at('older-than-bans'), { shadow_banned: null })] }),
    where: () => sql`t.shadow_banned is null`,
  },
  {
    kind: 'validity-expired',
    means: 'expired by account validity, which MAS does not enforce: would log in again',
    table: 'account_validity',
    rows: ({ at }) => ({
      users: [account(at('expired'))],
      account_validity: [{ user_id: at('expired'), expiration_ts_ms: CAME * 1000 + 86_400_000, email_sent: true }],
    }),
    where: () => sql`t.expiration_ts_ms < ${sql.lit(DEMO.now)}`,
  },
]

export const ACCOUNT_DAMAGE: readonly DemoSpeciality[] = [...NAMES, ...STATES]
