import { sql } from 'kysely'
import type { Client } from 'pg'
import { finding } from '../findings/catalogue.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import type { MasConfig, MasProvider } from '../targets/mas/config/mas-config.ts'
import { lockTarget } from '../targets/mas/load/lock.ts'
import { deriveSeedKey } from '../targets/mas/rows/identifiers.ts'
import type { LinkPlace, OwnedLink, UpstreamProvider, WantedLink } from './link-place.ts'
import { masLinkIds } from './mas-link-id.ts'
import { masStrangers } from './mas-strangers.ts'

/** Names that are looked up at once. */
const AT_ONCE = 10_000

/** MAS's table `upstream_oauth_links`, by which it finds the user of whoever comes from a provider. MAS may run. */
export const masPlace = (
  config: Pick<MasConfig, 'providers' | 'encryptionKey' | 'homeserver'>,
  settings: PostgresSettings,
): LinkPlace => {
  const linkId = masLinkIds(deriveSeedKey(config.encryptionKey))
  return {
    to: 'mas',
    product: 'MAS',
    settings,
    homeserver: config.homeserver,
    providers: config.providers.map(toProvider),
    table: 'upstream_oauth_links',
    columns: [
      { name: 'upstream_oauth_link_id', type: 'uuid' },
      { name: 'upstream_oauth_provider_id', type: 'uuid' },
      { name: 'user_id', type: 'uuid' },
      { name: 'subject', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
    ],
    key: { provider: 'upstream_oauth_provider_id', subject: 'subject', user: 'user_id' },
    hasUnfinished: true,
    readiness: async (client, { id, alias = id, name }) => {
      const [row] = await run(
        client,
        sql<{ there: boolean }>`
          SELECT EXISTS (
            SELECT FROM upstream_oauth_providers WHERE upstream_oauth_provider_id = ${id}::uuid
          ) AS there`,
      )
      if (row?.there === true) return []
      return [
        finding('MAS_PROVIDER_ROW_MISSING', {
          message: `The provider ${name} is configured but not in the MAS database: links to it would point at nothing.`,
          samples: [alias],
          remedy: ['Run `mas-cli config sync` with the same configuration.'],
        }),
      ]
    },
    owners,
    strangers: masStrangers,
    present: (client, { id }) =>
      run(
        client,
        sql<{ subject: string; user: string | null; who: string }>`
          SELECT
            l.subject,
            l.user_id::text AS "user",
            coalesce('@' || u.username || ':' || ${config.homeserver}::text, 'nobody') AS who
          FROM upstream_oauth_links l
          LEFT JOIN users u ON u.user_id = l.user_id
          WHERE l.upstream_oauth_provider_id = ${id}::uuid`,
      ),
    row: ({ subject, user }, { id }, asOf) => [
      linkId({ asOf, provider: id, subject }),
      id,
      user,
      subject,
      new Date(asOf).toISOString(),
    ],
    logins: {
      table: LOGINS,
      isUsed: (schema) => sql`(
        ${IS_NAMED}
        OR EXISTS (
          SELECT FROM ${sql.id(schema, LOGINS)} s WHERE s.upstream_oauth_link_id = t.upstream_oauth_link_id
        )
      )`,
      isUsedByItself: IS_NAMED,
    },
    lock: lockTarget,
    mustStop: false,
  }
}

const LOGINS = 'upstream_oauth_authorization_sessions'

const IS_NAMED = sql`t.human_account_name IS NOT NULL`

/** MAS makes the Matrix id of the username, in exactly its letters. */
const owners = async (client: Client, wanted: readonly WantedLink[]): Promise<readonly OwnedLink[]> => {
  const found: OwnedLink[] = []
  for (let first = 0; first < wanted.length; first += AT_ONCE) {
    const some = wanted.slice(first, first + AT_ONCE)
    const rows = await run(
      client,
      sql<{ username: string; user: string }>`
        SELECT u.username, u.user_id::text AS "user"
        FROM unnest(${some.map(({ localpart }) => localpart)}::text[]) w (username)
        JOIN users u ON u.username = w.username`,
    )
    const users = new Map(rows.map(({ username, user }) => [username, user]))
    for (const link of some) {
      const user = users.get(link.localpart)
      if (user !== undefined) found.push({ ...link, user })
    }
  }
  return found
}

const toProvider = ({ id, uuid, issuer, humanName, enabled, subject, onConflict }: MasProvider): UpstreamProvider => ({
  id: uuid,
  alias: id,
  name: humanName === undefined ? id : `${humanName} (${id})`,
  ...(issuer === undefined ? {} : { issuer }),
  ...(enabled ? {} : { isOff: true }),
  ...(subject === undefined ? {} : { subject }),
  ...(onConflict === undefined ? {} : { adoptsBy: `claims_imports.localpart.on_conflict: ${onConflict}` }),
})
