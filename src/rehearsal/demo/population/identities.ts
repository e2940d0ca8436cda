import { type RawBuilder, sql } from 'kysely'
import type { SynapseVersion } from '../catalogue.ts'
import { DEMO } from '../constants.ts'
import { draw, hex, pick } from '../draw.ts'
import { insertSelect } from '../rows.ts'
import { MAIL_DOMAINS } from './names.ts'

const i = sql`i`

const added = (salt: number): RawBuilder<unknown> =>
  sql`least(created * 1000 + ${draw(i, salt, 90_000_000)}, ${sql.lit(DEMO.now)})`

const insertThreepids = (
  version: SynapseVersion,
  medium: string,
  salt: number,
  address: RawBuilder<unknown>,
  who: RawBuilder<unknown>,
): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'user_threepids',
    {
      user_id: sql`mxid`,
      medium: sql.lit(medium),
      address,
      validated_at: added(salt),
      added_at: added(salt),
    },
    sql`from demo_people where alive and ${who}`,
  )

const email = (suffix: string): RawBuilder<unknown> =>
  sql`localpart || ${sql.lit(suffix)} || '@' || ${pick(i, 30, MAIL_DOMAINS)}`

/** E-mails (some people have two), phones, and what Synapse put aside in 2016 as `email_old`. */
export const threepidStatements = (version: SynapseVersion): readonly (RawBuilder<unknown> | undefined)[] => [
  insertThreepids(version, 'email', 31, email(''), sql`${draw(i, 32, 100)} < 65`),
  insertThreepids(version, 'email', 33, email('+alt'), sql`${draw(i, 34, 100)} < 5`),
  insertThreepids(version, 'msisdn', 35, sql`'4479' || lpad(i::text, 8, '0')`, sql`${draw(i, 36, 100)} < 3`),
  insertThreepids(version, 'email_old', 37, sql`upper(${email('')})`, sql`${draw(i, 38, 250)} = 0`),
]

/** Of a hundred people with SSO, 60 come through the first provider, 25 through the second, 15 through the third. */
const provider = (salt: number): RawBuilder<unknown> => sql`case
  when ${draw(i, salt, 100)} < 60 then 'oidc-keycloak' when ${draw(i, salt, 100)} < 85 then 'oidc-github' else 'oidc' end`

const subject = (salt: number): RawBuilder<unknown> => sql`case ${provider(salt)}
  when 'oidc-keycloak' then ${hex(i, salt)}::uuid::text
  when 'oidc-github' then (1000000 + i)::text
  else localpart end`

const insertExternalIds = (
  version: SynapseVersion,
  authProvider: RawBuilder<unknown>,
  externalId: RawBuilder<unknown>,
  who: RawBuilder<unknown>,
): RawBuilder<unknown> | undefined =>
  insertSelect(
    version,
    'user_external_ids',
    { user_id: sql`mxid`, auth_provider: authProvider, external_id: externalId },
    sql`from demo_people where ${who}`,
  )

/** One SSO identity for each who logs in so, a second one for some; one of three of the deactivated keeps theirs. */
export const externalIdStatements = (version: SynapseVersion): readonly (RawBuilder<unknown> | undefined)[] => [
  insertExternalIds(
    version,
    provider(40),
    subject(40),
    sql`kind in ('both', 'sso') or (kind = 'deactivated' and ${draw(i, 41, 3)} = 0)`,
  ),
  insertExternalIds(
    version,
    sql`'oidc-keycloak'`,
    sql`${hex(i, 42)}::uuid::text`,
    sql`kind in ('both', 'sso') and ${draw(i, 43, 33)} = 0`,
  ),
]
