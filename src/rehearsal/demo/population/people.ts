import { type RawBuilder, sql } from 'kysely'
import type { SynapseVersion } from '../catalogue.ts'
import { DEMO } from '../constants.ts'
import { draw, pick } from '../draw.ts'
import { DEMO_PASSWORDS } from '../passwords.ts'
import { insertSelect } from '../rows.ts'
import { DISPLAY_NAMES, FIRST_NAMES, LAST_NAMES } from './names.ts'

const i = sql`i`
const OLDEST = 1_420_070_400

/** How many of a thousand accounts are of each kind; `both` have a password and an SSO identity. */
const KINDS = [
  ['password', 500],
  ['both', 100],
  ['sso', 250],
  ['ghost', 40],
  ['guest', 30],
  ['deactivated', 50],
  ['none', 3],
  ['password', 27],
] as const

const kindOf = (drawn: RawBuilder<unknown>): RawBuilder<unknown> => {
  let below = 0
  const cases = KINDS.map(([kind, share]) => {
    below += share
    return sql`when ${drawn} < ${sql.lit(below)} then ${sql.lit(kind)}`
  })
  return sql`case ${sql.join(cases, sql` `)} end`
}

/** How many devices a living person has: shares of a hundred for none to six; 1.9 on average. */
const devicesOf = (drawn: RawBuilder<unknown>): RawBuilder<unknown> => sql`case
  when ${drawn} < 10 then 0 when ${drawn} < 47 then 1 when ${drawn} < 76 then 2
  when ${drawn} < 91 then 3 when ${drawn} < 97 then 4 else 6 end`

/** A bridge makes devices only for those of its ghosts that write into encrypted rooms. */
const hasEncryption = sql`(${draw(i, 7, 10)} = 0)`

/**
 * The temporary table that all other statements draw on: one row an account, with what it is to have.
 * Ordered by name, as most indexes of Synapse are: they then grow at their end, which halves the time of the fill.
 */
export const peopleTable = (accounts: number, serverName: string): RawBuilder<unknown> => sql`
  create temporary table demo_people on commit drop as
  select
    drawn.*,
    '@' || localpart || ${sql.lit(`:${serverName}`)} as mxid,
    kind in ('password', 'both', 'sso', 'none') as alive,
    case when kind in ('password', 'both', 'sso', 'none') then ${devicesOf(draw(i, 3, 100))}
         when kind = 'guest' then 1
         when kind = 'ghost' then ${hasEncryption}::int else 0 end as devices
  from (
    select
      i,
      kind,
      ${sql.lit(OLDEST)} + (i * ${sql.lit(DEMO.now / 1000 - OLDEST - 86_400)}) / ${sql.lit(accounts + 1)}
        + ${draw(i, 2, 86_400)} as created,
      case kind
        when 'guest' then (1000000 + i)::text
        when 'ghost' then '_irc_' || ${pick(i, 4, FIRST_NAMES)} || i
        else ${pick(i, 4, FIRST_NAMES)} || '.' || ${pick(i, 5, LAST_NAMES)} || i
      end as localpart
    from (
      select i, ${kindOf(draw(i, 1, 1000))} as kind from generate_series(1::bigint, ${sql.lit(accounts)}::bigint) as i
    ) as numbered
  ) as drawn
  order by localpart collate "C"`

/** One of so many accounts has something. */
const rarely = (salt: number, oneOf: number): RawBuilder<unknown> => sql`(alive and ${draw(i, salt, oneOf)} = 0)`

const HASHES = [DEMO_PASSWORDS.horse.hash, DEMO_PASSWORDS.troubadour.hash, DEMO_PASSWORDS.hunter.hash]

export const insertPeople = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'users',
    {
      name: sql`mxid`,
      password_hash: sql`case when kind in ('password', 'both') then ${pick(i, 6, HASHES)} when kind = 'ghost' then '' end`,
      creation_ts: sql`created`,
      admin: sql`${rarely(10, 500)}::int`,
      is_guest: sql`(kind = 'guest')::int`,
      deactivated: sql`(kind = 'deactivated')::int`,
      appservice_id: sql`case when kind = 'ghost' then ${sql.lit(DEMO.appserviceId)} end`,
      user_type: sql`case when ${rarely(11, 400)} then 'bot' end`,
      shadow_banned: rarely(12, 300),
      approved: sql`true`,
      locked: rarely(13, 200),
      suspended: rarely(14, 300),
    },
    sql`from demo_people`,
  )

export const insertProfiles = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'profiles',
    {
      user_id: sql`localpart`,
      full_user_id: sql`mxid`,
      displayname: sql`coalesce(${pick(i, 20, DISPLAY_NAMES)}, localpart)`,
      avatar_url: sql`case when ${draw(i, 21, 3)} = 0 then ${sql.lit(`mxc://${DEMO.serverName}/`)} || left(${sql`md5(localpart)`}, 24) end`,
      fields: sql`case when ${draw(i, 22, 50)} = 0 then '{"m.tz":"Europe/Paris"}'::jsonb end`,
    },
    sql`from demo_people where kind <> 'guest' and ${draw(i, 23, 100)} < 85 and not (kind = 'deactivated' and ${draw(i, 24, 5)} = 0)`,
  )

/** Of the deactivated, one of five asked to be erased; they have no profile. */
export const insertErased = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'erased_users',
    { user_id: sql`mxid` },
    sql`from demo_people where kind = 'deactivated' and ${draw(i, 24, 5)} = 0`,
  )

export const insertValidity = (version: SynapseVersion): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'account_validity',
    {
      user_id: sql`mxid`,
      expiration_ts_ms: sql`${sql.lit(DEMO.farFuture)}::bigint`,
      email_sent: sql`false`,
    },
    sql`from demo_people where alive and ${draw(i, 25, 20)} = 0`,
  )
