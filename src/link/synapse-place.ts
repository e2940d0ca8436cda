import { sql } from 'kysely'
import type { Client } from 'pg'
import type { PostgresSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import type { HomeserverConfig, SynapseProvider } from '../synapse/homeserver.ts'
import type { LinkPlace, UpstreamProvider } from './link-place.ts'

/** Synapse's table `user_external_ids`, by which it finds the account of whoever comes from a provider. */
export const synapsePlace = (
  { providers }: Pick<HomeserverConfig, 'providers'>,
  settings: PostgresSettings,
): LinkPlace => ({
  to: 'synapse',
  product: 'Synapse',
  settings,
  providers: providers.filter(({ kind }) => kind === 'oidc').map(toProvider),
  table: 'user_external_ids',
  columns: [
    { name: 'auth_provider', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'user_id', type: 'text' },
  ],
  key: { provider: 'auth_provider', subject: 'external_id', user: 'user_id' },
  readiness: async () => [],
  owners: async (_, wanted) => wanted.map((link) => ({ ...link, user: link.mxid })),
  present: async (client, { id }) =>
    run(
      client,
      sql<{ subject: string; user: string; who: string }>`
        SELECT external_id AS subject, user_id AS "user", user_id AS who
        FROM user_external_ids WHERE auth_provider = ${id}`,
    ),
  row: ({ subject, user }, { id }) => [id, subject, user],
  isUsed: async (client) => ((await seesLogins(client)) ? HAS_LOGGED_IN : sql`false`),
  mustStop: true,
})

/** Synapse notes for each device by which provider its people came; a link of that account was used then. */
const HAS_LOGGED_IN = sql`EXISTS (
  SELECT FROM device_auth_providers d WHERE d.user_id = t.user_id AND d.auth_provider_id = t.auth_provider
)`

/** Synapse has that table since 1.49, and a role that may only write links need not see it. */
const seesLogins = async (client: Client): Promise<boolean> => {
  const [row] = await run(
    client,
    sql<{ sees: boolean | null }>`
      SELECT has_table_privilege(to_regclass('device_auth_providers')::oid, 'SELECT') AS sees`,
  )
  return row?.sees === true
}

const toProvider = ({ authProvider, issuer, subject, allowsExistingUsers }: SynapseProvider): UpstreamProvider => ({
  id: authProvider,
  name: authProvider,
  ...(issuer === undefined ? {} : { issuer }),
  ...(subject === undefined ? {} : { subject }),
  ...(allowsExistingUsers === undefined ? {} : { adoptsBy: 'allow_existing_users: true' }),
})
